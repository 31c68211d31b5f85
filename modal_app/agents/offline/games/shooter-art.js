// How the ships of the space shooter look.

function drawShip(pen, { x, y }, size) {
  const at = (points) => points.map(([dx, dy]) => [x + dx * size, y + dy * size]);
  const flame = 12 + Math.sin(run.clock * 40) * 4;
  polygon(pen, at([[-5, 12], [0, 12 + flame], [5, 12]]), palette.accent);
  lit(pen, palette.primary, 16, () => {
    polygon(pen, at([[0, -20], [7, -4], [18, 10], [6, 12], [-6, 12], [-18, 10], [-7, -4]]), palette.primary);
  });
  polygon(pen, at([[0, -12], [4, 0], [0, 5], [-4, 0]]), palette.background);
}

function drawEnemy(pen, { kind, x, y, hits, flash }, radius) {
  const colour = mix(palette.secondary, "#ffffff", flash * 0.8);
  const dark = mix(palette.secondary, palette.background, 0.6);
  lit(pen, palette.secondary, 12, () => {
    if (kind === "diver") {
      polygon(pen, [[x - radius, y - radius], [x, y - radius * 0.5], [x + radius, y - radius], [x, y + radius * 1.2]], colour);
    } else if (kind === "tank") {
      box(pen, x - radius, y - radius, radius * 2, radius * 2, 7, colour);
    } else {
      disc(pen, x, y - radius * 0.2, radius * 0.7, mix(colour, palette.ink, 0.35));
      pen.beginPath();
      pen.ellipse(x, y, radius * 1.15, radius * 0.5, 0, 0, TAU);
      pen.fillStyle = colour;
      pen.fill();
    }
  });
  const eyes = kind === "tank" ? [-0.4, 0.4] : kind === "diver" ? [0] : [-0.6, 0, 0.6];
  for (const eye of eyes) disc(pen, x + eye * radius, y, radius * 0.15, dark);
  if (kind !== "flagship") return;
  const share = hits / byDifficulty(26, 36, 48);
  box(pen, x - 50, y - radius - 16, 100, 7, 4, faded(palette.ink, 0.2));
  box(pen, x - 50, y - radius - 16, 100 * share, 7, 4, palette.danger);
}

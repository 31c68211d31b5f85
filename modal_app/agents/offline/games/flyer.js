// One-tap flyer: flap through the gaps, pick up stars on the way.

const game = (() => {
  const RADIUS = 15 * parameters.size;
  const GAP = Math.max(byDifficulty(178, 148, 124), RADIUS * 5.5);
  const SPEED = byDifficulty(135, 155, 180);
  const SPACING = byDifficulty(245, 225, 210);
  const GATE_WIDTH = 58;
  const [GRAVITY, FLAP] = [1050, -345];
  let bird, gates, stars, travelled, ground;

  function addGate(x) {
    const centre = random.between(GAP / 2 + 34, ground - GAP / 2 - 20);
    gates.push({ x, centre, passed: false, sway: gates.length ? random.between(0, TAU) : 0 });
    if (random.next() < 0.5) {
      const y = clamp(centre + random.between(-90, 90), 40, ground - 40);
      stars.push({ x: x + SPACING / 2, y, taken: false });
    }
  }

  function flap() {
    bird.vy = FLAP;
    bird.wing = 1;
    sound.play("jump");
    effects.burst(bird.x - RADIUS, bird.y + 6, faded(palette.ink, 0.6), 4, 60);
  }

  function fall() {
    effects.burst(bird.x, bird.y, palette.primary, 40, 260);
    finish("over");
  }

  function touchesGate({ x, centre }) {
    const beside = Math.abs(bird.x - x) > GATE_WIDTH / 2 + RADIUS * 0.8;
    return !beside && Math.abs(bird.y - centre) > GAP / 2 - RADIUS * 0.8;
  }

  function drawGate(pen, { x, centre }) {
    const left = x - GATE_WIDTH / 2;
    const shade = pen.createLinearGradient(left, 0, left + GATE_WIDTH, 0);
    shade.addColorStop(0, mix(palette.secondary, palette.background, 0.35));
    shade.addColorStop(0.35, palette.secondary);
    shade.addColorStop(1, mix(palette.secondary, palette.background, 0.5));
    const [above, below] = [centre - GAP / 2, centre + GAP / 2];
    box(pen, left, -20, GATE_WIDTH, above + 20, 6, shade);
    box(pen, left, below, GATE_WIDTH, ground - below + 10, 6, shade);
    lit(pen, palette.secondary, 8, () => {
      box(pen, left - 6, above - 22, GATE_WIDTH + 12, 22, 7, shade);
      box(pen, left - 6, below, GATE_WIDTH + 12, 22, 7, shade);
    });
  }

  function drawStar(pen, { x, y }) {
    const points = Array.from({ length: 10 }, (_, corner) => {
      const angle = (corner * TAU) / 10 - TAU / 4 + Math.sin(run.clock * 3) * 0.2;
      const reach = corner % 2 ? 5 : 11;
      return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach];
    });
    lit(pen, palette.accent, 14, () => polygon(pen, points, palette.accent));
  }

  function drawBird(pen) {
    pen.save();
    pen.translate(bird.x, bird.y);
    pen.rotate(clamp(bird.vy / 700, -0.5, 0.9));
    pen.scale(RADIUS / 15, RADIUS / 15);
    lit(pen, palette.primary, 16, () => {
      pen.beginPath();
      pen.ellipse(0, 0, 17, 14, 0, 0, TAU);
      pen.fillStyle = palette.primary;
      pen.fill();
    });
    pen.beginPath();
    pen.ellipse(-5, 3 - bird.wing * 7, 9, 6, -0.4 + bird.wing, 0, TAU);
    pen.fillStyle = mix(palette.primary, "#ffffff", 0.55);
    pen.fill();
    disc(pen, 8, -4, 4.6, "#ffffff");
    disc(pen, 9.5, -4, 2.2, "#101010");
    polygon(pen, [[14, -1], [25, 3], [14, 6]], palette.accent);
    pen.restore();
  }

  return {
    aspect: [0.48, 1.72],
    lives: 1,
    controls: {
      en: "Space, up arrow or tap to flap. Fly through the gaps!",
      ja: "スペース・上キー・タップで羽ばたく。すき間を抜けよう！",
    },
    reset() {
      ground = field.height - 44;
      bird = { x: field.width * 0.28, y: field.height * 0.42, vy: -120, wing: 0 };
      [gates, stars, travelled] = [[], [], 0];
      for (let x = field.width * 0.95; x < field.width + SPACING * 1.5; x += SPACING) addGate(x);
    },
    press(name) { if (name === "action" || name === "up" || name === "touch") flap(); },
    step(dt) {
      const pace = SPEED * Math.min(1 + run.score / 600, 1.5);
      travelled += pace * dt;
      bird.vy += GRAVITY * dt;
      bird.y = Math.max(bird.y + bird.vy * dt, RADIUS);
      bird.wing = Math.max(0, bird.wing - dt * 5);
      for (const thing of [...gates, ...stars]) thing.x -= pace * dt;
      for (const gate of gates) {
        if (gate.passed || gate.x > bird.x) continue;
        gate.passed = true;
        addPoints(10, bird.x, bird.y - 26);
        sound.play("coin");
      }
      for (const star of stars) {
        if (star.taken || Math.hypot(star.x - bird.x, star.y - bird.y) > RADIUS + 12) continue;
        star.taken = true;
        addPoints(5, star.x, star.y);
        effects.burst(star.x, star.y, palette.accent, 10);
        sound.play("coin");
      }
      if (gates.at(-1).x < field.width + SPACING * 0.5) addGate(gates.at(-1).x + SPACING);
      gates = gates.filter((gate) => gate.x > -GATE_WIDTH);
      stars = stars.filter((star) => !star.taken && star.x > -20);
      if (bird.y > ground - RADIUS || gates.some(touchesGate)) fall();
    },
    draw(pen) {
      effects.stars(pen, -travelled * 0.1, 0);
      effects.hills(pen, travelled * 0.2, ground, field.height * 0.34, faded(palette.primary, 0.1));
      effects.hills(pen, travelled * 0.45 + 400, ground, field.height * 0.2, faded(palette.secondary, 0.16));
      for (const gate of gates) drawGate(pen, gate);
      for (const star of stars) drawStar(pen, star);
      pen.fillStyle = mix(palette.backdrop, palette.secondary, 0.35);
      pen.fillRect(0, ground, field.width, field.height - ground);
      pen.fillStyle = palette.secondary;
      for (let x = -(travelled % 28); x < field.width; x += 28) pen.fillRect(x, ground, 16, 5);
      if (run.phase !== "over") drawBird(pen);
    },
    details: () => ({
      player: { x: bird.x, y: bird.y }, speed: bird.vy,
      gates: gates.filter((gate) => !gate.passed).map(({ x, centre }) => ({ x, y: centre })),
    }),
  };
})();

// Jump runner: leap over blocks, collect coins; it gets faster and faster.

const game = (() => {
  const S = parameters.size;
  const [WIDTH, HEIGHT] = [26 * S, 40 * S];
  const PACE = byDifficulty(215, 250, 290);
  const [GRAVITY, LEAP, SECOND_LEAP] = [1750, -600, -520];
  let hero, blocks, coins, travelled, paid, ground, next;

  const pace = () => PACE * Math.min(1 + travelled / 14000, 1.9);

  function addObstacle() {
    const tall = travelled > 900 && random.next() < 0.35;
    const pair = travelled > 1800 && random.next() < 0.3;
    const height = tall ? 62 : random.between(28, 40);
    blocks.push({ x: field.width + 40, width: pair ? 54 : 28, height, hit: false });
    if (random.next() < 0.6) {
      for (const offset of [-34, 0, 34]) {
        const y = ground - height - 74 + Math.abs(offset) * 0.6;
        coins.push({ x: field.width + 54 + offset, y, taken: false });
      }
    }
    next = random.between(byDifficulty(300, 250, 215), 470) * Math.max(1, pace() / 330);
  }

  function leap() {
    if (hero.leaps >= 2) return;
    hero.vy = hero.leaps ? SECOND_LEAP : LEAP;
    hero.leaps += 1;
    sound.play("jump");
    effects.burst(hero.x, hero.y, faded(palette.ink, 0.5), 6, 80);
  }

  function moveHero(dt) {
    const holding = held.action || held.up || pointer.down;
    hero.vy += GRAVITY * (hero.vy < 0 && !holding ? 1.25 : 1) * dt;
    if (held.down) hero.vy += GRAVITY * 2 * dt;
    hero.y += hero.vy * dt;
    hero.safe = Math.max(0, hero.safe - dt);
    hero.x += (held.right - held.left) * 170 * dt;
    hero.x = clamp(hero.x, 30, field.width * 0.6);
    if (hero.y < ground) return;
    if (hero.vy > 300) effects.burst(hero.x, ground, faded(palette.ink, 0.4), 5, 60);
    Object.assign(hero, { y: ground, vy: 0, leaps: 0 });
  }

  function meet() {
    for (const block of blocks) {
      const beside = Math.abs(hero.x - block.x - block.width / 2) > (block.width + WIDTH) / 2 - 5;
      if (beside || block.hit || hero.safe || hero.y < ground - block.height + 6) continue;
      block.hit = true;
      hero.safe = 1.4;
      effects.burst(hero.x, hero.y - HEIGHT / 2, palette.danger, 26, 220);
      if (!loseLife()) return;
    }
    for (const coin of coins) {
      if (coin.taken || Math.hypot(coin.x - hero.x, coin.y - hero.y + HEIGHT / 2) > HEIGHT / 2 + 12) continue;
      coin.taken = true;
      addPoints(15, coin.x, coin.y - 10);
      effects.burst(coin.x, coin.y, palette.accent, 8);
      sound.play("coin");
    }
  }

  function drawHero(pen) {
    const stride = hero.leaps ? 0.6 : Math.sin(travelled / 17);
    pen.save();
    pen.translate(hero.x, hero.y);
    pen.scale(S, S);
    pen.lineCap = "round";
    pen.lineWidth = 6;
    pen.strokeStyle = mix(palette.primary, palette.background, 0.25);
    for (const side of [1, -1]) {
      pen.beginPath();
      pen.moveTo(0, -14);
      pen.lineTo(stride * side * 11, -3 - Math.max(0, -stride * side) * 5);
      pen.stroke();
    }
    lit(pen, palette.primary, 16, () => box(pen, -12, -36, 24, 25, 8, palette.primary));
    const scarf = Math.sin(run.clock * 14) * 4;
    polygon(pen, [[-8, -24], [-28, -26 + scarf], [-26, -18 + scarf], [-8, -18]], palette.accent);
    box(pen, 0, -32, 11, 8, 4, "#ffffff");
    disc(pen, 7, -28, 2.4, "#101010");
    pen.restore();
  }

  function drawBlock(pen, { x, width, height, hit }) {
    const top = ground - height;
    const colour = hit ? faded(palette.secondary, 0.35) : palette.secondary;
    lit(pen, palette.secondary, 10, () => box(pen, x, top, width, height + 4, 6, colour));
    box(pen, x + 4, top + 4, width - 8, 5, 3, faded("#ffffff", 0.35));
    for (let left = x; left < x + width - 4; left += 14) {
      polygon(pen, [[left, top + 2], [left + 7, top - 10], [left + 14, top + 2]], palette.danger);
    }
  }

  return {
    aspect: [0.48, 1.72],
    lives: byDifficulty(4, 3, 2),
    controls: {
      en: "Space, up arrow or tap to jump; again in the air for a double jump.",
      ja: "スペース・上キー・タップでジャンプ。空中でもう一度、二段ジャンプ！",
    },
    reset() {
      ground = field.height - Math.max(64, field.height * 0.2);
      hero = { x: field.width * 0.22, y: ground, vy: 0, leaps: 0, safe: 0 };
      [blocks, coins, travelled, paid, next] = [[], [], 0, 0, 40];
      addObstacle();
      blocks[0].x = field.width * 0.78;
      for (const coin of coins) coin.x -= field.width * 0.22 + 40;
    },
    press(name) { if (name === "action" || name === "up" || name === "touch") leap(); },
    step(dt) {
      const way = pace() * dt;
      travelled += way;
      next -= way;
      for (const thing of [...blocks, ...coins]) thing.x -= way;
      if (next <= 0) addObstacle();
      moveHero(dt);
      meet();
      while (travelled - paid > 100) { paid += 100; addPoints(5); }
      blocks = blocks.filter((block) => block.x > -80);
      coins = coins.filter((coin) => !coin.taken && coin.x > -20);
    },
    draw(pen) {
      const sun = Math.min(field.width, field.height) * 0.15;
      lit(pen, palette.accent, 30, () => {
        disc(pen, field.width * 0.74, field.height * 0.26, sun, faded(palette.accent, 0.85));
      });
      effects.stars(pen, -travelled * 0.05, 0);
      effects.hills(pen, travelled * 0.12, ground, field.height * 0.36, faded(palette.primary, 0.14));
      effects.hills(pen, travelled * 0.3 + 300, ground, field.height * 0.2, faded(palette.secondary, 0.22));
      pen.fillStyle = mix(palette.background, palette.backdrop, 0.25);
      pen.fillRect(0, ground, field.width, field.height - ground);
      pen.fillStyle = palette.primary;
      pen.fillRect(0, ground, field.width, 4);
      pen.fillStyle = faded(palette.ink, 0.14);
      for (let x = -(travelled % 60); x < field.width; x += 60) pen.fillRect(x, ground + 18, 30, 4);
      for (let x = -((travelled * 1.3) % 90); x < field.width; x += 90) pen.fillRect(x, ground + 40, 44, 5);
      for (const block of blocks) drawBlock(pen, block);
      for (const { x, y } of coins) {
        const turn = Math.abs(Math.cos(run.clock * 4 + x / 50));
        lit(pen, palette.accent, 10, () => box(pen, x - 9 * turn - 1, y - 9, 18 * turn + 2, 18, 9, palette.accent));
      }
      if (!(hero.safe && Math.floor(run.clock * 12) % 2)) drawHero(pen);
    },
    details: () => ({
      player: { x: hero.x, y: hero.y }, ground,
      obstacles: blocks.map(({ x, width, height }) => ({ x, width, height })),
    }),
  };
})();

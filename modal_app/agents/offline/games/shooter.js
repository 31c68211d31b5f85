// Space shooter: four waves and a flagship. What gets past you costs a life, like what hits you.

const game = (() => {
  const S = parameters.size;
  const WAVES = 4;
  const KINDS = {
    drifter: { radius: 15, hits: 1, points: 10, speed: 62, sway: 46 },
    diver: { radius: 13, hits: 1, points: 20, speed: 118, sway: 14 },
    tank: { radius: 21, hits: 4, points: 50, speed: 40, sway: 20 },
    flagship: { radius: 46, hits: byDifficulty(26, 36, 48), points: 500, speed: 0, sway: 0 },
  };
  const FIRE_RATE = byDifficulty(0.16, 0.19, 0.22);
  let ship, shots, enemies, bullets, gifts, wave, queue, pause, reload;

  function startWave() {
    wave += 1;
    pause = 1.2;
    queue = [];
    if (wave > WAVES) {
      queue.push({ at: 0, kind: "flagship" });
      return;
    }
    const count = byDifficulty(6, 8, 10) + wave * 2;
    for (let index = 0; index < count; index++) {
      const kinds = ["drifter", "drifter", "diver", wave > 1 ? "tank" : "drifter"];
      queue.push({ at: index * byDifficulty(0.95, 0.75, 0.6), kind: random.pick(kinds) });
    }
  }

  function appear(kind) {
    const { radius, hits } = KINDS[kind];
    const x = kind === "flagship" ? field.width / 2 : random.between(60, field.width - 60);
    enemies.push({
      kind, home: x, x, y: -radius * S, hits, age: random.between(0, 3), flash: 0,
      reload: random.between(0.8, 2.2),
    });
  }

  function moveShip(dt) {
    const pace = 320 * dt;
    if (pointer.down && pointer.steers) {
      ship.x = lerp(ship.x, pointer.x, Math.min(1, dt * 16));
      ship.y = lerp(ship.y, pointer.y - 44, Math.min(1, dt * 16));
    } else {
      ship.x += (held.right - held.left) * pace;
      ship.y += (held.down - held.up) * pace;
    }
    ship.x = clamp(ship.x, 20, field.width - 20);
    ship.y = clamp(ship.y, field.height * 0.3, field.height - 26);
    ship.safe = Math.max(0, ship.safe - dt);
    reload -= dt;
    if ((held.action || pointer.down) && reload <= 0) fire();
  }

  function fire() {
    reload = FIRE_RATE;
    const lanes = ship.power > 1 ? [-9, 9] : [0];
    for (const lane of lanes) shots.push({ x: ship.x + lane * S, y: ship.y - 18 * S });
    sound.play("shoot");
  }

  function moveEnemy(enemy, dt) {
    const { speed, sway, radius } = KINDS[enemy.kind];
    enemy.age += dt;
    enemy.flash = Math.max(0, enemy.flash - dt * 6);
    if (enemy.kind === "flagship") {
      enemy.y = Math.min(enemy.y + 60 * dt, 84 * S);
      enemy.x = field.width / 2 + Math.sin(enemy.age * 0.8) * (field.width / 2 - 60);
    } else {
      enemy.y += (speed + wave * 6) * dt;
      enemy.x = clamp(enemy.home + Math.sin(enemy.age * 2) * sway, 16, field.width - 16);
    }
    enemy.reload -= dt;
    if (enemy.reload <= 0 && (enemy.kind === "flagship" || wave > 1)) aim(enemy);
    const near = Math.hypot(enemy.x - ship.x, enemy.y - ship.y) < radius * S + 12 * S;
    if (near && !ship.safe) {
      if (enemy.kind !== "flagship") enemy.hits = 0;
      hurt();
    } else if (enemy.y > field.height + radius) {
      enemy.hits = 0;
      hurt();
    }
  }

  function aim(enemy) {
    const boss = enemy.kind === "flagship";
    enemy.reload = boss ? byDifficulty(1.2, 0.95, 0.75) : byDifficulty(4.2, 3.2, 2.4);
    const angle = Math.atan2(ship.y - enemy.y, ship.x - enemy.x);
    for (const spread of boss ? [-0.36, -0.12, 0.12, 0.36] : [0]) {
      const [x, y] = [Math.cos(angle + spread), Math.sin(angle + spread)];
      bullets.push({ x: enemy.x, y: enemy.y, vx: x * 165, vy: y * 165 });
    }
  }

  function hurt() {
    if (ship.safe || run.phase !== "playing") return;
    ship.safe = 1.6;
    ship.power = 1;
    effects.burst(ship.x, ship.y, palette.primary, 30, 240);
    loseLife();
  }

  function hit(enemy) {
    const { points, radius } = KINDS[enemy.kind];
    enemy.hits -= 1;
    enemy.flash = 1;
    if (enemy.hits > 0) return;
    addPoints(points, enemy.x, enemy.y);
    effects.burst(enemy.x, enemy.y, palette.secondary, radius, 190);
    sound.play("hit");
    if (random.next() < 0.12) gifts.push({ x: enemy.x, y: enemy.y });
    if (enemy.kind === "flagship") finish("won");
  }

  function collide(dt) {
    for (const shot of shots) {
      shot.y -= 620 * dt;
      const enemy = enemies.find((each) => each.hits > 0
        && Math.hypot(each.x - shot.x, each.y - shot.y) < KINDS[each.kind].radius * S + 5);
      if (!enemy) continue;
      shot.y = -100;
      hit(enemy);
    }
    for (const bullet of bullets) {
      bullet.x += bullet.vx * dt;
      bullet.y += bullet.vy * dt;
      if (Math.hypot(bullet.x - ship.x, bullet.y - ship.y) < 11 * S + 3) {
        bullet.y = Infinity;
        hurt();
      }
    }
    for (const gift of gifts) {
      gift.y += 90 * dt;
      if (Math.hypot(gift.x - ship.x, gift.y - ship.y) > 28 * S) continue;
      gift.y = Infinity;
      ship.power = 2;
      addPoints(30, ship.x, ship.y - 30);
      sound.play("coin");
    }
  }

  return {
    aspect: [0.48, 1.5],
    lives: byDifficulty(5, 3, 2),
    controls: {
      en: "Arrow keys to fly, Space to shoot. On a phone, drag: you shoot by yourself.",
      ja: "矢印キーで移動、スペースで発射。スマホではドラッグで自動発射。",
    },
    reset() {
      ship = { x: field.width / 2, y: field.height - 60, safe: 0, power: 1 };
      [shots, enemies, bullets, gifts, wave, reload] = [[], [], [], [], 0, 0];
      startWave();
    },
    press() {},
    step(dt) {
      moveShip(dt);
      pause -= dt;
      while (queue.length && pause < -queue[0].at) appear(queue.shift().kind);
      for (const enemy of enemies) moveEnemy(enemy, dt);
      collide(dt);
      shots = shots.filter((shot) => shot.y > -20);
      enemies = enemies.filter((enemy) => enemy.hits > 0);
      const inside = ({ x, y }) => x > -20 && x < field.width + 20 && y > -20 && y < field.height + 20;
      bullets = bullets.filter(inside);
      gifts = gifts.filter(inside);
      if (!queue.length && !enemies.length && run.phase === "playing") startWave();
    },
    draw(pen) {
      effects.stars(pen, 0, run.clock * 70);
      for (const { x, y } of shots) {
        lit(pen, palette.accent, 8, () => box(pen, x - 2, y - 8, 4, 14, 2, palette.accent));
      }
      for (const { x, y } of bullets) lit(pen, palette.danger, 10, () => disc(pen, x, y, 5, palette.danger));
      for (const { x, y } of gifts) {
        lit(pen, palette.accent, 14, () => disc(pen, x, y, 11, palette.accent));
        label(pen, "P", x, y + 1, 14, palette.background);
      }
      for (const enemy of enemies) drawEnemy(pen, enemy, KINDS[enemy.kind].radius * S);
      if (run.phase !== "over" && !(ship.safe && Math.floor(run.clock * 12) % 2)) drawShip(pen, ship, S);
      if (pause > 0 && run.phase === "playing") {
        const text = wave > WAVES ? (language === "ja" ? "旗艦 接近" : "Flagship") : `${language === "ja" ? "ウェーブ" : "Wave"} ${wave}`;
        label(pen, text, field.width / 2, field.height * 0.36, 30, faded(palette.ink, clamp(pause * 2, 0, 1)));
      }
    },
    details: () => ({
      player: { x: ship.x, y: ship.y }, wave, enemies: enemies.map(({ x, y }) => ({ x, y })),
      bullets: bullets.map(({ x, y }) => ({ x, y })),
    }),
  };
})();

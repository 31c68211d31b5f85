// Breakout: keep the ball up, clear three walls. Combos pay; capsules widen or multiply.

const game = (() => {
  const STAGES = [
    () => true,
    (row, column) => (row + column) % 2 === 0 || row === 0,
    (row, column, columns) => Math.abs(column - (columns - 1) / 2) <= row + 1.5,
  ];
  const ROWS = byDifficulty(4, 5, 6);
  const PACE = byDifficulty(270, 330, 390);
  const RADIUS = 7 * parameters.size;
  let stageIndex, bricks, balls, capsules, combo, paddle, wait;

  function build() {
    const columns = Math.max(5, Math.round(field.width / 62));
    const [gap, top, height] = [5, 34, 20];
    const width = (field.width - 24 - gap * (columns - 1)) / columns;
    bricks = [];
    for (let row = 0; row < ROWS; row++) {
      for (let column = 0; column < columns; column++) {
        if (!STAGES[stageIndex](row, column, columns)) continue;
        bricks.push({
          x: 12 + column * (width + gap), y: top + row * (height + gap), width, height,
          hits: row === 0 && byDifficulty(false, true, true) ? 2 : 1,
          colour: mix(palette.secondary, palette.accent, row / Math.max(ROWS - 1, 1)),
        });
      }
    }
  }

  function serve() {
    paddle.width = paddle.usual;
    balls = [{ x: paddle.x, y: 0, vx: 0, vy: 0, held: true, trail: [] }];
    capsules = [];
    combo = 0;
    wait = 1.1;
  }

  function launch() {
    for (const ball of balls.filter((each) => each.held)) {
      const angle = random.between(-0.5, 0.5);
      ball.held = false;
      ball.vx = Math.sin(angle) * PACE;
      ball.vy = -Math.cos(angle) * PACE;
      sound.play("blip");
    }
  }

  function movePaddle(dt) {
    const direction = held.right - held.left;
    if (direction) paddle.x += direction * 520 * dt;
    else if (pointer.steers) paddle.x = lerp(paddle.x, pointer.x, Math.min(1, dt * 28));
    paddle.x = clamp(paddle.x, paddle.width / 2 + 4, field.width - paddle.width / 2 - 4);
  }

  function moveBall(ball, dt) {
    if (ball.held) {
      Object.assign(ball, { x: paddle.x, y: paddle.y - RADIUS - 1 });
      return;
    }
    ball.x += ball.vx * dt;
    ball.y += ball.vy * dt;
    ball.trail.push([ball.x, ball.y]);
    if (ball.trail.length > 16) ball.trail.shift();
    if (ball.x < RADIUS || ball.x > field.width - RADIUS) {
      ball.x = clamp(ball.x, RADIUS, field.width - RADIUS);
      ball.vx = -ball.vx;
      sound.play("blip");
    }
    if (ball.y < RADIUS) {
      ball.y = RADIUS;
      ball.vy = Math.abs(ball.vy);
      sound.play("blip");
    }
    bounceOffPaddle(ball);
    const brick = bricks.find((each) => touches(ball, each));
    if (brick) strike(ball, brick);
  }

  function bounceOffPaddle(ball) {
    const reach = paddle.width / 2 + RADIUS;
    const beside = Math.abs(ball.x - paddle.x) > reach;
    if (ball.vy < 0 || beside || ball.y < paddle.y - RADIUS || ball.y > paddle.y + 14) return;
    const speed = Math.min(Math.hypot(ball.vx, ball.vy) * 1.03, PACE * 1.6);
    const angle = clamp((ball.x - paddle.x) / reach, -1, 1) * 1.05;
    ball.vx = Math.sin(angle) * speed;
    ball.vy = -Math.cos(angle) * speed;
    ball.y = paddle.y - RADIUS;
    combo = 0;
    sound.play("hit");
  }

  function touches(ball, brick) {
    const x = ball.x - clamp(ball.x, brick.x, brick.x + brick.width);
    const y = ball.y - clamp(ball.y, brick.y, brick.y + brick.height);
    return x * x + y * y < RADIUS * RADIUS;
  }

  function strike(ball, brick) {
    const [x, y] = [brick.x + brick.width / 2, brick.y + brick.height / 2];
    const sideways = Math.abs(ball.x - x) / brick.width > Math.abs(ball.y - y) / brick.height;
    if (sideways) ball.vx = Math.sign(ball.x - x) * Math.abs(ball.vx);
    else ball.vy = Math.sign(ball.y - y) * Math.abs(ball.vy);
    brick.hits -= 1;
    sound.play("blip");
    if (brick.hits) return;
    bricks.splice(bricks.indexOf(brick), 1);
    combo += 1;
    addPoints(10 * combo, x, y);
    effects.burst(x, y, brick.colour);
    if (random.next() < 0.14) capsules.push({ x, y, kind: random.pick(["wide", "multi"]) });
    if (!bricks.length) nextStage();
  }

  function nextStage() {
    stageIndex += 1;
    if (stageIndex === STAGES.length) { finish("won"); return; }
    addPoints(200, field.width / 2, field.height / 2);
    build();
    serve();
  }

  function moveCapsules(dt) {
    for (const capsule of capsules) {
      capsule.y += 120 * dt;
      const caught = Math.abs(capsule.x - paddle.x) < paddle.width / 2 + 12
        && Math.abs(capsule.y - paddle.y) < 14;
      if (!caught) continue;
      capsule.y = Infinity;
      addPoints(25, paddle.x, paddle.y - 20);
      sound.play("coin");
      if (capsule.kind === "wide") paddle.width = Math.min(paddle.usual * 1.6, field.width * 0.6);
      else balls.push(...balls.slice(0, 2).map((ball) => ({ ...ball, vx: -ball.vx - 40, trail: [] })));
    }
    capsules = capsules.filter((capsule) => capsule.y < field.height + 20);
  }

  return {
    aspect: [0.48, 1.72],
    lives: byDifficulty(4, 3, 2),
    controls: {
      en: "Arrow keys, mouse or drag to move. Clear three walls!",
      ja: "矢印キー・マウス・ドラッグで移動。3つの壁を全部こわそう！",
    },
    reset() {
      const usual = Math.min(byDifficulty(120, 98, 80) * parameters.size, field.width * 0.5);
      paddle = { x: field.width / 2, y: field.height - 34, width: usual, usual };
      stageIndex = 0;
      build();
      serve();
    },
    press(name) { if (name === "action" || name === "tap") launch(); },
    step(dt) {
      movePaddle(dt);
      wait -= dt;
      if (wait <= 0) launch();
      for (const ball of [...balls]) moveBall(ball, dt);
      moveCapsules(dt);
      balls = balls.filter((ball) => ball.y < field.height + 30);
      if (!balls.length && loseLife()) serve();
    },
    draw(pen) {
      effects.stars(pen, 0, run.clock * 6);
      for (const { x, y, width, height, hits, colour } of bricks) {
        box(pen, x, y, width, height, 6, colour);
        box(pen, x + 3, y + 3, width - 6, 5, 3, faded("#ffffff", hits > 1 ? 0.75 : 0.28));
      }
      for (const { x, y, kind } of capsules) {
        lit(pen, palette.accent, 10, () => box(pen, x - 15, y - 9, 30, 18, 9, palette.accent));
        label(pen, kind === "wide" ? "↔" : "+", x, y + 1, 15, palette.background);
      }
      for (const ball of balls) {
        ball.trail.forEach(([x, y], index) => {
          disc(pen, x, y, (RADIUS * index) / 18, faded(palette.ink, index / 70));
        });
        if (ball.held) ball.x = paddle.x;
        const y = ball.held ? paddle.y - RADIUS - 1 : ball.y;
        lit(pen, palette.primary, 14, () => disc(pen, ball.x, y, RADIUS, palette.ink));
      }
      const { x, y, width } = paddle;
      lit(pen, palette.primary, 18, () => box(pen, x - width / 2, y, width, 14, 7, palette.primary));
      box(pen, x - width / 2 + 8, y + 3, width - 16, 3, 2, faded("#ffffff", 0.5));
    },
    details: () => ({
      player: { x: paddle.x, y: paddle.y }, ball: { x: balls[0]?.x ?? 0, y: balls[0]?.y ?? 0 },
      stage: stageIndex + 1, left: bricks.length,
    }),
  };
})();

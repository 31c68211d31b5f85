// Snake: eat, grow, do not bite yourself or the wall. Golden bites are worth more, for a while.

const game = (() => {
  const DIRECTIONS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
  const CELL = 24 * parameters.size;
  const PACE = byDifficulty(6, 8, 10.5);
  const GOLD_SECONDS = 6;
  let columns, rows, body, leaving, heading, turns, progress, food, gold, rocks, margin;

  const same = (one, other) => one.x === other.x && one.y === other.y;
  const centre = ({ x, y }) => [margin.x + (x + 0.5) * CELL, margin.y + (y + 0.5) * CELL];
  const taken = (cell) => [...body, ...rocks, food, gold].some((each) => each && same(each, cell));

  function freeCell() {
    for (let attempt = 0; attempt < 400; attempt++) {
      const cell = {
        x: Math.floor(random.between(0, columns)), y: Math.floor(random.between(0, rows)),
      };
      if (!taken(cell)) return cell;
    }
    return null;
  }

  function turn(name) {
    const [x, y] = DIRECTIONS[name];
    const last = turns.at(-1) ?? heading;
    if (turns.length < 3 && x * last[0] + y * last[1] === 0) turns.push([x, y]);
  }

  /** A tap turns towards the finger, across the way the snake is going. */
  function turnTowards(point) {
    const [x, y] = centre(body[0]);
    const last = turns.at(-1) ?? heading;
    if (last[0]) turn(point.y > y ? "down" : "up");
    else turn(point.x > x ? "right" : "left");
  }

  function advance() {
    heading = turns.shift() ?? heading;
    const head = { x: body[0].x + heading[0], y: body[0].y + heading[1] };
    const outside = head.x < 0 || head.y < 0 || head.x >= columns || head.y >= rows;
    if (outside || [...body.slice(0, -1), ...rocks].some((cell) => same(cell, head))) {
      effects.burst(...centre(body[0]), palette.primary, 40, 220);
      finish("over");
      return;
    }
    body.unshift(head);
    leaving = body.at(-1);
    if (food && same(head, food)) eat(10, () => { food = freeCell(); });
    else if (gold && same(head, gold)) eat(50, () => { gold = null; });
    else body.pop();
    if (!food) finish("won");
  }

  function eat(points, replace) {
    const [x, y] = centre(body[0]);
    addPoints(points, x, y - 14);
    effects.burst(x, y, palette.accent, 16);
    sound.play("coin");
    replace();
    if (body.length % 6 === 0 && !gold) {
      const cell = freeCell();
      gold = cell && { ...cell, left: GOLD_SECONDS };
    }
  }

  function drawBody(pen) {
    const share = run.phase === "playing" ? clamp(progress, 0, 1) : 1;
    const between = (from, to) => {
      const [[x1, y1], [x2, y2]] = [centre(from), centre(to)];
      return [lerp(x1, x2, share), lerp(y1, y2, share)];
    };
    const points = [between(body[1], body[0]), ...body.slice(1).map(centre)];
    points.push(between(leaving, body.at(-1)));
    pen.lineJoin = pen.lineCap = "round";
    for (const [width, colour] of [[0.86, mix(palette.primary, palette.background, 0.35)], [0.66, palette.primary]]) {
      pen.beginPath();
      for (const [x, y] of points) pen.lineTo(x, y);
      pen.strokeStyle = colour;
      pen.lineWidth = CELL * width;
      pen.stroke();
    }
    const [x, y] = points[0];
    const [ahead, aside] = [heading, [-heading[1], heading[0]]];
    lit(pen, palette.primary, 14, () => disc(pen, x, y, CELL * 0.5, palette.primary));
    for (const side of [-0.22, 0.22]) {
      const eyeX = x + (ahead[0] * 0.16 + aside[0] * side) * CELL;
      const eyeY = y + (ahead[1] * 0.16 + aside[1] * side) * CELL;
      disc(pen, eyeX, eyeY, CELL * 0.14, "#ffffff");
      disc(pen, eyeX + ahead[0] * 2, eyeY + ahead[1] * 2, CELL * 0.07, "#101010");
    }
  }

  function drawBite(pen, cell, colour, radius) {
    const [x, y] = centre(cell);
    const pulse = radius * (1 + Math.sin(run.clock * 6) * 0.08);
    lit(pen, colour, 16, () => disc(pen, x, y, pulse, colour));
    disc(pen, x - radius * 0.3, y - radius * 0.35, radius * 0.25, faded("#ffffff", 0.7));
  }

  /** The golden bite, in a ring that closes as its time runs out. */
  function drawGold(pen) {
    const [x, y] = centre(gold);
    drawBite(pen, gold, "#ffc83d", CELL * 0.38);
    pen.beginPath();
    pen.arc(x, y, CELL * 0.58, -TAU / 4, -TAU / 4 + (TAU * gold.left) / GOLD_SECONDS);
    pen.strokeStyle = palette.ink;
    pen.lineWidth = 2;
    pen.stroke();
  }

  return {
    aspect: [0.48, 1.72],
    lives: 1,
    controls: {
      en: "Arrow keys or WASD to turn. On a phone, swipe or tap.",
      ja: "矢印キーかWASDで方向転換。スマホではスワイプかタップ。",
    },
    reset() {
      columns = Math.floor((field.width - 8) / CELL);
      rows = Math.floor((field.height - 8) / CELL);
      margin = { x: (field.width - columns * CELL) / 2, y: (field.height - rows * CELL) / 2 };
      const wide = columns >= rows;
      const [x, y] = [Math.floor(columns / (wide ? 3 : 2)), Math.floor((rows * 2) / 3)];
      heading = DIRECTIONS[wide ? "right" : "up"];
      body = [0, 1, 2, 3].map((back) => ({ x: x - heading[0] * back, y: y - heading[1] * back }));
      leaving = body.at(-1);
      [turns, progress, rocks, food, gold] = [[], 0, [], null, null];
      for (let count = byDifficulty(0, 0, 5); count > 0; count--) {
        const rock = freeCell();
        if (rock && rock.y !== y && rock.x !== x) rocks.push(rock);
      }
      food = freeCell();
    },
    press(name, point) {
      if (name in DIRECTIONS) turn(name);
      else if (name === "tap") turnTowards(point);
    },
    step(dt) {
      progress += dt * PACE * Math.min(1 + body.length / 60, 1.8);
      if (gold && (gold.left -= dt) <= 0) gold = null;
      while (progress >= 1 && run.phase === "playing") {
        progress -= 1;
        advance();
      }
    },
    draw(pen) {
      for (let x = 0; x < columns; x++) {
        for (let y = x % 2; y < rows; y += 2) {
          pen.fillStyle = faded(palette.ink, 0.035);
          pen.fillRect(margin.x + x * CELL, margin.y + y * CELL, CELL, CELL);
        }
      }
      for (const rock of rocks) {
        const [x, y] = centre(rock);
        box(pen, x - CELL * 0.42, y - CELL * 0.42, CELL * 0.84, CELL * 0.84, 6, palette.secondary);
      }
      if (food) drawBite(pen, food, palette.accent, CELL * 0.34);
      if (gold) drawGold(pen);
      drawBody(pen);
    },
    details: () => ({
      player: { x: body[0].x, y: body[0].y }, food: food && { x: food.x, y: food.y },
      length: body.length, columns, rows,
    }),
  };
})();

// Memory pairs: find them all before the time runs out. Pairs in a row pay more.

const game = (() => {
  const PAIRS = byDifficulty(6, 8, 10);
  const SECONDS = byDifficulty(100, 80, 70);
  const SHOWN_SECONDS = 0.8;
  let cards, columns, rows, cell, margin, cursor, open, shown, left, streak, keyboard;

  function layOut() {
    const shapes = { 12: [[3, 4], [4, 3]], 16: [[4, 4]], 20: [[4, 5], [5, 4]] }[PAIRS * 2];
    const fit = ([across, down]) => Math.min((field.width - 24) / across, (field.height - 62) / down);
    [columns, rows] = shapes.reduce((best, each) => (fit(each) > fit(best) ? each : best));
    const short = fit([columns, rows]);
    cell = {
      width: Math.min((field.width - 24) / columns, short * 1.15),
      height: Math.min((field.height - 62) / rows, short * 1.4),
    };
    margin = {
      x: (field.width - cell.width * columns) / 2,
      y: 38 + (field.height - 50 - cell.height * rows) / 2,
    };
  }

  const place = (index) => ({
    x: margin.x + ((index % columns) + 0.5) * cell.width,
    y: margin.y + (Math.floor(index / columns) + 0.5) * cell.height,
  });

  function cardAt(point) {
    const column = Math.floor((point.x - margin.x) / cell.width);
    const row = Math.floor((point.y - margin.y) / cell.height);
    const inside = column >= 0 && row >= 0 && column < columns && row < rows;
    return inside ? row * columns + column : -1;
  }

  function move(name) {
    const [column, row] = [cursor % columns, Math.floor(cursor / columns)];
    const across = (column + (name === "right") - (name === "left") + columns) % columns;
    const down = (row + (name === "down") - (name === "up") + rows) % rows;
    cursor = down * columns + across;
    keyboard = true;
    sound.play("blip");
  }

  function turn(index) {
    const card = cards[index];
    if (!card || card.found || open.includes(index)) return;
    if (open.length === 2) hide();
    cursor = index;
    open.push(index);
    sound.play("blip");
    if (open.length === 2) compare();
  }

  function compare() {
    const [first, second] = open.map((index) => cards[index]);
    shown = SHOWN_SECONDS;
    if (first.face !== second.face) { streak = 0; return; }
    first.found = second.found = true;
    streak += 1;
    sound.play("coin");
    const { x, y } = place(open[1]);
    for (const index of open) {
      const at = place(index);
      effects.burst(at.x, at.y, symbols[first.face].colour, 18);
    }
    addPoints(100 * streak, x, y - cell.height * 0.3);
    open = [];
    if (!cards.every((card) => card.found)) return;
    addPoints(Math.ceil(left) * 5);
    finish("won");
  }

  function hide() { open = []; }

  function drawCard(pen, card, index) {
    const { x, y } = place(index);
    const share = clamp(0.86 * (0.6 + 0.4 * parameters.size), 0.6, 0.96);
    const [width, height] = [cell.width * share, cell.height * share];
    const size = Math.min(width, height);
    const wide = Math.max(Math.abs(Math.cos(card.turned * Math.PI)), 0.04);
    const faceUp = card.turned > 0.5;
    pen.save();
    pen.translate(x, y);
    pen.scale(wide, 1);
    pen.globalAlpha = card.found ? 0.55 : 1;
    lit(pen, palette.primary, faceUp ? 12 : 5, () => {
      box(pen, -width / 2, -height / 2, width, height, 12, faceUp ? mix(palette.background, "#ffffff", 0.9) : palette.primary);
    });
    if (faceUp) {
      drawSymbol(pen, card.face, size * 0.3);
    } else {
      box(pen, -width * 0.41, -height * 0.41, width * 0.82, height * 0.82, 9, mix(palette.primary, palette.background, 0.22));
      polygon(pen, [[0, -size * 0.2], [size * 0.2, 0], [0, size * 0.2], [-size * 0.2, 0]], palette.primary);
    }
    if (keyboard && index === cursor && run.phase === "playing") {
      pen.strokeStyle = palette.accent;
      pen.lineWidth = 4;
      pen.beginPath();
      pen.roundRect(-width / 2 - 3, -height / 2 - 3, width + 6, height + 6, 14);
      pen.stroke();
    }
    pen.restore();
  }

  return {
    aspect: [0.48, 1.4],
    lives: 0,
    controls: {
      en: "Tap two cards, or use arrow keys and Space. Beat the clock!",
      ja: "カードを2枚タップ、または矢印キーとスペース。時間内にそろえよう！",
    },
    reset() {
      layOut();
      const faces = random.shuffle(symbols.map((_, face) => face)).slice(0, PAIRS);
      cards = random.shuffle([...faces, ...faces]).map((face) => ({ face, found: false, turned: 0 }));
      [cursor, open, shown, left, streak, keyboard] = [0, [], 0, SECONDS, 0, false];
    },
    press(name, point) {
      if (name === "tap") { keyboard = false; turn(cardAt(point)); }
      else if (name === "action") { keyboard = true; turn(cursor); }
      else if (name !== "touch") move(name);
    },
    step(dt) {
      cards.forEach((card, index) => {
        const goal = card.found || open.includes(index) ? 1 : 0;
        card.turned += clamp(goal - card.turned, -dt * 5, dt * 5);
      });
      if (open.length === 2 && (shown -= dt) <= 0) hide();
      left -= dt;
      if (left <= 0) finish("over");
    },
    draw(pen) {
      effects.stars(pen, run.clock * 5, run.clock * 3);
      const share = clamp(left / SECONDS, 0, 1);
      box(pen, 16, 16, field.width - 32, 10, 5, faded(palette.ink, 0.15));
      box(pen, 16, 16, (field.width - 32) * share, 10, 5, share < 0.2 ? palette.danger : palette.accent);
      cards.forEach((card, index) => drawCard(pen, card, index));
    },
    details: () => ({
      player: { x: cursor % columns, y: Math.floor(cursor / columns) },
      seconds: left, columns, rows,
      cards: cards.map((card, index) => ({
        ...place(index), found: card.found,
        face: card.found || open.includes(index) ? card.face : null,
      })),
    }),
  };
})();

// The frame around a game: phases, clock, score, lives, screens, and the hooks for tests.
//
// A `game` has: aspect [least, most] width by height; controls {en, ja}; lives (0: not shown);
// reset(), step(seconds), press(name, point), draw(pen), details() for `window.game.state`.
// It calls addPoints, loseLife and finish. One tick is 1/120 s; `parameters.speed` scales it.

const TICKS_PER_SECOND = 120;
const FIELD_AREA = 600 * 400;
const REST_SECONDS = 0.5; // after an end, so that nobody restarts by accident
const MOST_PIXELS = 2.5; // device pixels a CSS pixel

const element = (id) => document.getElementById(id);
const stage = element("stage");
const canvas = element("canvas");
const pen = canvas.getContext("2d");

const run = { phase: "ready", score: 0, lives: 0, best: 0, rounds: 0, clock: 0, rest: 0 };
const memory = {
  key: `best:${parameters.game}:${parameters.title}`,
  read() { try { return Number(localStorage.getItem(this.key)) || 0; } catch { return 0; } },
  write(value) { try { localStorage.setItem(this.key, String(value)); } catch { /* sandboxed */ } },
};

function addPoints(points, x, y) {
  run.score += points;
  if (x !== undefined) effects.say(x, y, `+${points}`, palette.accent);
  showBar();
}

/** True while lives remain; without any the round is over. */
function loseLife() {
  run.lives -= 1;
  effects.shake(7);
  sound.play("boom");
  showBar();
  if (run.lives <= 0) finish("over");
  return run.lives > 0;
}

function finish(phase) {
  if (run.phase !== "playing") return;
  if (run.score > run.best) memory.write((run.best = run.score));
  run.rest = 0;
  if (phase === "over") effects.shake(9);
  sound.play(phase);
  enter(phase);
}

function begin() {
  fitField();
  random.reseed(parameters.seed + run.rounds);
  effects.clear();
  Object.assign(run, { score: 0, lives: game.lives, clock: 0, rounds: run.rounds + 1 });
  game.reset();
  enter("playing");
}

function enter(phase) {
  run.phase = phase;
  showBar();
  showCard();
  document.dispatchEvent(new CustomEvent("gamestate", { detail: state() }));
}

function press(name, point) {
  sound.unlock();
  if (name === "mute") { sound.toggle(); showBar(); return; }
  if (name === "pause") { pause(); return; }
  if (run.phase === "paused") { enter("playing"); return; }
  if (run.phase === "over" || run.phase === "won") {
    if (run.rest >= REST_SECONDS) begin();
    return;
  }
  if (run.phase === "ready") begin();
  game.press(name, point);
}

function pause() {
  if (run.phase === "playing") enter("paused");
  else if (run.phase === "paused") enter("playing");
}

function tick() {
  const seconds = 1 / TICKS_PER_SECOND;
  if (run.phase === "paused") return;
  if (run.phase === "playing") {
    run.clock += seconds;
    game.step(seconds * parameters.speed);
  } else {
    run.rest += seconds;
  }
  effects.step(seconds);
}

// -- screens ---------------------------------------------------------------------------------

const ICONS = {
  pause: '<path d="M5 3h3v12H5zM10 3h3v12h-3z"/>',
  resume: '<path d="M5 2l11 7-11 7z"/>',
  sound: '<path d="M2 7h3l4-4v12l-4-4H2zM11 6q3 3 0 6l1 1q4-4 0-8z"/>',
  muted: '<path d="M2 7h3l4-4v12l-4-4H2zM11 7l5 5 1-1-5-5zM16 6l-5 5 1 1 5-5z"/>',
};

function icon(button, name, title) {
  button.innerHTML = `<svg width="18" height="18" fill="currentColor">${ICONS[name]}</svg>`;
  button.setAttribute("aria-label", title);
}

function showBar() {
  element("score").textContent = String(run.score);
  element("lives").textContent = game.lives > 1 ? "♥".repeat(Math.max(run.lives, 0)) : "";
  icon(element("pause"), run.phase === "paused" ? "resume" : "pause", words.pause);
  icon(element("mute"), sound.muted ? "muted" : "sound", words.mute);
}

function showCard() {
  const ended = run.phase === "over" || run.phase === "won";
  element("card").hidden = run.phase === "playing";
  element("kicker").textContent = words[run.phase] ?? "";
  element("result").textContent = ended ? `${words.score} ${run.score}` : "";
  element("controls").textContent = ended ? "" : game.controls[language];
  element("start").textContent = ended ? words.again : run.phase === "paused" ? words.resume : words.start;
  element("best").textContent = run.best ? `${words.best} ${run.best}` : "";
}

// -- canvas ----------------------------------------------------------------------------------

/** A field of constant area whose shape follows the window as far as the game allows. */
function fitField() {
  const ratio = clamp(canvas.clientWidth / Math.max(canvas.clientHeight, 1), ...game.aspect);
  field.width = Math.round(Math.sqrt(FIELD_AREA * ratio));
  field.height = Math.round(field.width / ratio);
  placeField();
}

function placeField() {
  const ratio = Math.min(devicePixelRatio || 1, MOST_PIXELS);
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const [width, height] = [canvas.clientWidth - 16, canvas.clientHeight - 16];
  field.scale = Math.max(Math.min(width / field.width, height / field.height), 0.1);
  field.left = (canvas.clientWidth - field.width * field.scale) / 2;
  field.top = (canvas.clientHeight - field.height * field.scale) / 2;
}

function draw() {
  const ratio = canvas.width / Math.max(canvas.clientWidth, 1);
  const { x, y } = effects.offset();
  const scale = field.scale * ratio;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(scale, 0, 0, scale, (field.left + x) * ratio, (field.top + y) * ratio);
  pen.save();
  pen.beginPath();
  pen.roundRect(0, 0, field.width, field.height, 14);
  pen.clip();
  const ground = pen.createLinearGradient(0, 0, 0, field.height);
  ground.addColorStop(0, palette.background);
  ground.addColorStop(1, palette.backdrop);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, field.width, field.height);
  game.draw(pen);
  effects.draw(pen);
  pen.restore();
  pen.strokeStyle = faded(palette.primary, 0.55);
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(0, 0, field.width, field.height, 14);
  pen.stroke();
}

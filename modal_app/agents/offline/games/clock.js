// Start-up: the clock that drives the ticks, the page around it, and `window.game` for tests.

let debt = 0;
let before = performance.now();
let byHand = false;

function frame(now) {
  debt += byHand ? 0 : Math.min(now - before, 100) / 1000;
  before = now;
  while (debt >= 1 / TICKS_PER_SECOND) {
    tick();
    debt -= 1 / TICKS_PER_SECOND;
  }
  draw();
  requestAnimationFrame(frame);
}

function state() {
  const { phase, score, lives, best } = run;
  return Object.freeze({
    game: parameters.game, title: parameters.title, phase, score, lives, best, ...game.details(),
  });
}

function dress() {
  const root = document.documentElement.style;
  for (const name of ["background", "backdrop", "ink", "primary", "accent"]) {
    root.setProperty(`--${name}`, palette[name]);
  }
  root.setProperty("--edge", faded(palette.primary, 0.5));
  root.setProperty("--veil", faded(palette.ink, 0.08));
  root.setProperty("--card", faded(mix(palette.background, palette.backdrop, 0.5), 0.93));
  root.setProperty("--on-primary", palette.background);
  document.body.classList.toggle("glow", palette.glow);
  element("title").textContent = parameters.title;
  element("name").textContent = parameters.title;
  canvas.setAttribute("aria-label", parameters.title);
}

window.game = Object.freeze({
  get state() { return state(); },
  /** Step the simulation by so many milliseconds; from then on only these steps move it. */
  advance(milliseconds) {
    byHand = true;
    const ticks = Math.round((milliseconds * TICKS_PER_SECOND) / 1000);
    for (let count = 0; count < ticks; count++) tick();
    draw();
    return state();
  },
  /** Let real time move the simulation again. */
  resume() { byHand = false; },
});

dress();
run.best = memory.read();
run.lives = game.lives;
fitField();
game.reset();
enter("ready");
listen(stage, canvas, press, () => run.phase === "playing");
addEventListener("pointerup", sound.unlock); // some browsers take no earlier event for consent
element("pause").addEventListener("click", pause);
element("mute").addEventListener("click", () => press("mute", pointer));
element("start").addEventListener("click", () => {
  if (run.phase !== "playing") press("touch", pointer);
});
addEventListener("resize", () => {
  if (run.phase !== "ready") { placeField(); return; }
  fitField();
  game.reset();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && run.phase === "playing") pause();
});
requestAnimationFrame(frame);

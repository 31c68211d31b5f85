// Keyboard and pointer, turned into held directions and named presses.
//
// Presses: left, right, up, down (keys and swipes), action (Space, Enter), touch (a finger or
// button goes down), tap (it comes up where it went down), pause and mute.

const held = { left: false, right: false, up: false, down: false, action: false };

/** Where the pointer is, in field units. `steers` until a direction key takes over. */
const pointer = { x: 0, y: 0, down: false, steers: false };

const KEYS = {
  ArrowLeft: "left", KeyA: "left", ArrowRight: "right", KeyD: "right",
  ArrowUp: "up", KeyW: "up", ArrowDown: "down", KeyS: "down",
  Space: "action", Enter: "action", NumpadEnter: "action",
  KeyP: "pause", Escape: "pause", KeyM: "mute",
};
const SWIPE = 26;

function listen(stage, canvas, press, playing) {
  let gesture = null;

  addEventListener("keydown", (event) => {
    const name = KEYS[event.code];
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    if (name === "action" && event.target.closest?.("#bar button")) return;
    event.preventDefault();
    if (event.repeat) return;
    if (name in held) held[name] = true;
    if (name !== "action") pointer.steers = false;
    press(name, pointer);
  });
  addEventListener("keyup", (event) => {
    const name = KEYS[event.code];
    if (name in held) held[name] = false;
  });
  addEventListener("blur", release);

  function place(event) {
    const frame = canvas.getBoundingClientRect();
    pointer.x = (event.clientX - frame.left - field.left) / field.scale;
    pointer.y = (event.clientY - frame.top - field.top) / field.scale;
    pointer.steers = true;
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.target.closest("#bar button") || !event.isPrimary) return;
    event.preventDefault();
    window.focus();
    place(event);
    pointer.down = true;
    gesture = { x: event.clientX, y: event.clientY, live: playing(), swiped: false };
    press("touch", pointer);
  });
  addEventListener("pointermove", (event) => {
    if (!event.isPrimary) return;
    place(event);
    if (!gesture || !gesture.live) return;
    const dx = event.clientX - gesture.x;
    const dy = event.clientY - gesture.y;
    if (Math.max(Math.abs(dx), Math.abs(dy)) < SWIPE) return;
    const across = Math.abs(dx) > Math.abs(dy);
    Object.assign(gesture, { x: event.clientX, y: event.clientY, swiped: true });
    press(across ? (dx > 0 ? "right" : "left") : dy > 0 ? "down" : "up", pointer);
  });
  addEventListener("pointerup", (event) => {
    if (!event.isPrimary) return;
    pointer.down = false;
    const tapped = gesture && gesture.live && !gesture.swiped;
    gesture = null;
    if (tapped) press("tap", pointer);
  });
  addEventListener("pointercancel", release);
  stage.addEventListener("contextmenu", (event) => event.preventDefault());

  function release() {
    for (const name of Object.keys(held)) held[name] = false;
    pointer.down = false;
    gesture = null;
  }
}

// The socket of a page, with the patience of a browser that lost it before.
const PATIENCE_MS = 2000;
const LONGEST_DELAY_MS = 10000;
const BETWEEN_CHECKS_MS = 3000;

/** Connects, introduces itself, and connects again, for ever. */
export class Connection {
  #socket = null;
  #attempts = 0;
  #patience = null;
  #checkedAt = -Infinity;

  constructor(token) {
    this.token = token;
    this.sessionId = `${Date.now()}-${Math.random().toString(36).slice(2, 11)}`;
  }

  /** `receive(frame)` gets every frame but `pong`; `show(text, open)` how the connection is. */
  open(receive, show) {
    this.receive = receive;
    this.show = show;
    this.#watch();
    this.#connect();
  }

  /** Without a connection nothing is sent. */
  send(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Give the socket up and take another at once. */
  reconnect() {
    clearTimeout(this.#patience);
    this.#socket.onclose = null;
    this.#socket.close();
    this.#connect();
  }

  #connect() {
    const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempts = 0;
      this.show("接続済み", true);
      this.send({ type: "init", access_token: this.token, sessionId: this.sessionId });
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "pong") this.#answered();
      else this.receive(frame);
    };
    socket.onclose = () => {
      this.show("再接続中...", false);
      const delay = Math.min(1000 * 1.5 ** this.#attempts++, LONGEST_DELAY_MS);
      setTimeout(() => this.#connect(), delay);
    };
  }

  #answered() {
    clearTimeout(this.#patience);
    this.show("接続済み", true);
  }

  #ping() {
    this.send({ type: "ping" });
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.reconnect(), PATIENCE_MS);
  }

  #checkAndReconnect() {
    if (this.#socket.readyState >= WebSocket.CLOSING) this.#connect();
    else if (this.#socket.readyState === WebSocket.OPEN) {
      this.show("接続確認中...", true);
      this.#ping();
    }
  }

  #checkSilently() {
    if (performance.now() - this.#checkedAt <= BETWEEN_CHECKS_MS) return;
    this.#checkedAt = performance.now();
    if (this.#socket.readyState === WebSocket.OPEN) this.#ping();
  }

  #watch() {
    const after = (delay) => () => setTimeout(() => this.#checkAndReconnect(), delay);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") after(300)();
    });
    addEventListener("focus", after(300));
    addEventListener("online", after(500));
    addEventListener("pageshow", ({ persisted }) => persisted && this.#checkAndReconnect());
    // Bubbling: whatever the click itself sends goes first.
    for (const kind of ["touchstart", "click"]) {
      document.addEventListener(kind, () => this.#checkSilently(), { passive: true });
    }
  }
}

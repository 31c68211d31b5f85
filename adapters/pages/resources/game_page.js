// Runs before the game: tells the embedding page how it goes, and gives the game what a document
// without an origin lacks (docs/game-serving.md).
(() => {
  "use strict";
  const KEPT = 10;
  const SETTLE_MS = 500;
  const own = new URL(".", location.href).href;
  const errors = [];
  const post = (message) => window.parent.postMessage(message, "*");

  const report = (error) => {
    if (errors.length >= KEPT) return;
    errors.push(error);
    post({ type: "gameError", errors });
  };

  const text = (value) => {
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Error) return String(value);
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  };

  const basename = (url) => String(url || "").split(/[?#]/)[0].split("/").pop() || "unknown";

  // Reports end in conversations and prompts: the address with its grant does not belong there.
  const stackOf = (error) =>
    typeof error?.stack === "string" ? error.stack.replaceAll(own, "") : null;

  window.onerror = (message, file, line, column, error) => {
    report({
      type: "error",
      message: String(message),
      file: basename(file),
      line,
      column,
      stack: stackOf(error),
    });
    return false;
  };

  window.addEventListener("unhandledrejection", ({ reason }) => {
    const message = reason?.message ?? (reason === undefined ? "" : text(reason));
    report({
      type: "unhandledrejection",
      message: String(message) || "Unknown promise rejection",
      stack: stackOf(reason),
    });
  });

  const consoleError = console.error;
  console.error = (...values) => {
    report({ type: "console.error", message: values.map(text).join(" ") });
    consoleError.apply(console, values);
  };

  window.addEventListener("load", () => {
    setTimeout(() => {
      const success = errors.length === 0;
      post({ type: "gameLoaded", success, errorCount: errors.length, errors });
    }, SETTLE_MS);
  });

  // Storage for as long as the page lives.
  const memoryStorage = () => {
    const items = new Map();
    const methods = {
      getItem: (key) => items.get(String(key)) ?? null,
      setItem: (key, value) => void items.set(String(key), String(value)),
      removeItem: (key) => void items.delete(String(key)),
      clear: () => items.clear(),
      key: (index) => [...items.keys()][index] ?? null,
    };
    return new Proxy(methods, {
      get: (target, key) => (key === "length" ? items.size : (target[key] ?? items.get(key))),
      set: (_, key, value) => Boolean(items.set(String(key), String(value))),
      has: (target, key) => key in target || items.has(key),
      deleteProperty: (_, key) => items.delete(key) || true,
      ownKeys: () => [...items.keys()],
      getOwnPropertyDescriptor: (_, key) =>
        items.has(key)
          ? { value: items.get(key), writable: true, enumerable: true, configurable: true }
          : undefined,
    });
  };
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].length;
    } catch {
      Object.defineProperty(window, name, { value: memoryStorage(), configurable: true });
    }
  }

  // Asked for with CORS, the game's own files taint no canvas and their errors have a message.
  for (const kind of [HTMLImageElement, HTMLMediaElement, HTMLScriptElement]) {
    const property = Object.getOwnPropertyDescriptor(kind.prototype, "src");
    const set = function (url) {
      if (this.crossOrigin === null && URL.canParse(url, document.baseURI)) {
        if (new URL(url, document.baseURI).href.startsWith(own)) this.crossOrigin = "anonymous";
      }
      property.set.call(this, url);
    };
    Object.defineProperty(kind.prototype, "src", { ...property, set });
  }
})();

import { $ } from "/elements.js";

const REPORT = "The game has the following JavaScript errors. Please fix them:";

/** The game in its frame, and what it tells of itself. */
export class Preview {
  /** Where the game is; each call gives another address. */
  address = null;
  #errors = [];
  #loaded = false;

  /** `fix(report)` asks for a repair. */
  constructor(fix) {
    addEventListener("message", ({ data, source }) => {
      // Until the new page is there, it is the old one that speaks.
      if (source === $("game").contentWindow && this.#loaded) this[data?.type]?.(data);
    });
    $("game").onload = () => (this.#loaded = true);
    $("fix").onclick = () => fix(`${REPORT}\n\n${this.#errors.map(line).join("\n")}`);
  }

  load() {
    $("preview").hidden = false;
    $("fix").hidden = true;
    $("game-status").textContent = "読み込み中…";
    this.#loaded = false;
    $("game").src = this.address();
  }

  hide() {
    $("preview").hidden = true;
  }

  gameLoaded({ success, errors }) {
    if (success) $("game-status").textContent = "実行中";
    else this.gameError({ errors });
  }

  gameError({ errors }) {
    this.#errors = errors;
    $("game-status").textContent = `エラー ${errors.length}件`;
    $("fix").hidden = false;
  }
}

const line = ({ type, message, file, line, stack }) =>
  `${type}: ${message}${file ? ` (in ${file} line ${line})` : ""}${stack ? `\nStack: ${stack}` : ""}`;

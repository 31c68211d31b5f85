import { showChanges } from "/changes.js";
import { ask, tell } from "/dialogs.js";
import { element, text } from "/elements.js";

/** The versions of a project: listed, compared and gone back to. */
export class Versions {
  #connection;
  #projectId;
  #say;
  #goesBack = false;
  #compared = null;

  /** `say(words)` tells what has no answer of the server. */
  constructor(connection, projectId, say) {
    this.#connection = connection;
    this.#projectId = projectId;
    this.#say = say;
  }

  /** Ask for the list; it opens when it is there. */
  open() {
    this.#goesBack = false;
    this.#send("getVersions");
  }

  /** Show what a version changed. */
  compare(versionHash) {
    this.#compared = versionHash;
    this.#send("getVersionEdits", { versionHash });
  }

  /** The question before going back: to the version before the newest. */
  async propose({ message, confirmLabel, cancelLabel }) {
    const question = element("p", { textContent: text(message) });
    if (!(await ask("確認", [confirmLabel, cancelLabel], question))) return;
    this.#goesBack = true;
    this.#send("getVersions");
  }

  /** The list: what was asked for decides what it is good for. */
  take(versions) {
    const rows = versions.map((version) => this.#row(version));
    if (!this.#goesBack) {
      const nothing = element("p", { textContent: "まだバージョンがありません" });
      const list = element("ol", { className: "versions" }, ...rows);
      tell("バージョン", rows.length > 0 ? list : nothing);
      return;
    }
    this.#goesBack = false;
    if (versions.length < 2) this.#say("戻せるバージョンがありません");
    else this.#restore(versions[1].id);
  }

  /** The answer to `compare`; any other is none of ours. */
  takeEdits({ versionHash, edits, summary }) {
    if (versionHash !== this.#compared) return;
    this.#compared = null;
    showChanges(edits, summary);
  }

  #row({ id, message, timestamp }) {
    const at = new Date(timestamp).toLocaleString("ja-JP");
    const changes = element("button", { type: "button", textContent: "変更" });
    changes.onclick = () => this.compare(id);
    const restore = element("button", { type: "button", textContent: "この版に戻す" });
    const row = element(
      "li",
      {},
      element("p", {}, text(message), element("time", { dateTime: timestamp, textContent: at })),
      changes,
      restore,
    );
    restore.onclick = () => {
      row.closest("dialog").close();
      this.#restore(id);
    };
    return row;
  }

  #restore(versionId) {
    this.#send("restoreVersion", { versionId });
  }

  #send(type, more = {}) {
    this.#connection.send({ type, projectId: this.#projectId, ...more });
  }
}

import { tell } from "/dialogs.js";
import { element } from "/elements.js";

/** The files of a project, for whoever wants to see or to keep them. */
export class Files {
  #address;
  #request;
  #failed;

  /** `failed(words)` is told what did not work. */
  constructor(projectId, token, failed) {
    this.#address = `/api/projects/${projectId}`;
    this.#request = { headers: { authorization: `Bearer ${token}` } };
    this.#failed = failed;
  }

  /** The page of the game as it is written. */
  async showCode() {
    const reply = await this.#fetch("code");
    if (reply === null) return;
    const { code } = await reply.json();
    tell("コード", element("pre", { className: "code", tabIndex: 0, textContent: code }));
  }

  /** The game as an archive, saved as `<name>.zip`. */
  async download(name) {
    const reply = await this.#fetch("download");
    if (reply === null) return;
    const href = URL.createObjectURL(await reply.blob());
    element("a", { href, download: `${name}.zip` }).click();
    URL.revokeObjectURL(href);
  }

  async #fetch(what) {
    const reply = await fetch(`${this.#address}/${what}`, this.#request);
    if (reply.ok) return reply;
    const { error } = await reply.json();
    this.#failed(`エラー: ${error}`);
    return null;
  }
}

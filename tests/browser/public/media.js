import { $ } from "/elements.js";
import { cover } from "/picture.js";
import { answerOf, authFetch } from "/session.js";

/** Picture and movie of a project on its publish page. */
export class Media {
  #project;
  #keep;
  #failed;

  /** `keep(address)` is told of a new picture, `failed(error)` of what did not work. */
  constructor(project, keep, failed) {
    this.#project = project;
    this.#keep = keep;
    this.#failed = failed;
    $("choose-thumbnail").onchange = ({ target }) => this.#attempt(() => this.#upload(target.files[0]));
    $("make-thumbnail").onclick = () => {
      this.#attempt(() => this.generate($("draft").elements.title.value));
    };
    $("make-movie").onclick = () => this.#attempt(() => this.#makeMovie());
  }

  /** Another time in the address makes the browser ask again. */
  show(address) {
    $("thumbnail").hidden = address === null;
    $("no-thumbnail").hidden = address !== null;
    if (address !== null && $("thumbnail").dataset.address !== address) {
      $("thumbnail").dataset.address = address;
      $("thumbnail").src = `${address}?t=${Date.now()}`;
    }
  }

  /** Throws what a refusal says. */
  generate(title) {
    const headers = { "content-type": "application/json" };
    return this.#made("generate-thumbnail", { method: "POST", headers, body: JSON.stringify({ title }) });
  }

  async findMovie() {
    const address = `${this.#project}/movie?t=${Date.now()}`;
    const found = await authFetch(address, { method: "HEAD" });
    if (found.ok) await this.#showMovie(address);
  }

  async #makeMovie() {
    const reply = await authFetch(`${this.#project}/generate-movie`, { method: "POST" });
    await this.#showMovie((await answerOf(reply)).movieUrl);
  }

  async #upload(file) {
    const body = new FormData();
    body.append("thumbnail", await cover(file), "thumbnail.webp");
    await this.#made("upload-thumbnail", { method: "POST", body });
  }

  async #made(how, request) {
    const reply = await authFetch(`${this.#project}/${how}`, request);
    this.#keep((await answerOf(reply)).thumbnailUrl);
  }

  async #showMovie(address) {
    const reply = await authFetch(address);
    $("movie").src = URL.createObjectURL(await reply.blob());
    $("movie").hidden = false;
  }

  async #attempt(act) {
    try {
      await act();
    } catch (error) {
      this.#failed(error);
    }
  }
}

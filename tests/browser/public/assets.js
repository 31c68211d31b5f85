import { ask, tell } from "/dialogs.js";
import { element, text } from "/elements.js";
import { prepared } from "/picture.js";
import { answerOf, authFetch } from "/session.js";

const ACCEPTED = "image/*,audio/*,.json";

/** The user's assets in a dialog; `insert(words)` puts words in front of the message. */
export function openAssets({ projectId, insert }) {
  return new Assets(projectId, insert).open();
}

class Assets {
  #projectId;
  #insert;
  #chosen = new Map();
  #grid = element("ul", { className: "assets", ariaLabel: "アセット一覧" });
  #alert = element("p", { role: "alert", hidden: true });

  constructor(projectId, insert) {
    this.#projectId = projectId;
    this.#insert = insert;
  }

  async open() {
    const words = element("input", { type: "search", ariaLabel: "アセットを検索" });
    const search = element("form", {}, words, element("button", { textContent: "検索" }));
    search.onsubmit = (event) => {
      event.preventDefault();
      this.#attempt(() => this.#search(words.value));
    };
    const shown = tell("アセット", search, this.#uploader(), this.#alert, this.#grid, this.#tools());
    shown.classList.add("wide");
    await this.#attempt(() => this.#list());
  }

  #uploader() {
    const files = element("input", { type: "file", multiple: true, accept: ACCEPTED });
    files.onchange = () => this.#attempt(() => this.#upload([...files.files]));
    return element("label", { className: "upload" }, "アップロード", files);
  }

  #tools() {
    const insert = element("button", { type: "button", textContent: "メッセージに入れる" });
    insert.onclick = () => {
      const lines = [...this.#chosen.values()].map(
        ({ filename, url }, index) => `${index + 1}：画像「${text(filename)}」を使用: ${text(url)}\n`,
      );
      if (lines.length > 0) this.#insert(`${lines.join("")}\n`);
      insert.closest("dialog").close();
    };
    const remove = element("button", { type: "button", textContent: "選んだものを削除" });
    remove.onclick = () => this.#attempt(() => this.#delete());
    return element("div", { className: "choices" }, insert, remove);
  }

  async #list() {
    const own = await this.#assets(`?currentProjectId=${this.#projectId}`);
    const found = await this.#assets("/search");
    this.#show([...own, ...found.filter(({ isPublic, isOwner }) => isPublic && !isOwner)]);
  }

  async #search(words) {
    this.#show(await this.#assets(words ? `/search?q=${encodeURIComponent(words)}` : ""));
  }

  async #assets(query) {
    const { assets } = await answerOf(await authFetch(`/api/assets${query}`));
    return assets;
  }

  async #upload(files) {
    for (const file of files) {
      const body = new FormData();
      body.append("file", await prepared(file), file.name);
      body.append("projectId", this.#projectId);
      body.append("originalName", file.name);
      const reply = await authFetch("/api/assets/upload", { method: "POST", body });
      const { success, asset, error } = await reply.json();
      if (!success) throw new Error(error);
      this.#chosen.set(asset.id, asset);
    }
    await this.#list();
  }

  async #delete() {
    const question = element("p", { textContent: `${this.#chosen.size}個のアセットを削除しますか？` });
    if (!(await ask("アセットの削除", ["削除する", "キャンセル"], question))) return;
    for (const id of this.#chosen.keys()) {
      await authFetch(`/api/assets/${id}`, { method: "DELETE" });
      this.#chosen.delete(id);
    }
    await this.#list();
  }

  #show(assets) {
    const nothing = element("li", { className: "nothing", textContent: "アセットがありません" });
    this.#grid.replaceChildren(...(assets.length ? assets.map((asset) => this.#card(asset)) : [nothing]));
  }

  #card(asset) {
    const choice = element("input", { type: "checkbox", checked: this.#chosen.has(asset.id) });
    choice.onchange = () =>
      choice.checked ? this.#chosen.set(asset.id, asset) : this.#chosen.delete(asset.id);
    const picture = asset.mimeType.startsWith("image/")
      ? element("img", { src: asset.url, alt: "" })
      : element("span", { className: "plain", textContent: "♪" });
    const name = element("span", { className: "name" }, choice, text(asset.filename));
    const projects = (asset.projects ?? []).map((project) => text(project.name)).join("、");
    const used = element("span", { className: "used", textContent: projects });
    return element("li", {}, element("label", {}, picture, name, used));
  }

  /** Do something; what goes wrong is told. */
  async #attempt(act) {
    this.#alert.hidden = true;
    try {
      await act();
    } catch (error) {
      this.#alert.textContent = `エラー: ${error.message}`;
      this.#alert.hidden = false;
    }
  }
}

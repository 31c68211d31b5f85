import { $, element, text } from "/elements.js";
import { remove, rename } from "/projects.js";

const DEFAULT_NAME = "新しいゲーム";

/** The list of games. Methods are named after the frames that they take. */
export class CreatePage {
  #connection;

  constructor(connection) {
    this.#connection = connection;
    $("new-project").onclick = () => connection.send({ type: "createProject", name: DEFAULT_NAME });
  }

  connected(open) {
    if (!open) $("new-project").disabled = true;
  }

  init({ projects }) {
    $("new-project").disabled = false;
    $("error").hidden = true;
    this.#list(projects);
  }

  projectCreated({ project }) {
    location.assign(`/project/${project.id}`);
  }

  projectRenamed({ projects }) {
    this.#list(projects);
  }

  projectDeleted({ projects }) {
    this.#list(projects);
  }

  error({ message }) {
    $("error").textContent = text(message);
    $("error").hidden = false;
  }

  #list(projects) {
    $("no-projects").hidden = projects.length > 0;
    $("projects").replaceChildren(...projects.map((project) => this.#card(project)));
  }

  #card(project) {
    const link = element("a", { href: `/project/${project.id}`, textContent: text(project.name) });
    const tool = (words, act) => {
      const button = element("button", { type: "button", textContent: words });
      button.onclick = () => act(this.#connection, project);
      return button;
    };
    const tools = [tool("名前を変更", rename), tool("削除", remove)];
    return element("li", {}, link, element("div", { className: "choices" }, ...tools));
  }
}

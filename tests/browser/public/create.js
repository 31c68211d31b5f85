import { $, element, text } from "/elements.js";

const DEFAULT_NAME = "新しいゲーム";

/** The list of games. Methods are named after the frames that they take. */
export class CreatePage {
  constructor(connection) {
    $("new-project").onclick = () => connection.send({ type: "createProject", name: DEFAULT_NAME });
  }

  connected(open) {
    if (!open) $("new-project").disabled = true;
  }

  init({ projects }) {
    $("new-project").disabled = false;
    $("error").hidden = true;
    $("no-projects").hidden = projects.length > 0;
    $("projects").replaceChildren(
      ...projects.map(({ id, name }) =>
        element("li", {}, element("a", { href: `/project/${id}`, textContent: text(name) })),
      ),
    );
  }

  projectCreated({ project }) {
    location.assign(`/project/${project.id}`);
  }

  error({ message }) {
    $("error").textContent = text(message);
    $("error").hidden = false;
  }
}

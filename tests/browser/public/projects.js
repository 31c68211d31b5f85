import { ask } from "/dialogs.js";
import { element } from "/elements.js";

const CANCEL = "キャンセル";

/** Ask for another name of a project, and send it. */
export async function rename(connection, { id, name }) {
  const field = element("input", { value: name, required: true, ariaLabel: "新しい名前" });
  const answer = ask("名前を変更", ["変更する", CANCEL], field);
  field.select();
  if (await answer) connection.send({ type: "renameProject", projectId: id, name: field.value });
}

/** Ask whether a project shall go, and have it deleted. */
export async function remove(connection, { id, name }) {
  const warning = element("p", { textContent: `「${name}」を削除しますか？元に戻せません。` });
  if (await ask("削除", ["削除する", CANCEL], warning)) {
    connection.send({ type: "deleteProject", projectId: id });
  }
}

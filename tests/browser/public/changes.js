import { tell } from "/dialogs.js";
import { element, text } from "/elements.js";

const TITLE = "変更箇所";
const KINDS = { "+": "added", "-": "removed" };

/** The edits of a version or of a job: each is a diff, or what was replaced in a file. */
export function showChanges(edits, summary) {
  const changes = edits.map(({ diff, ...edit }) => (diff === undefined ? replaced(edit) : lines(diff)));
  const nothing = element("p", { textContent: "変更箇所はありません" });
  const said = summary ? [element("p", { textContent: text(summary) })] : [];
  return tell(TITLE, ...said, ...(changes.length > 0 ? changes : [nothing]));
}

/** The button that leads to changes. */
export function changesButton(open) {
  const button = element("button", { type: "button", textContent: "変更箇所を見る" });
  button.onclick = open;
  return element("div", { className: "actions" }, button);
}

function replaced({ path, old_string, new_string }) {
  const marked = (mark, words) => linesOf(words).map((line) => `${mark}${line}`);
  const diff = [...marked("-", old_string), ...marked("+", new_string)].join("\n");
  const file = element("h3", { textContent: text(path) });
  return element("section", { className: "change" }, file, lines(diff));
}

function lines(diff) {
  const shown = linesOf(diff).map((line) =>
    element("span", { className: KINDS[line[0]] ?? "", textContent: `${line}\n` }),
  );
  return element("pre", { className: "code", tabIndex: 0 }, ...shown);
}

const linesOf = (words) => text(words).replace(/\n$/, "").split("\n");

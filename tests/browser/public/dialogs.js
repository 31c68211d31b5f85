import { element, text } from "/elements.js";

/** A dialog in front of the page; it goes when it is closed. */
export function show(title, ...content) {
  const heading = element("h2", { textContent: text(title) });
  const shown = element("dialog", { ariaLabel: title }, heading, ...content);
  shown.addEventListener("close", () => shown.remove());
  document.body.append(shown);
  shown.showModal();
  return shown;
}

/** Something to read, and a button that closes it. */
export function tell(title, ...content) {
  const close = element("button", { type: "button", textContent: "閉じる" });
  const shown = show(title, ...content, element("div", { className: "choices" }, close));
  close.onclick = () => shown.close();
  return shown;
}

/** Resolves to whether somebody confirmed; the labels are those of the two buttons. */
export function ask(title, [yes, no], ...content) {
  const confirm = element("button", { className: "primary", value: "yes", textContent: text(yes) });
  const cancel = element("button", { formNoValidate: true, textContent: text(no) });
  const choices = element("div", { className: "choices" }, confirm, cancel);
  const shown = show(title, element("form", { method: "dialog" }, ...content, choices));
  return new Promise((resolve) => {
    shown.addEventListener("close", () => resolve(shown.returnValue === "yes"));
  });
}

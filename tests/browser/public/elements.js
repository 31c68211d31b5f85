/** An element with these properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** The element with an id. */
export const $ = (id) => document.getElementById(id);

/** The same text. What is no text is a broken frame. */
export function text(value) {
  if (typeof value !== "string") throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}

import { $, element, text } from "/elements.js";

const AT_ONCE = ["2Dで作成", "3Dで作成"];
const SHOWN_STYLES = 10;
const SUGGESTIONS = /\n\n提案: (.+)$/;

/** The conversation: what was said, what can be chosen. */
export class Chat {
  #say;
  #choose;

  /** `say(words)` sends a message, `choose(choice)` the answer to a question for the style. */
  constructor(say, choose) {
    this.#say = say;
    this.#choose = choose;
  }

  /** One bubble; `role` is user, assistant or error. */
  add(role, content) {
    const bubble = element("div", { className: `message ${role}`, textContent: text(content) });
    $("messages").append(bubble);
    bubble.scrollIntoView();
  }

  /** What was said before. The newest version belongs to the newest answer, and so on. */
  restore(history, versions) {
    $("messages").replaceChildren();
    for (const { role, content } of history) {
      const [, suggested] = text(content).match(SUGGESTIONS) ?? [];
      this.add(role, content.replace(SUGGESTIONS, ""));
      if (suggested) this.#suggest(suggested.split("、"));
    }
    const answers = [...$("messages").querySelectorAll(".assistant")].reverse();
    versions.forEach(({ hash }, index) => answers[index]?.setAttribute("data-version", hash));
  }

  /** An answer, and what could be said next. */
  answer(message, suggestions = []) {
    this.add("assistant", message);
    if (suggestions.length > 0) this.#suggest(suggestions);
  }

  /** Cards with styles; the first ten at once. */
  offer(dimension, styles, originalMessage) {
    const content = text(originalMessage);
    const cards = styles.map(({ id, name, imageUrl }) => {
      const picture = imageUrl
        ? element("img", { src: imageUrl, alt: "" })
        : element("span", { className: "plain" });
      const card = element("button", { type: "button" }, picture, text(name));
      card.onclick = () => pick({ content, selectedStyle: { dimension, styleId: id } });
      return card;
    });
    const rest = cards.slice(SHOWN_STYLES);
    for (const card of rest) card.hidden = true;
    const more = element("button", { type: "button", className: "more", textContent: "もっと見る" });
    more.onclick = () => {
      for (const card of rest) card.hidden = false;
      more.remove();
    };
    const skip = element("button", { type: "button", className: "more", textContent: "スキップ" });
    skip.onclick = () => pick({ content, skipStyleSelection: true });
    const offer = element("div", { className: "styles" }, ...cards, ...(rest.length ? [more] : []), skip);
    const pick = (choice) => {
      offer.remove();
      this.#choose(choice);
    };
    $("messages").append(offer);
    offer.scrollIntoView();
  }

  #suggest(suggestions) {
    const buttons = suggestions.map((suggestion) => {
      const button = element("button", { type: "button", textContent: text(suggestion) });
      button.onclick = () => {
        if (AT_ONCE.includes(suggestion)) this.#say(suggestion);
        else $("content").value = suggestion;
      };
      return button;
    });
    $("messages").append(element("div", { className: "choices" }, ...buttons));
  }
}

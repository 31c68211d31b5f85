import { changesButton, showChanges } from "/changes.js";
import { $, element, text } from "/elements.js";

const AT_ONCE = ["2Dで作成", "3Dで作成"];
const SHOWN_STYLES = 10;
const SUGGESTIONS = /\n\n提案: (.+)$/;

/** The conversation: what was said, what can be chosen. */
export class Chat {
  #say;
  #choose;
  #compare;
  #place;
  #code;

  /** `say(words)` sends a message, `choose(choice)` the answer to a question for the style;
   * `compare(hash)` shows what a version changed. */
  constructor(projectId, { say, choose, compare }) {
    this.#say = say;
    this.#choose = choose;
    this.#compare = compare;
    this.#place = `geminiChange_${projectId}`;
    this.#code = JSON.parse(localStorage.getItem(this.#place));
    // What appears next to the conversation takes room from it.
    new ResizeObserver(() => this.#scroll()).observe($("messages"));
  }

  /** One bubble; `role` is user, assistant or error. */
  add(role, content) {
    const bubble = element("div", { className: `message ${role}`, textContent: text(content) });
    $("messages").append(bubble);
    this.#scroll();
    return bubble;
  }

  /** The code of a job, for the next answer: a reload until then does not lose it. */
  keep(code) {
    this.#code = code;
    localStorage.setItem(this.#place, JSON.stringify(code));
  }

  /** There will be no answer to the code. */
  forget() {
    this.#code = null;
    localStorage.removeItem(this.#place);
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
    versions.slice(0, answers.length).forEach(({ hash }, index) => {
      answers[index].after(changesButton(() => this.#compare(hash)));
    });
    this.#scroll();
  }

  /** An answer, and what could be said next. */
  answer(message, suggestions = []) {
    const bubble = this.add("assistant", message);
    const { edits = [], summary } = this.#code ?? {};
    this.forget();
    if (edits.length > 0) bubble.after(changesButton(() => showChanges(edits, summary)));
    this.#scroll();
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
    this.#scroll();
  }

  #scroll() {
    $("messages").scrollTop = $("messages").scrollHeight;
  }
}

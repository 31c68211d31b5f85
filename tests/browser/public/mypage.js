import { $, element, text } from "/elements.js";
import { answerOf, authFetch, session } from "/session.js";
import { thumbnail } from "/thumbnail.js";

const INSERTING_MS = 800;

async function showGames() {
  const { projects } = await answerOf(await authFetch("/api/projects"));
  const slot = element("a", { href: "/create", textContent: "+ 新しいゲーム" });
  $("games").append(...projects.map(card), element("li", {}, slot));
}

function card({ id, name, description }) {
  const picture = thumbnail({ id }, session.access_token);
  const words = element("small", { textContent: text(description) });
  const play = element("button", { type: "button" }, picture, text(name), words);
  play.onclick = () => {
    play.classList.add("inserted");
    setTimeout(() => location.assign(`/play/${id}`), INSERTING_MS);
  };
  return element("li", {}, play);
}

if (session === null) location.replace("/");
else {
  showGames().catch(({ message }) => {
    $("error").textContent = `エラー: ${message}`;
    $("error").hidden = false;
  });
}

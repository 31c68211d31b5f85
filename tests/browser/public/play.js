import { $, text } from "/elements.js";
import { answerOf, authFetch, session } from "/session.js";

const projectId = location.pathname.split("/")[2];

async function play() {
  const { id, name, description } = await answerOf(await authFetch(`/api/projects/${projectId}`));
  $("title").textContent = document.title = text(name);
  $("description").textContent = description ?? "";
  $("description").hidden = !description;
  $("game").src = `/game/${session.user.id}/${id}/index.html?access_token=${session.access_token}`;
  $("game").hidden = false;
}

play().catch(({ message }) => {
  $("error").textContent = `エラー: ${message}`;
  $("error").hidden = false;
});

import { $, element, text } from "/elements.js";
import { Media } from "/media.js";
import { answerOf, authFetch } from "/session.js";

const SAVING_MS = 1000;
const MOST_TAGS = 10;
const EMPTY = {
  title: "",
  description: "",
  howToPlay: "",
  tags: [],
  visibility: "public",
  remix: "allowed",
  thumbnailUrl: null,
};
const TEXTS = ["title", "description", "howToPlay"];
const CHOICES = ["visibility", "remix"];

const projectId = new URLSearchParams(location.search).get("id");
const project = `/api/projects/${projectId}`;
const media = new Media(project, (thumbnailUrl) => change({ thumbnailUrl }), tell);
let draft = EMPTY;
let later = null;
let saving = Promise.resolve();

async function open() {
  $("back").href = `/editor.html?id=${projectId}`;
  const { name } = await answerOf(await authFetch(project));
  $("project").textContent = text(name);
  const reply = await authFetch(`${project}/publish-draft`);
  const kept = reply.ok ? await reply.json() : null;
  draft = { ...EMPTY, ...kept };
  if (kept === null) await begin();
  show();
  await media.findMovie();
}

/** The first time: words from the game, and a picture as soon as it is there. */
async function begin() {
  await generate();
  await save();
  media.generate(draft.title).catch(() => {}); // the page shows that there is none
}

async function generate() {
  const reply = await authFetch(`${project}/generate-publish-info`, json("POST", {}));
  const { title, description, howToPlay, tags } = await answerOf(reply);
  draft = { ...draft, title, description, howToPlay, tags };
}

function show() {
  const fields = $("draft").elements;
  for (const name of TEXTS) fields[name].value = text(draft[name]);
  for (const name of CHOICES) fields[name].value = draft[name];
  $("tags").replaceChildren(...draft.tags.map(tagged));
  media.show(draft.thumbnailUrl);
  $("draft").hidden = $("media").hidden = false;
}

function tagged(tag) {
  const button = element("button", { type: "button", textContent: `${text(tag)} ×` });
  button.onclick = () => change({ tags: draft.tags.filter((other) => other !== tag) });
  return element("li", {}, button);
}

function change(changed) {
  draft = { ...draft, ...changed };
  show();
  saveSoon();
}

function saveSoon() {
  $("saving").textContent = "入力中…";
  clearTimeout(later);
  later = setTimeout(() => save().catch(tell), SAVING_MS);
}

/** One after the other, so that the last one stays. */
function save() {
  saving = saving.catch(() => {}).then(put);
  return saving;
}

async function put() {
  const kept = draft;
  $("saving").textContent = "保存中…";
  await answerOf(await authFetch(`${project}/publish-draft`, json("PUT", kept)));
  if (draft === kept) $("saving").textContent = "保存しました";
}

async function publish() {
  const reply = await authFetch(`${project}/publish`, json("POST", draft));
  if (!reply.ok) return alert("登録に失敗しました");
  const { gameId } = await reply.json();
  location.assign(`/game.html?id=${gameId}`);
}

function json(method, body) {
  const headers = { "content-type": "application/json" };
  return { method, headers, body: JSON.stringify(body) };
}

function tell({ message }) {
  $("error").textContent = `エラー: ${message}`;
  $("error").hidden = false;
}

$("draft").oninput = ({ target: { name, value } }) => {
  if (!(name in EMPTY)) return;
  draft = { ...draft, [name]: value };
  saveSoon();
};
$("draft").onsubmit = (event) => {
  event.preventDefault();
  publish();
};
$("tag").onkeydown = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const tag = $("tag").value.trim();
  if (tag && draft.tags.length < MOST_TAGS) change({ tags: [...draft.tags, tag] });
  $("tag").value = "";
};
$("regenerate").onclick = () => generate().then(() => change({})).catch(tell);
open().catch(tell);

import { Chat } from "/chat.js";
import { $ } from "/elements.js";
import { Files } from "/files.js";
import { Preview } from "/preview.js";
import { remove, rename } from "/projects.js";
import { Versions } from "/versions.js";

const INFORMATION_DELAY_MS = 2000;
const UPDATED = "ゲームを更新しました";

/** One project. Methods are named after the frames that they take. */
export class Editor {
  #connection;
  #connected = false;
  #projectId = location.pathname.split("/").pop();
  #jobId = null;

  constructor(connection) {
    this.#connection = connection;
    this.versions = new Versions(connection, this.#projectId, (words) => this.chat.answer(words));
    this.chat = new Chat(this.#projectId, {
      say: (words) => this.#say(words),
      choose: (choice) => this.#send(choice),
      compare: (hash) => this.versions.compare(hash),
    });
    this.preview = new Preview((content) => this.#send({ content, autoFix: true }));
    $("composer").onsubmit = (event) => {
      event.preventDefault();
      const words = $("content").value.trim();
      if (!this.#connected) connection.reconnect();
      else if (words) this.#say(words);
      $("content").value = "";
    };
    $("stop").onclick = () => {
      const job = this.#jobId === null ? {} : { jobId: this.#jobId };
      connection.send({ type: "cancel", ...job });
    };
    this.#offerTools();
  }

  get #project() {
    return { id: this.#projectId, name: $("title").textContent };
  }

  #offerTools() {
    const connection = this.#connection;
    const failed = (words) => this.chat.add("error", words);
    const files = new Files(this.#projectId, connection.token, failed);
    $("open-versions").onclick = () => this.versions.open();
    $("open-assets").onclick = () => this.#openAssets();
    $("open-code").onclick = () => files.showCode();
    $("download").onclick = () => files.download(this.#project.name);
    $("publish").href = `/publish.html?id=${this.#projectId}`;
    $("rename").onclick = () => rename(connection, this.#project);
    $("delete").onclick = () => remove(connection, this.#project);
  }

  /** The asset picker is another page's worth of code, loaded by whoever wants it. */
  #openAssets() {
    const insert = (words) => ($("content").value = words + $("content").value);
    const opening = { projectId: this.#projectId, connection: this.#connection, insert };
    import("/assets.js").then(({ openAssets }) => openAssets(opening));
  }

  #say(content) {
    this.chat.add("user", content);
    const debugOptions = { disableSkills: false, useClaude: false };
    this.#send({ content, debugOptions });
  }

  #send(message) {
    this.#connection.send({ type: "message", ...message });
  }

  #process(progress) {
    $("work").hidden = $("stop").hidden = progress === null;
    $("send").hidden = progress !== null;
    if (progress === null) this.#jobId = null;
    else $("progress").textContent = progress;
  }

  connected(open) {
    this.#connected = open;
    $("send").textContent = open ? "送信" : "再接続する";
    $("content").disabled = !open;
  }

  init({ userId, projects }) {
    this.#process(null);
    if (!projects.some(({ id }) => id === this.#projectId)) return location.assign("/create");
    const game = `/game/${userId}/${this.#projectId}/index.html`;
    this.preview.address = () => `${game}?t=${Date.now()}&access_token=${this.#connection.token}`;
    this.projectInfo({ project: projects.find(({ id }) => id === this.#projectId) });
    this.#connection.send({ type: "selectProject", projectId: this.#projectId });
  }

  projectSelected({ history, versions, activeJob }) {
    this.#process(null);
    this.chat.restore(history, versions);
    if (history.length > 0) this.preview.load();
    else this.preview.hide();
    if (activeJob === null) return this.chat.forget();
    this.#jobId = activeJob.id;
    this.#process(`処理中... ${activeJob.progress}%`);
    $("stream").textContent = activeJob.progress_message ?? "";
  }

  styleOptions({ dimension, styles, originalMessage }) {
    this.chat.offer(dimension, styles, originalMessage);
  }

  jobStarted({ job, isExisting }) {
    this.#jobId = job.id;
    $("stream").textContent = "";
    this.#process(isExisting ? `Resuming job... ${job.progress}%` : "Starting...");
  }

  started() {
    $("progress").textContent = "処理中...";
  }

  progress({ progress, message }) {
    $("progress").textContent = `処理中... ${progress}%`;
    if (message) this.stream({ content: `\n[${message}]\n` });
  }

  stream({ content }) {
    $("stream").append(content.toString());
    $("stream").scrollTop = $("stream").scrollHeight;
  }

  geminiCode(frame) {
    this.chat.keep(frame);
  }

  geminiRestore(frame) {
    this.#process(null);
    this.versions.propose(frame);
  }

  versionsList({ versions }) {
    this.versions.take(versions);
  }

  versionEdits(frame) {
    this.versions.takeEdits(frame);
  }

  versionRestored({ versionId }) {
    this.chat.answer(`バージョン ${versionId} に戻しました`);
    this.preview.load();
  }

  geminiChat({ message, suggestions }) {
    this.#process(null);
    this.chat.answer(message, suggestions);
  }

  completed({ result, message }) {
    this.#process(null);
    if (["chat", "restore"].includes(result?.mode)) return;
    this.chat.answer(result?.message || message || UPDATED);
    this.preview.load();
  }

  gameUpdated() {
    this.preview.load();
    const asking = { type: "getProjectInfo", projectId: this.#projectId };
    setTimeout(() => this.#connection.send(asking), INFORMATION_DELAY_MS);
  }

  failed({ error }) {
    this.#process(null);
    this.chat.forget();
    this.chat.add("error", `エラー: ${error}`);
  }

  cancelled() {
    this.#process(null);
    this.chat.forget();
    this.chat.add("assistant", "停止しました");
  }

  error({ message }) {
    this.#process(null);
    this.chat.add("error", message);
  }

  projectInfo({ project }) {
    if (project.id === this.#projectId) $("title").textContent = document.title = project.name;
  }

  projectRenamed({ project }) {
    if (project !== null) this.projectInfo({ project });
  }

  projectDeleted({ projectId }) {
    if (projectId === this.#projectId) location.assign("/create");
  }
}

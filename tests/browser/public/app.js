// A small stand-in for the frontend: it speaks the protocol as `contract/legacy-ws.md` says that
// browsers do, and like them it stumbles over frames that lack what they need.
import { Connection } from "/connection.js";
import { CreatePage } from "/create.js";
import { Editor } from "/editor.js";
import { session } from "/session.js";

if (session === null) location.replace("/");
else {
  const connection = new Connection(session.access_token);
  const Page = document.body.dataset.page === "editor" ? Editor : CreatePage;
  const page = new Page(connection);
  connection.open(
    (frame) => page[frame.type]?.(frame),
    (text, open) => {
      document.getElementById("connection").textContent = text;
      page.connected(open);
    },
  );
}

"""Exchanges recorded with the legacy server, replayed: status, headers, and bodies where kept.

Left out: the checks of `/play/{id}`, which no browser could pass (`contract/legacy-http.md` §0.5).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.adapters.pages.exchange import Reply
from tests.adapters.pages.served import INDEX, U1, U2, Served

_EXCHANGES: Final = Path(__file__).with_name("golden.jsonl")
_USERS: Final = {"u1": U1, "u2": U2}
_ERROR_PAGE: Final = "HTML-ERROR-PAGE: "


async def test_the_answers_are_as_recorded(served: Served) -> None:
    files = {"index.html": INDEX, "js/app.js": b"console.log(1)\n", "two.html": b"<body>nohead"}
    await served.publish(files)
    differences = []
    for line in _EXCHANGES.read_text().splitlines():
        recorded = json.loads(line)
        if recorded["case"] == "thumb":
            await served.publish({"thumbnail.webp": b"P" * 70})
        reply = await _replay(served, recorded)
        differences += [f"{recorded['case']}: {what}" for what in _differences(recorded, reply)]
    assert differences == []


async def _replay(served: Served, recorded: dict[str, Any]) -> Reply:
    target, headers = recorded["path"], {}
    if recorded["auth"] is not None:
        token = served.token(_USERS[recorded["auth"]])
        if recorded["via"] == "header":
            headers["Authorization"] = f"Bearer {token}"
        else:
            target += f"{'&' if '?' in target else '?'}access_token={token}"
    return await served.get(target, headers, recorded["method"])


def _differences(recorded: dict[str, Any], reply: Reply) -> Iterator[str]:
    if reply.status != recorded["status"]:
        yield f"status {reply.status}"
    for name, value in recorded["headers"].items():
        if reply.headers.get(name) != value:
            yield f"{name}: {reply.headers.get(name)}"
    body = recorded["body"]
    if isinstance(body, dict):
        same = body.items() <= reply.json.items()
    elif body is None:
        same = True
    else:
        title = body.removeprefix(_ERROR_PAGE)
        shown = f"<pre>{title}" if title != body else title
        same = shown in reply.body.decode()
    if not same:
        yield f"body {reply.body!r}"

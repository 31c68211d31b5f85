"""Exchanges recorded with the legacy server, in their order: status, headers, and bodies by key."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.adapters.pages.api.seeded import Seeded
from tests.adapters.pages.exchange import Reply
from tests.adapters.pages.served import U1, U2

_EXCHANGES: Final = Path(__file__).with_name("golden.jsonl")
_USERS: Final = {"u1": U1, "u2": U2}
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,6}\+00:00")
# What may differ, and why. A job that waits is taken up when the gateway starts: nothing here stays
# an orphan. §7.2 of `contract/legacy-http.md` wants the real row from cancel.
_DIVERGENCES: Final = {
    "job": {"status": "processing"},
    "active": {"job.status": "processing"},
    "cancel": {"job": "a row"},
}


async def test_the_answers_are_as_recorded(api: Seeded) -> None:
    await api.scene.execution.started.wait()
    differences = {}
    for line in _EXCHANGES.read_text().splitlines():
        recorded = json.loads(line)
        found = dict(_differences(recorded, await _replay(api, recorded)))
        if recorded["case"] == "cancel" and found["job"]["status"] == "cancelled":
            found["job"] = "a row"
        if found:
            differences[recorded["case"]] = found
    assert differences == _DIVERGENCES


async def _replay(api: Seeded, recorded: dict[str, Any]) -> Reply:
    target, auth, user = recorded["path"], recorded["auth"], None
    headers = dict(recorded["req_headers"] or {})
    if "Authorization" in headers:
        token = api.scene.token_of(U1)
        headers["Authorization"] = headers["Authorization"].replace("<jwt>", token)
    if recorded["auth_via"] == "query":
        target += f"?access_token={api.scene.token_of(_USERS[auth])}"
    elif auth in _USERS:
        user = _USERS[auth]
    elif auth is not None:
        headers["Authorization"] = f"Bearer {api.bad_token(auth)}"
    return await api.send(target, user, recorded["method"], headers)


def _differences(recorded: dict[str, Any], reply: Reply) -> Iterator[tuple[str, Any]]:
    if reply.status != recorded["status"]:
        yield "status code", reply.status
    for name, value in recorded["headers"].items():
        if reply.headers.get(name) != value:
            yield name, reply.headers.get(name)
    body = recorded["body"]
    if isinstance(body, dict):
        yield from _keys(_timeless(body), _timeless(reply.json))
    elif not body.startswith("BINARY ") and body != reply.body.decode():
        yield "body", reply.body.decode()


def _keys(recorded: dict[str, Any], given: dict[str, Any], prefix: str = "") -> Iterator[Any]:
    for key in recorded.keys() | given.keys():
        before, now = recorded.get(key, "missing"), given.get(key, "missing")
        if isinstance(before, dict) and before and isinstance(now, dict):
            yield from _keys(before, now, f"{prefix}{key}.")
        elif before != now:
            yield f"{prefix}{key}", now


def _timeless(body: Any) -> Any:
    """Times differ; their form does not (the recorded database kept milliseconds only)."""
    return json.loads(_TIME.sub("a time", json.dumps(body)))

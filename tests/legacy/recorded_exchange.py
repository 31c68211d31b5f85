"""One recorded exchange: the request to send again, and how an answer differs from its own.

Source: `contract/legacy-http-golden.md`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.adapters.pages.assets.forms import PNG, Part, form
from tests.adapters.pages.exchange import Reply
from tests.adapters.pages.served import U1, U2
from tests.legacy.http_stand import Stand

Differences = dict[str, Any]

_RECORDS: Final = Path(__file__).with_name("recorded.jsonl")
_SUPABASE_URL: Final = "http://127.0.0.1:54999"
_USERS: Final = {"u1": U1, "u2": U2}
_FILES: Final = {"p.png": PNG, "exact.png": bytes(2**20), "x.txt": b"x"}
_ERROR_PAGE: Final = "HTML-ERROR-PAGE: "
_TIMES: Final = (
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,6}(\+00:00|Z)"), "a time"),
    (re.compile(r"(?<=\?t=)\d{13}"), "a time"),
    (re.compile(r'(?<="uptime": )\d+(\.\d+)?'), '"a time"'),
)


@dataclass(frozen=True)
class Exchange:
    """A line of the recording; asset ids in it are those of the legacy server."""

    record: Mapping[str, Any]

    @property
    def case(self) -> str:
        """Its name, which may be another one's too."""
        name: str = self.record["case"]
        return name

    def as_of(self, stand: Stand, ids: Mapping[str, str]) -> "Exchange":
        """With the addresses and ids that this gateway has."""
        text = json.dumps(self.record)
        for before, now in {_SUPABASE_URL: stand.supabase_url, **ids}.items():
            text = text.replace(before, now)
        return Exchange(json.loads(text))

    async def replay(self, stand: Stand) -> Reply:
        """Send the request."""
        target, auth = self.record["path"], self.record["auth"]
        headers = dict(self.record["req_headers"] or {})
        if "Authorization" in headers:
            authorization = headers["Authorization"].replace("<jwt>", stand.token(U1))
            headers["Authorization"] = authorization
        if auth is not None:
            known = auth in _USERS
            token = stand.token(_USERS.get(auth, U1), None if known else auth)
            if self.record["auth_via"] == "query":
                target += f"{'&' if '?' in target else '?'}access_token={token}"
            else:
                headers["Authorization"] = f"Bearer {token}"
        content_type, body = _body(self.record["request"])
        if content_type is not None:
            headers["Content-Type"] = content_type
        return await stand.send(self.record["method"], target, headers, body)

    def learnt(self, reply: Reply) -> dict[str, str]:
        """The id of what was uploaded: the recorded one, and ours."""
        body = self.record["body"]
        uploaded = isinstance(body, dict) and "alias" in body.get("asset", {})
        if not uploaded or reply.status != self.record["status"]:
            return {}
        return {body["asset"]["id"]: reply.json["asset"]["id"]}

    def differences(self, reply: Reply, headers: frozenset[str]) -> Differences:
        """What of the status, of these headers and of the body is not as recorded."""
        found: Differences = {}
        if reply.status != self.record["status"]:
            found["status"] = reply.status
        for name in headers:
            if reply.headers.get(name) != self.record["headers"].get(name):
                found[name] = reply.headers.get(name)
        return found | dict(self._in_body(reply))

    def _in_body(self, reply: Reply) -> Iterator[tuple[str, Any]]:
        body, text = self.record["body"], reply.body.decode(errors="replace")
        if isinstance(body, dict) or "body_literal" in self.record:
            yield from _by_key(_timeless(body), _timeless(_json(text)))
        elif body is None or self._is_page(body):
            return
        elif body.startswith("BINARY "):
            if f"BINARY {len(reply.body)} bytes" != body:
                yield "bytes", len(reply.body)
        elif body.startswith(_ERROR_PAGE):
            if f"<pre>{body.removeprefix(_ERROR_PAGE)}" not in text:
                yield "body", _json(text)
        elif text != body:
            yield "body", text

    def _is_page(self, body: str) -> bool:
        """Of the frontend, or a game's with our script: only their headers are compared."""
        frontend = self.case.startswith("page ") and not body.startswith(_ERROR_PAGE)
        return frontend or body.startswith("HTML ")


def recorded() -> list[Exchange]:
    """All of them, in their order."""
    return [Exchange(json.loads(line)) for line in _RECORDS.read_text().splitlines()]


def recorded_headers(exchanges: list[Exchange]) -> frozenset[str]:
    """The headers that belong to the contract: those that any answer has."""
    return frozenset(name for exchange in exchanges for name in exchange.record["headers"])


def _body(request: Any) -> tuple[str | None, bytes]:
    if request is None:
        return None, b""
    if isinstance(request, list):
        return form(*map(_part, request))
    text = request if isinstance(request, str) else json.dumps(request)
    return "application/json", text.encode()


def _part(field: str) -> Part:
    """From `name=value`, or `name=@FILE;type=MEDIA_TYPE`."""
    name, _, value = field.partition("=")
    if not value.startswith("@"):
        return Part(name, value.encode())
    filename, _, media_type = value.removeprefix("@").partition(";type=")
    return Part(name, _FILES[filename], filename, media_type or "image/png")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _by_key(recorded: Any, given: Any, path: str = "body") -> Iterator[tuple[str, Any]]:
    """Each key that is not the same, with our value."""
    if isinstance(recorded, dict) and recorded and isinstance(given, dict):
        for key in recorded.keys() | given.keys():
            before, now = recorded.get(key, "missing"), given.get(key, "missing")
            yield from _by_key(before, now, f"{path}.{key}")
    elif recorded != given:
        yield path, given


def _timeless(body: Any) -> Any:
    """Times differ; their form does not (the recorded database kept milliseconds only)."""
    text = json.dumps(body)
    for pattern, mask in _TIMES:
        text = pattern.sub(mask, text)
    return json.loads(text)

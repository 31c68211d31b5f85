"""What is true of every answer, whatever was asked, and what breaks a request."""

import json
import re
from dataclasses import replace
from random import Random
from typing import Final

from tests.adapters.pages.exchange import Reply
from tests.legacy.http_model import Expected
from tests.legacy.http_visitor import Asked

_UNAVAILABLE: Final = (
    "Image generation service not available",
    "Movie generation service not available",
    "Background removal service not configured",
)
_BARE: Final = (b"Not found", b"File not found", b"Game file not found", b"Movie not found")
_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "PROPFIND")
_HARMLESS: Final = ("GET", "HEAD", "PATCH", "PROPFIND")
_PREFIXES: Final = ("/api/assets/", "/user-assets/", "/global-assets/", "/game/")
_INSIDE: Final = re.compile(
    rb"Traceback|site-packages|\.py\b|sqlite|errno|/gateway/", re.IGNORECASE
)
_ADDRESSES: Final = (
    *("/api/projects/", "/api/assets/", "/api/jobs/", "/user-assets/", "/game/", "/"),
    *("/api/assets/upload", "/api/generate-image", "/api/assets/remove-background", "/images/"),
)
_KINDS: Final = (
    *("", "application/json", "application/json; charset=utf-16", "multipart/form-data"),
    *('multipart/form-data; boundary="', "multipart/form-data; boundary=\xff; charset=utf-7"),
)
_HEADERS: Final[tuple[dict[str, str], ...]] = (
    {"Range": "bytes=0-1,2-3"},
    {"Range": f"bytes={'9' * 30}-"},
    {"Content-Encoding": "gzip"},
    {"Authorization": "Bearer \xff.\xfe.x"},
    {"Authorization": f"Bearer {'x' * 20_000}"},
    {"If-None-Match": "*", "If-Modified-Since": "x"},
    {"Accept": "text/html", "Origin": "null"},
    {"Origin": "https://elsewhere.example\t", "Cookie": "access_token=x"},
)
_PIECES: Final = (
    *("%00", "%0d%0a", "%F0%9F%8E%AE", "%C0%AE", "%", "%zz", "%25%32%65", "é", "\\", "|"),
    *("..", "%2e%2e%2f", ";a=b", "//", "?access_token", "?q=%FF", "&", "#x", "x" * 3_000),
)


def check_form(reply: Reply) -> None:
    """A failure has one of the documented forms, and tells nothing of our inside."""
    if reply.status >= 500:
        assert reply.status == 503
        assert reply.json["error"] in _UNAVAILABLE
    if reply.status < 400:
        return
    assert _INSIDE.search(reply.body) is None, reply.body
    kind = reply.headers.get("content-type", "")
    if kind == "application/json; charset=utf-8":
        if reply.body:
            assert set(reply.json) <= {"error", "success"}
            assert isinstance(reply.json["error"], str)
            assert reply.json["error"]
    elif kind == "text/plain; charset=utf-8":  # what is no HTTP never reaches an address
        assert reply.status == 400
    else:
        assert kind == "text/html; charset=utf-8"
        unknown = b"<pre>Cannot " in reply.body or not reply.body
        assert unknown or reply.body in _BARE or reply.status == 416, reply.body
        if b"<pre>" in reply.body:
            assert reply.headers["content-security-policy"] == "default-src 'none'"


def check_expected(expected: Expected, reply: Reply) -> None:
    """The answer is the one that the model told."""
    assert reply.status == expected.status
    if expected.keys is not None:
        assert expected.keys.items() <= reply.json.items()
    if expected.body is not None:
        assert reply.body == expected.body
    assert expected.holds is None or expected.holds(reply)


def check_hidden(hidden: set[str], reply: Reply) -> None:
    """Nothing of anybody else is in the answer."""
    text = reply.body.decode(errors="replace") + json.dumps(reply.headers)
    assert not [name for name in hidden if name in text]


def varied(random: Random, asked: Asked) -> Asked:
    """The same request otherwise: by HEAD, in other letters, with a body that nobody reads."""
    form, path = random.random(), asked.target.partition("?")[0]
    if form < 0.25 and asked.method == "GET":
        headed = Expected(asked.expected.status, body=b"") if asked.expected else None
        return replace(asked, method="HEAD", expected=headed)
    if form < 0.5:
        told = Expected(200, body=b"OK" if path.startswith(_PREFIXES) else None)
        return replace(asked, method="OPTIONS", expected=told, body=b"", learn=None)
    if form < 0.75:
        method = random.choice([name for name in _METHODS if name not in asked.methods])
        page = Expected(404, holds=lambda reply: f"Cannot {method} ".encode() in reply.body)
        return replace(asked, method=method, expected=page, body=b"", learn=None)
    if not path.startswith("/api/"):
        return replace(asked, headers={**asked.headers, "Range": "bytes=x", "X-Odd": "é" * 20})
    return replace(asked, target=asked.target.replace(path, f"/API{path[4:]}/", 1))


def strange(random: Random, asked: Asked) -> Asked:
    """A request whose answer nobody foretells, but which changes nothing."""
    pieces = "".join(random.choices(_PIECES, k=random.randint(1, 4)))
    begun = asked.target[: random.randint(1, len(asked.target))].partition("?")[0]
    address = random.choice([*_ADDRESSES, begun, begun, begun])
    methods = _METHODS if address in _ADDRESSES else _HARMLESS
    body = random.randbytes(random.choice([0, 20, 3_000]))
    headers = {"Content-Type": random.choice(_KINDS), **random.choice(_HEADERS)}
    if random.random() < 0.8:
        headers = {**asked.headers, **headers}
    return Asked(random.choice(methods), address + pieces, asked.viewer, None, headers, body)

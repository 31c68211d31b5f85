"""Which part of a content a request gets: conditions and ranges (RFC 9110 §13, §14). No I/O.

As the legacy server did: weak validators are good enough for `If-Range`, and what is no single
range of bytes is ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

_RANGE: Final = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


@dataclass(frozen=True, slots=True)
class Content:
    """A body that can be asked for. `modified` is in whole seconds, UTC."""

    size: int
    media_type: str
    etag: str
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, every header, and which bytes follow: from `start` up to `stop`.

    HEAD has the same answer as GET, without the bytes.
    """

    status: int
    headers: dict[str, str]
    start: int = 0
    stop: int = 0


def answer(method: str, request: Mapping[str, str], content: Content) -> Answer:
    """For GET and HEAD; `request` has lower-case names or ignores case."""
    headers = {
        "accept-ranges": "bytes",
        "content-type": content.media_type,
        "etag": content.etag,
        **content.headers,
    }
    if content.modified is not None:
        headers["last-modified"] = format_datetime(content.modified, usegmt=True)
    if _unchanged(request, content):
        del headers["content-type"]
        return Answer(304, headers)
    part = _part(request, content) if method == "GET" else None
    if part is not None and not part:
        nothing = {"content-range": f"bytes */{content.size}", "content-length": "0"}
        return Answer(416, {**headers, **nothing})
    sent = range(content.size) if part is None else part
    headers["content-length"] = str(len(sent))
    if part is not None:
        headers["content-range"] = f"bytes {sent.start}-{sent.stop - 1}/{content.size}"
    return Answer(200 if part is None else 206, headers, sent.start, sent.stop)


def _unchanged(request: Mapping[str, str], content: Content) -> bool:
    known = request.get("if-none-match")
    if known is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or content.etag.removeprefix("W/") in tags
    since = _date(request.get("if-modified-since"))
    return since is not None and content.modified is not None and content.modified <= since


def _part(request: Mapping[str, str], content: Content) -> range | None:
    """The bytes that are asked for, empty when there are none of these; None: all of them."""
    asked = _RANGE.fullmatch(request.get("range", ""))
    if asked is None or not _is_of(request, content):
        return None
    first, last = (int(digits) if digits else None for digits in asked.groups())
    if first is None:
        return None if last is None else range(max(0, content.size - last), content.size)
    if last is not None and last < first:
        return None
    stop = content.size if last is None else min(last + 1, content.size)
    return range(first, stop)


def _is_of(request: Mapping[str, str], content: Content) -> bool:
    """Whether the part that the client has already belongs to this content."""
    condition = request.get("if-range")
    if condition is None:
        return True
    if '"' in condition:
        return condition.strip().removeprefix("W/") == content.etag.removeprefix("W/")
    date = _date(condition)
    return date is not None and content.modified is not None and content.modified <= date


def _date(text: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)

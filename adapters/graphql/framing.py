"""How a stream of results is cut into chunks of an HTTP body."""

from collections.abc import Mapping
from typing import Final, Protocol

_SUBSCRIPTION_SPEC: Final = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'


class Framing(Protocol):
    """One way to deliver results over a response that stays open."""

    headers: Mapping[str, str]
    heartbeat: bytes

    def opening(self) -> bytes:
        """Sent before anything else."""
        ...

    def result(self, payload: bytes, cursor: str | None) -> bytes:
        """An encoded result, and the position a client that saw it resumes from."""
        ...

    def completion(self) -> bytes:
        """Nothing follows. A stream that is cut ends without it, which means: resume."""
        ...


class EventStream:
    """GraphQL over SSE, distinct connections mode (graphql-sse PROTOCOL), with resumption."""

    headers: Mapping[str, str] = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
    }
    # No blank line after these: some clients take one for an event without data.
    heartbeat = b":\n"

    def opening(self) -> bytes:
        """Clients that reconnect by themselves wait a second before they do."""
        return b"retry: 1000\n"

    def result(self, payload: bytes, cursor: str | None) -> bytes:
        """A `next` event. JSON has no raw line breaks, so one data line holds it."""
        if cursor is None or not cursor.isprintable():
            return b"event: next\ndata: %b\n\n" % payload
        return b"event: next\nid: %b\ndata: %b\n\n" % (cursor.encode(), payload)

    def completion(self) -> bytes:
        """Browsers ignore events without a data field, so it has an empty one."""
        return b"event: complete\ndata:\n\n"


class MultipartStream:
    """Apollo's multipart subscriptions, `subscriptionSpec=1.0`. It cannot be resumed."""

    headers: Mapping[str, str] = {
        "content-type": _SUBSCRIPTION_SPEC,
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
    }
    heartbeat = b"content-type: application/json\r\n\r\n{}\r\n--graphql\r\n"

    def opening(self) -> bytes:
        """The first delimiter."""
        return b"\r\n--graphql\r\n"

    def result(self, payload: bytes, cursor: str | None) -> bytes:
        """One part, closed at once so that a reader need not wait for the next."""
        return b'content-type: application/json\r\n\r\n{"payload":%b}\r\n--graphql\r\n' % payload

    def completion(self) -> bytes:
        """An empty part, then the delimiter that ends the body."""
        return b"content-type: application/json\r\n\r\n{}\r\n--graphql--\r\n"

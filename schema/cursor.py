"""The opaque position of a reader: one value for every transport.

A cursor is valid as the `after` argument, as the SSE event id and `Last-Event-ID`, and in
`Generation.events`. It names the generation too, so a cursor of another run is refused
instead of silently skipping events.
"""

import base64
import binascii
import uuid
from functools import lru_cache

from schema.errors import DreamCoreError, ErrorCode

_SEQ_BYTES = 8
_LENGTH = 16 + _SEQ_BYTES


@lru_cache(maxsize=256)
def _id_bytes(generation_id: str) -> bytes:
    return uuid.UUID(generation_id).bytes


def encode_cursor(generation_id: str, seq: int) -> str:
    """The position just after event `seq` of a generation, as 32 URL-safe characters."""
    raw = _id_bytes(generation_id) + seq.to_bytes(_SEQ_BYTES, "big")
    return base64.urlsafe_b64encode(raw).decode("ascii")


def decode_cursor(cursor: str) -> tuple[str, int]:
    """`(generation_id, seq)`. Raises `DreamCoreError(INVALID_CURSOR)`."""
    try:
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise DreamCoreError(ErrorCode.INVALID_CURSOR) from None
    if len(raw) != _LENGTH:
        raise DreamCoreError(ErrorCode.INVALID_CURSOR)
    return str(uuid.UUID(bytes=raw[:16])), int.from_bytes(raw[16:], "big")


def position_in(generation_id: str, cursor: str | None) -> int:
    """The seq after which `cursor` reads on in `generation_id`; 0 without a cursor.

    Raises `DreamCoreError(INVALID_CURSOR)` when it belongs to another generation.
    """
    if cursor is None:
        return 0
    named, seq = decode_cursor(cursor)
    # SQLite and GraphQL consumers hold positions in signed integers.
    if named != generation_id or seq >= 2**53:
        raise DreamCoreError(ErrorCode.INVALID_CURSOR)
    return seq

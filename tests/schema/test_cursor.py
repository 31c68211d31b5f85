"""The opaque position: exact, safe in URLs and SSE lines, and bound to its generation."""

import re
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.cursor import decode_cursor, encode_cursor, position_in
from schema.errors import DreamCoreError, ErrorCode

GENERATION = str(uuid.UUID(int=7))


@given(st.uuids(), st.integers(0, 2**53 - 1))
def test_a_cursor_names_its_generation_and_position(generation: uuid.UUID, seq: int) -> None:
    cursor = encode_cursor(str(generation), seq)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", cursor)
    assert decode_cursor(cursor) == (str(generation), seq)
    assert position_in(str(generation), cursor) == seq


def test_no_cursor_is_the_beginning() -> None:
    assert position_in(GENERATION, None) == 0


def test_a_cursor_of_another_generation_is_refused() -> None:
    cursor = encode_cursor(str(uuid.UUID(int=8)), 3)
    with pytest.raises(DreamCoreError) as refused:
        position_in(GENERATION, cursor)
    assert refused.value.code is ErrorCode.INVALID_CURSOR


def test_a_position_beyond_every_consumers_integers_is_refused() -> None:
    with pytest.raises(DreamCoreError) as refused:
        position_in(GENERATION, encode_cursor(GENERATION, 2**53))
    assert refused.value.code is ErrorCode.INVALID_CURSOR


@given(st.text(max_size=48))
@example("")
@example("AAAA")
@example("A" * 31 + "=")
@example("A" * 32 + "\n")
@example("é" * 32)
def test_anything_else_is_an_invalid_cursor(text: str) -> None:
    # The decoder also takes the other base64 alphabet, which names the same positions.
    if re.fullmatch(r"[A-Za-z0-9_+/-]{32}", text):
        return
    with pytest.raises(DreamCoreError) as refused:
        decode_cursor(text)
    assert refused.value.code is ErrorCode.INVALID_CURSOR

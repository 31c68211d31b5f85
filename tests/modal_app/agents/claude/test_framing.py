"""Chunks of any size become the same lines."""

from hypothesis import given
from hypothesis import strategies as st

from modal_app.agents.claude.framing import LineSplitter


def split(chunks: list[bytes], limit: int) -> list[bytes]:
    splitter = LineSplitter(limit)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return lines + splitter.end()


@given(st.lists(st.text("ab \n", max_size=12).map(str.encode), max_size=12))
def test_chunks_do_not_change_the_lines(chunks: list[bytes]) -> None:
    whole = b"".join(chunks).split(b"\n")
    expected = [line for line in whole if line.strip() and len(line) <= 8]
    assert split(chunks, limit=8) == expected


def test_a_line_that_is_too_long_is_skipped_and_not_kept() -> None:
    splitter = LineSplitter(limit=1000)
    for _ in range(100):
        assert splitter.feed(b"x" * 100) == []
    assert sum(map(len, splitter._parts)) <= 1000
    assert splitter.feed(b"x\nnext\n") == [b"next"]

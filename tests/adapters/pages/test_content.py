"""Conditions and ranges, for any request."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pages.content import Content, answer
from adapters.pages.credentials import Refused
from adapters.pages.game_paths import game_path

MODIFIED = datetime(2026, 1, 27, tzinfo=UTC)
NUMBERS = st.one_of(st.just(""), st.integers(0, 40).map(str), st.integers(0).map(str))


@pytest.mark.rule("http.file.parts")
@given(
    size=st.integers(0, 30), first=NUMBERS, last=NUMBERS, method=st.sampled_from(["GET", "HEAD"])
)
def test_a_part_is_what_was_asked_for(size: int, first: str, last: str, method: str) -> None:
    body = bytes(range(size))
    answered = answer(method, {"range": f"bytes={first}-{last}"}, Content(size, "x/y", '"t"'))
    sent = body[answered.start : answered.stop]
    if answered.status == 200:
        assert sent == body
    elif answered.status == 206:
        start = int(first) if first else max(0, size - int(last))
        stop = int(last) + 1 if first and last else size
        assert sent == body[start:stop]
        assert sent
    else:
        assert answered.status == 416
        assert sent == b""
    assert answered.headers["content-length"] == str(len(sent))
    assert method == "GET" or answered.status == 200


@pytest.mark.rule("http.file.parts", "http.crashes")
@given(st.dictionaries(
    st.sampled_from(["range", "if-range", "if-none-match", "if-modified-since"]), st.text()
))  # fmt: skip
def test_no_header_is_too_strange(headers: dict[str, str]) -> None:
    answered = answer("GET", headers, Content(9, "x/y", '"t"', MODIFIED))
    assert answered.status in (200, 206, 304, 416)


@pytest.mark.rule("http.traversal", "http.game.traversal")
@given(st.lists(st.sampled_from(["", ".", "..", "...", "a", ".a", "\0", "\\", "\n"])).map("/".join))
def test_a_path_is_refused_or_inside(path: str) -> None:
    try:
        found = game_path(path)
    except Refused:
        return
    assert not {"", ".", ".."} & set(found.split("/"))
    assert "\0" not in found
    assert "\\" not in found

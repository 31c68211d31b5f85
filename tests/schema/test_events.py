"""The stored form of events, and which of them end a generation."""

from typing import get_args

import msgspec
import pytest

from schema.errors import ErrorCode
from schema.events import (
    TERMINAL,
    Accepted,
    Cancelled,
    CodeProposed,
    Completed,
    Event,
    Failed,
    ImagesReady,
    Mode,
    Output,
    OutputRetracted,
    Progress,
    ProjectRenamed,
    Reply,
    RestoreProposed,
    Started,
    ToolUse,
    is_terminal,
)
from schema.models import GeneratedImage, SourceEdit, SourceFile
from schema.stored_events import KINDS, decode, encode

EXAMPLES: list[Event] = [
    Accepted(joined_existing=True),
    Started(),
    Progress(None, "考え中"),
    Progress(100, ""),
    Output("ゲーム🎮\u0000\u2028\n", 3),
    OutputRetracted(17),
    ToolUse("Bash"),
    ToolUse("Write", "assets/é.js"),
    CodeProposed(
        Mode.CREATE,
        files=(SourceFile("index.html", "<html>"),),
        edits=(SourceEdit("a.js", "old", "new"),),
        summary="done",
        suggestions=("faster", "slower"),
    ),
    Reply("hello", ("one",)),
    RestoreProposed("go back?", "yes", "no"),
    ImagesReady((GeneratedImage("hero.png", "/assets/1"),)),
    ProjectRenamed("Neon"),
    Completed(Mode.RESTORE, "back", "a" * 40),
    Failed(ErrorCode.CLI_TIMEOUT, "遅い", retryable=True),
    Cancelled(),
]


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_survives_being_stored(event: Event) -> None:
    kind, payload = encode(event)
    assert KINDS[kind] is type(event)
    assert decode(kind, payload) == event


def test_every_kind_of_the_union_can_be_stored() -> None:
    assert set(get_args(Event)) == set(KINDS.values())
    assert {type(event) for event in EXAMPLES} == set(KINDS.values())


def test_exactly_three_kinds_end_a_generation() -> None:
    ending = {type(event) for event in EXAMPLES if is_terminal(event)}
    assert ending == set(TERMINAL) == {Completed, Failed, Cancelled}


def test_fields_that_a_later_release_added_have_defaults() -> None:
    assert decode("output", '{"text":"a"}') == Output("a", 0)
    assert decode("completed", "{}") == Completed()


def test_what_was_not_written_by_us_is_an_error() -> None:
    with pytest.raises(KeyError):
        decode("snapshot", "{}")
    with pytest.raises(msgspec.DecodeError):
        decode("progress", '{"percent":"half","message":""}')

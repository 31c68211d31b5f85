"""Merging for readers that lag: what is joined, what never is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schema.delivery import LAGGING, MERGED_CHARACTERS, next_frame
from schema.events import Event, Output, OutputRetracted, Progress, Recorded

START = datetime(2026, 1, 1, tzinfo=UTC)


def stored(*events: Event, first: int = 1) -> list[Recorded]:
    return [
        Recorded("g", seq, START + timedelta(seconds=seq), event, seq)
        for seq, event in enumerate(events, first)
    ]


def test_a_reader_that_keeps_up_gets_the_stored_event_itself() -> None:
    events = stored(*[Output("a", 1)] * 3)
    assert next_frame(events, 0, LAGGING - 1) is events[0]


def test_adjacent_output_of_one_block_is_merged_for_a_reader_that_lags() -> None:
    events = stored(Output("a", 1), Output("b", 1), Output("c", 1), Output("d", 2), first=5)
    assert next_frame(events, 0, LAGGING) == Recorded(
        "g", 7, events[2].at, Output("abc", 1), from_seq=5
    )
    assert next_frame(events, 3, LAGGING) is events[3]


def test_other_events_are_never_merged_and_end_a_merge() -> None:
    events = stored(Progress(1, "a"), Progress(2, "b"), Output("a"), OutputRetracted(3))
    assert [next_frame(events, index, LAGGING) for index in range(4)] == events


def test_merged_text_stays_within_its_bound() -> None:
    half = "x" * (MERGED_CHARACTERS // 2)
    events = stored(Output(half), Output(half), Output("y"))
    frame = next_frame(events, 0, LAGGING)
    assert (frame.from_seq, frame.seq) == (1, 2)
    assert frame.event == Output(half + half)


def test_a_single_longer_event_passes_unchanged() -> None:
    events = stored(Output("x" * (MERGED_CHARACTERS + 1)), Output("y"))
    assert next_frame(events, 0, LAGGING) is events[0]


@given(
    st.lists(
        st.one_of(
            st.builds(Output, st.text(max_size=3), st.integers(1, 2)),
            st.builds(Progress, st.none(), st.just("p")),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_frames_tile_the_log_and_hold_all_its_text(events: list[Event]) -> None:
    log = stored(*events)
    frames = []
    position = 0
    while position < len(log):
        frames.append(next_frame(log, position, len(log) - position))
        position = frames[-1].seq
    assert frames[0].from_seq == 1
    assert frames[-1].seq == len(log)
    assert all(later.from_seq == earlier.seq + 1 for earlier, later in pairwise(frames))
    for kind in (Output, Progress):
        assert "".join(_texts(frames, kind)) == "".join(_texts(log, kind))


def _texts(frames: list[Recorded], kind: type) -> list[str]:
    return [
        frame.event.text if isinstance(frame.event, Output) else "p"
        for frame in frames
        if isinstance(frame.event, kind)
    ]

"""One response read to its end: the grammar, the numbers, the sizes."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import pytest

from adapters.modal.channel import Limits
from adapters.modal.client import ModalExecution
from schema.errors import ErrorCode
from schema.execution import Done, Positioned, Status, Stream
from tests.adapters.modal.fake_execution import HEARTBEAT, Answer, Step, done, event, text
from tests.adapters.modal.following import (
    REQUEST,
    RUN_ID,
    SECRET,
    Failure,
    bench,
    collect,
    texts,
)


class Pieces(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """Answers with exactly these pieces, which no socket can join."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


async def run_of(*pieces: bytes) -> list[Positioned]:
    async with httpx.AsyncClient(transport=Pieces(*pieces)) as http:
        return await collect(ModalExecution(http, "http://x/generate", SECRET).run(REQUEST))


WIRE = (
    '\ufeff: first\r\n\r\nid: 1\r\nevent: message\r\ndata: {"type":"stream",\r\n'
    'data: "content":"あ🎮"}\r\n\r\n:\nid:2\nretry: 10\nunknown: x\nunknown\ndata:{"type":"status",'
    '"message":":x"}\n\n: beat\n\nid: 3\rdata: {"type":"done"}\r\r'
).encode()
EVENTS = [
    Positioned("1", Stream("あ🎮")),
    Positioned("2", Status(":x")),
    Positioned("3", Done()),
]


async def test_the_whole_grammar_split_at_every_offset_reads_the_same() -> None:
    for cut in range(len(WIRE)):
        assert await run_of(WIRE[:cut], WIRE[cut:]) == EVENTS, cut
    assert await run_of(*(bytes([byte]) for byte in WIRE)) == EVENTS


async def test_events_arrive_while_the_response_goes_on() -> None:
    held = Answer([text(1), Step.HOLD])
    async with bench(held) as at, aclosing(at.client.run(REQUEST)) as stream:
        assert texts([await anext(stream)]) == ["1"]


async def test_the_request_carries_secret_run_and_prompt() -> None:
    async with bench(Answer([done(1)])) as at:
        await at.run()
        [seen] = at.fake.seen
    assert (seen.method, seen.path) == ("POST", "/generate")
    assert seen.headers["x-modal-internal-secret"] == SECRET
    assert seen.headers["x-modal-secret"] == SECRET
    assert seen.headers["accept"] == "text/event-stream"
    assert "last-event-id" not in seen.headers
    assert RUN_ID.encode() in seen.body
    assert b'"prompt":"a maze"' in seen.body


async def test_joining_tells_the_position_and_reads_on_after_it() -> None:
    async with bench(Answer([text(8), done(9)])) as at:
        assert [each.source_id for each in await at.run("7")] == ["8", "9"]
        assert at.fake.last_event_ids() == ["7"]


async def test_nothing_after_the_terminal_event_is_read() -> None:
    async with bench(Answer([done(1), text(2), b"data: garbage\n\n", Step.HOLD])) as at:
        assert texts(await at.run()) == ["Done"]


async def test_events_that_were_seen_are_skipped() -> None:
    async with bench(Answer([text(1), text(2), text(1), text(2), text(3), done(4)])) as at:
        assert texts(await at.run()) == ["1", "2", "3", "Done"]
    async with bench(Answer([text(1), text(2), text(3), done(4)])) as at:
        assert texts(await at.run("2")) == ["3", "Done"]


@pytest.mark.parametrize(
    "frames",
    [
        [text(1), text(3), done(4)],
        [text(2), done(3)],
        [text(1), event(0, '{"type":"done"}').replace(b"0", b"x"), done(2)],
        [text(1), b"id: " + b"9" * 5_000 + b'\ndata: {"type":"done"}\n\n'],
    ],
)
async def test_a_gap_in_the_numbers_is_a_failure(frames: list[bytes]) -> None:
    async with bench(Answer(frames)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert len(at.fake.seen) == 1


async def test_a_malformed_event_is_a_failure_and_not_asked_for_again() -> None:
    async with bench(Answer([text(1), event(2, '{"type":"stream"}'), done(3)])) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert len(at.fake.seen) == 1


async def test_numbers_of_unknown_events_count() -> None:
    async with bench(Answer([text(1), event(2, '{"type":"later"}'), done(3)])) as at:
        assert texts(await at.run()) == ["1", "Done"]


async def test_an_event_beyond_the_limit_is_a_failure() -> None:
    limits = Limits(event_bytes=100_000)
    large = event(1, '{"type":"stream","content":"' + "x" * 90_000 + '"}')
    async with bench(Answer([large, large.replace(b"1", b"2"), done(3)]), limits=limits) as at:
        assert len(await at.run()) == 3
    endless = [b"id: 1\ndata: " + b"x" * 30_000] + [b"x" * 30_000] * 10
    async with bench(Answer([*endless, Step.HOLD]), limits=limits) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert len(at.fake.seen) == 1


async def test_many_events_in_few_pieces_are_no_large_event() -> None:
    limits = Limits(event_bytes=100_000)
    frames = b"".join(text(number) for number in range(1, 5_001))
    async with bench(Answer([frames, HEARTBEAT, done(5_001)]), limits=limits) as at:
        assert len(await at.run()) == 5_001


async def test_an_answer_that_is_no_event_stream_is_a_failure() -> None:
    page = Answer([b"<html>"], headers={"content-type": "text/html"})
    async with bench(page) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()


async def test_a_run_of_an_endpoint_without_numbers() -> None:
    frames = [
        b'data: {"type":"status","message":"Loading skills..."}\n\n',
        b'data: {"type":"assistant","message":{"content":[{"type":"text","text":"Hi"},'
        b'{"type":"tool_use","name":"Write","input":{"file_path":"index.html"}}]}}\n\n',
        b'data: {"type":"result","subtype":"success","result":"Made it"}\n\n',
        b'data: {"type":"done","exit_code":0}\n\n',
    ]
    async with bench(Answer(frames)) as at:
        assert await at.run() == [
            Positioned(None, Status("Loading skills...")),
            Positioned(None, Stream("Hi")),
            Positioned(None, Status(tool="Write", path="index.html")),
            Positioned(None, Done("Made it")),
        ]

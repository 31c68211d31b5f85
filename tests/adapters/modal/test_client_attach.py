"""A run followed over responses that are cut, silent or missing."""

import asyncio
from contextlib import aclosing

import pytest

from adapters.modal.channel import Limits, http_client
from adapters.modal.client import ModalExecution
from schema.errors import ErrorCode
from tests.adapters.modal.fake_execution import HEARTBEAT, Answer, Step, done, serving, text
from tests.adapters.modal.following import (
    PATIENT,
    REQUEST,
    RUN_ID,
    SECRET,
    Failure,
    Pauses,
    bench,
    collect,
    texts,
)

EVENTS_PATH = f"/runs/{RUN_ID}/events"
LEGACY = b'data: {"type":"stream","content":"x"}\n\n'


@pytest.mark.parametrize(
    "end", [[], [Step.BREAK], [text(3)[:20], Step.BREAK], [text(3)[:20]], [text(3)[:-1]]]
)
async def test_a_response_that_ends_early_is_continued_where_it_stopped(
    end: list[bytes | Step],
) -> None:
    async with bench(Answer([text(1), text(2), *end]), Answer([text(3), done(4)])) as at:
        assert texts(await at.run()) == ["1", "2", "3", "Done"]
        assert at.fake.routes == [("POST", "/generate"), ("GET", EVENTS_PATH)]
        assert at.fake.last_event_ids() == [None, "2"]
        assert at.fake.seen[1].headers["x-modal-internal-secret"] == SECRET
        assert at.fake.seen[1].body == b""


async def test_responses_that_end_by_themselves_are_followed_for_as_long_as_anything_comes() -> (
    None
):
    answers = [Answer([text(number)]) for number in range(1, 21)]
    beats = [Answer([HEARTBEAT])] * 20
    async with bench(*answers, *beats, Answer([done(21)])) as at:
        assert len(await at.run()) == 21
        assert max(at.pauses.asked) <= PATIENT.backoff


async def test_attempts_without_any_sign_of_life_are_bounded_and_back_off() -> None:
    async with bench(Answer([text(1)]), Answer([])) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert len(at.fake.seen) == 1 + PATIENT.attempts
    nominal = [PATIENT.backoff * 2**step for step in range(PATIENT.attempts)]
    assert len(at.pauses.asked) == len(nominal)
    for asked, longest in zip(at.pauses.asked, nominal, strict=True):
        assert longest / 2 <= asked <= longest


async def test_the_pause_between_attempts_is_bounded() -> None:
    limits = Limits(attempts=30, backoff=1.0, longest_backoff=3.0)
    async with bench(Answer([HEARTBEAT]), Answer(status=503), limits=limits) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
    assert max(at.pauses.asked) <= 3.0


async def test_silence_of_an_endpoint_with_heartbeats_is_a_broken_connection() -> None:
    limits = Limits(idle=0.5, silent=60.0)
    silent, rest = Answer([HEARTBEAT, Step.HOLD]), Answer([text(1), done(2)])
    async with bench(silent, rest, limits=limits) as at:
        assert texts(await at.run()) == ["1", "Done"]
        await at.fake.left.wait()
    async with bench(Answer([text(1), Step.HOLD]), Answer([done(2)]), limits=limits) as at:
        assert texts(await at.run()) == ["1", "Done"]
    async with bench(Answer([Step.HOLD]), Answer([done(1)]), limits=limits) as at:
        assert texts(await at.attach()) == ["Done"]


async def test_an_endpoint_without_heartbeats_may_stay_silent_for_longer() -> None:
    limits = Limits(idle=0.5, silent=1.0, attempts=1)
    async with bench(Answer([LEGACY, Step.HOLD]), limits=limits) as at:
        began = asyncio.get_running_loop().time()
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert asyncio.get_running_loop().time() - began >= limits.silent
        assert len(at.fake.seen) == 1


async def test_an_endpoint_without_numbers_cannot_be_continued() -> None:
    async with bench(Answer([LEGACY])) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert at.fake.routes == [("POST", "/generate")]


async def test_an_endpoint_without_runs_that_said_nothing_has_failed() -> None:
    async with bench(Answer([]), Answer(status=404)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert at.fake.routes == [("POST", "/generate"), ("GET", EVENTS_PATH)]


async def test_attaching_to_an_unknown_run_says_so() -> None:
    async with bench(Answer(status=404)) as at:
        with Failure(ErrorCode.RUN_NOT_FOUND):
            await at.attach("5")
        assert at.fake.routes == [("GET", EVENTS_PATH)]
        assert at.fake.last_event_ids() == ["5"]


async def test_a_run_that_was_forgotten_while_it_was_followed_says_so() -> None:
    async with bench(Answer([text(1)]), Answer(status=404)) as at:
        with Failure(ErrorCode.RUN_NOT_FOUND):
            await at.run()


async def test_a_server_that_is_not_there_yet_is_waited_for() -> None:
    async with serving(Answer([text(1), done(2)])) as fake, http_client(loopback=True) as http:
        asked = iter(["http://127.0.0.1:1/generate", "http://127.0.0.1:1/generate"])
        client = ModalExecution(
            http, lambda: next(asked, fake.endpoint), SECRET, limits=PATIENT, sleep=Pauses()
        )
        assert texts(await collect(client.run(REQUEST))) == ["1", "Done"]


async def test_a_server_that_never_comes_is_given_up() -> None:
    async with http_client(loopback=True) as http:
        client = ModalExecution(
            http, "http://127.0.0.1:1/generate", SECRET, limits=PATIENT, sleep=Pauses()
        )
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await collect(client.run(REQUEST))


async def test_closing_the_run_closes_its_response_at_once() -> None:
    async with bench(Answer([text(1), Step.HOLD]), limits=Limits()) as at:
        async with aclosing(at.client.run(REQUEST)) as stream:
            await anext(stream)
        async with asyncio.timeout(60):
            await at.fake.left.wait()
        assert at.fake.routes == [("POST", "/generate")]


async def test_cancelling_whoever_waits_closes_the_response_too() -> None:
    async with bench(Answer([text(1), Step.HOLD]), limits=Limits()) as at:
        first = asyncio.Event()

        async def watch() -> None:
            async with aclosing(at.client.run(REQUEST)) as stream:
                async for _ in stream:
                    first.set()

        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            watcher = group.create_task(watch())
            await first.wait()
            watcher.cancel()
            await at.fake.left.wait()


async def test_a_position_of_somebody_else_is_refused() -> None:
    async with bench(Answer([done(1)])) as at:
        with pytest.raises(ValueError, match="invalid literal"):
            await at.run("1700000000-0")
        assert at.fake.seen == []

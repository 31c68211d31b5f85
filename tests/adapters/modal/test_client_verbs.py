"""Cancelling a run and fetching a version."""

import asyncio
from contextlib import aclosing

from adapters.modal.channel import Limits
from schema.errors import ErrorCode
from tests.adapters.modal.fake_execution import Answer, Step
from tests.adapters.modal.following import PATIENT, RUN_ID, SECRET, Bench, Failure, bench

CANCEL_PATH = f"/runs/{RUN_ID}/cancel"
VERSION = "0123456789abcdef0123456789abcdef01234567"


async def fetched(at: Bench) -> bytes:
    async with asyncio.timeout(60), aclosing(at.client.bundle("u", "p", VERSION)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_cancel_waits_for_the_confirmation() -> None:
    async with bench(Answer([b'{"status":"cancelled"}'])) as at:
        await at.client.cancel(RUN_ID)
        assert at.fake.routes == [("POST", CANCEL_PATH)]
        assert at.fake.seen[0].headers["x-modal-internal-secret"] == SECRET


async def test_an_unknown_run_is_gone() -> None:
    async with bench(Answer(status=404)) as at:
        await at.client.cancel(RUN_ID)
        assert len(at.fake.seen) == 1


async def test_cancel_is_repeated_until_it_is_answered() -> None:
    async with bench(Answer(status=502), Answer([b"{}"])) as at:
        await at.client.cancel(RUN_ID)
        assert len(at.fake.seen) == 2


async def test_a_cancel_that_nobody_confirms_is_said() -> None:
    async with bench(Answer(status=503)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.client.cancel(RUN_ID)
        assert len(at.fake.seen) == PATIENT.cancel_attempts
    async with bench(Answer(status=401)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.client.cancel(RUN_ID)
        assert len(at.fake.seen) == 1


async def test_a_bundle_arrives_whole() -> None:
    pieces = [b"# v2 git bundle\n", bytes(range(256)) * 1_000]
    async with bench(Answer(pieces, headers={"content-type": "application/octet-stream"})) as at:
        assert await fetched(at) == b"".join(pieces)
        [seen] = at.fake.seen
    assert (seen.method, seen.path) == ("GET", "/bundle")
    assert seen.query == f"user_id=u&project_id=p&version={VERSION}"


async def test_a_bundle_that_breaks_off_is_no_bundle() -> None:
    async with bench(Answer([b"# v2 git bundle\n", Step.BREAK])) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await fetched(at)


async def test_a_bundle_that_stops_arriving_is_given_up() -> None:
    limits = Limits(idle=0.1)
    async with bench(Answer([b"# v2 git bundle\n", Step.HOLD]), limits=limits) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await fetched(at)


async def test_a_version_that_is_not_there_is_said() -> None:
    async with bench(Answer(status=404)) as at:
        with Failure(ErrorCode.WORKSPACE_ERROR):
            await fetched(at)

"""The local execution process: started, watched, replaced, adopted, ended. All real."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from adapters.modal.channel import Limits, http_client
from adapters.modal.client import ModalExecution
from adapters.modal.process import ExecutionProcess
from adapters.modal.process_files import ProcessFiles
from schema.errors import ErrorCode
from schema.execution import Done, RunRequest
from schema.identifiers import random_uuid
from tests.adapters.modal.execution_environment import ENVIRONMENT
from tests.adapters.modal.following import Failure

ROOT = Path(__file__).resolve().parents[3]
PATIENT = Limits(attempts=100, cancel_attempts=100, backoff=0.05, longest_backoff=0.2)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """Where the execution process lives; none outlives the test."""
    yield tmp_path / "execution"
    files = ProcessFiles(tmp_path / "execution")
    if files.lock.exists() and files.is_locked() and (left := files.read_state()) is not None:
        os.kill(left.pid, signal.SIGKILL)


@asynccontextmanager
async def client_of(process: ExecutionProcess) -> AsyncGenerator[ModalExecution, None]:
    async with http_client(loopback=True) as http:
        yield ModalExecution(http, lambda: process.endpoint, process.secret, limits=PATIENT)


async def until_it_answers(process: ExecutionProcess) -> None:
    """Cancelling a run that nobody knows is answered by any process that recognises us."""
    async with asyncio.timeout(60), client_of(process) as client:
        await client.cancel(random_uuid())


@asynccontextmanager
async def another_gateway(directory: Path) -> AsyncGenerator[tuple[int, str], None]:
    """Pid and secret of the execution process of a gateway that is then killed."""
    gateway = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.adapters.modal.supervising_program", str(directory)),
        cwd=ROOT,
        stdout=PIPE,
    )
    assert gateway.stdout is not None
    try:
        async with asyncio.timeout(60):
            pid, _, secret = (await gateway.stdout.readline()).decode().split()
        yield int(pid), secret
    finally:
        gateway.kill()
        await gateway.wait()


def has_ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_it_answers_when_it_is_entered_and_has_ended_when_it_is_left(directory: Path) -> None:
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        pid = process.pid
        assert psutil.Process(pid).ppid() == os.getpid()
        assert os.getsid(pid) == pid
        async with client_of(process) as client:
            await client.cancel(random_uuid())
    assert has_ended(pid)


async def test_it_knows_only_what_it_needs(directory: Path) -> None:
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        told = psutil.Process(process.pid).environ()
        arguments = psutil.Process(process.pid).cmdline()
    assert told == {
        "PATH": ENVIRONMENT["PATH"],
        "HOME": ENVIRONMENT["HOME"],
        "AGENT": "offline",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:1",
        "DATA_DIR": str(directory.parent),
        "MODAL_INTERNAL_SECRET_FILE": str(directory / "secret"),
    }
    assert not any(process.secret in argument for argument in arguments)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_the_secret_is_made_once_and_for_the_owner_alone(directory: Path) -> None:
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        secret = process.secret
    assert len(secret) >= 32
    (directory / "secret").chmod(0o644)
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        assert process.secret == secret
    assert (mode(directory / "secret"), mode(directory)) == (0o600, 0o700)


async def test_a_killed_process_is_replaced_by_one_with_the_same_secret(directory: Path) -> None:
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        for _ in range(2):
            killed = process.pid
            os.kill(killed, signal.SIGKILL)
            await until_it_answers(process)
            assert process.pid != killed


async def test_replacements_that_die_again_come_ever_more_slowly(directory: Path) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with ExecutionProcess.open(directory, ENVIRONMENT, sleep=pause) as process:
        for _ in range(3):
            os.kill(process.pid, signal.SIGKILL)
            await until_it_answers(process)
    assert pauses == [0.1, 0.2, 0.4]


async def test_a_gateway_that_comes_back_adopts_the_process_it_left(directory: Path) -> None:
    async with another_gateway(directory) as (left, secret):
        pass
    assert not has_ended(left)
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        assert (process.pid, process.secret) == (left, secret)
        await until_it_answers(process)
    assert has_ended(left)


async def test_an_adopted_process_is_watched_like_our_own(directory: Path) -> None:
    async with another_gateway(directory) as (left, _):
        pass
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        os.kill(left, signal.SIGKILL)
        await until_it_answers(process)
        assert process.pid != left


async def test_a_process_that_does_not_know_our_secret_is_replaced(directory: Path) -> None:
    async with another_gateway(directory) as (left, _):
        pass
    (directory / "secret").write_text("another secret")
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        assert process.pid != left
        await until_it_answers(process)
    assert has_ended(left)


async def test_two_gateways_in_one_directory_share_one_process(directory: Path) -> None:
    async with (
        ExecutionProcess.open(directory, ENVIRONMENT) as first,
        ExecutionProcess.open(directory, ENVIRONMENT) as second,
    ):
        assert first.pid == second.pid


async def test_a_process_that_cannot_start_is_said(directory: Path) -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('no configuration')")
    with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
        async with ExecutionProcess.open(directory, ENVIRONMENT, command=failing):
            pass
    assert "no configuration" in (directory / "execution.log").read_text()
    assert not ProcessFiles(directory).is_locked()


async def test_a_log_that_grew_large_is_set_aside(directory: Path) -> None:
    files = ProcessFiles.prepare(directory)
    with files.log.open("wb") as log:
        log.truncate(17 * 2**20)
    async with ExecutionProcess.open(directory, ENVIRONMENT):
        assert files.log.stat().st_size < 2**20
        assert (directory / "execution.log.1").stat().st_size == 17 * 2**20


async def test_a_run_goes_on_while_the_process_is_replaced(directory: Path) -> None:
    request = RunRequest(random_uuid(), random_uuid(), random_uuid(), "a neon breakout game")
    async with (
        asyncio.timeout(90),
        ExecutionProcess.open(directory, ENVIRONMENT) as process,
        client_of(process) as client,
        aclosing(client.run(request)) as events,
    ):
        killed = process.pid
        first = await anext(events)
        [runner] = psutil.Process(killed).children()
        # The runner cannot end before the process is replaced, and must not stand in its way.
        runner.suspend()
        os.kill(killed, signal.SIGKILL)
        await until_it_answers(process)
        assert process.pid != killed
        runner.resume()
        received = [first] + [event async for event in events]
    assert [each.source_id for each in received] == [str(n + 1) for n in range(len(received))]
    assert isinstance(received[-1].event, Done)

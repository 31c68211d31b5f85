"""Nothing that a run has started outlives it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.modal_app.sandboxes.conftest import PATH, Running, Sleepers

ROOT = Path(__file__).parents[3]

_RUNNER = """
import asyncio, sys
from pathlib import Path
from modal_app.ports import Command
from modal_app.sandboxes.local import LocalSandbox

async def main():
    sandbox = LocalSandbox(namespaces=None if sys.argv[2] == "None" else ())
    command = Command(["sh", "-c", sys.argv[1]], Path("/"), {"PATH": "/usr/bin:/bin"})
    process = await sandbox.start(command)
    while line := await process.stdout.readline():
        sys.stdout.buffer.write(line)
        sys.stdout.flush()

asyncio.run(main())
"""


def _escaping(sleepers: Sleepers) -> str:
    """A child, a child in a session of its own, and a daemon that has forked twice."""
    child = sleepers.command
    return f'{child} & setsid {child} & (setsid sh -c "{child} & {child} & exit" &) ; true'


async def _lines(stream: asyncio.StreamReader, count: int) -> None:
    async with asyncio.timeout(60):
        for _ in range(count):
            assert await stream.readline() == b"up\n"


async def test_killing_it_leaves_no_descendant_wherever_it_hid(
    running: Running, sleepers: Sleepers
) -> None:
    async with running(f"{_escaping(sleepers)}; wait") as process:
        await _lines(process.stdout, 4)
        assert sleepers.alive()
        await process.kill()
        assert sleepers.alive() == []
        assert await process.wait() == -signal.SIGKILL


async def test_the_end_of_the_program_is_the_end_of_what_it_started(
    running: Running, sleepers: Sleepers
) -> None:
    async with running(f"{_escaping(sleepers)}; read go; exit 5") as process:
        await _lines(process.stdout, 4)
        process.stdin.write(b"go\n")
        async with asyncio.timeout(60):
            assert await process.wait() == 5
        assert sleepers.alive() == []


async def test_the_time_limit_ends_everything(running: Running, sleepers: Sleepers) -> None:
    async with running(f"{_escaping(sleepers)}; wait", seconds=0.5) as process:
        async with asyncio.timeout(60):
            assert await process.wait() == -signal.SIGKILL
        assert sleepers.alive() == []


def test_a_runner_killed_outright_takes_everything_along(
    namespaces: tuple[str, ...] | None, sleepers: Sleepers
) -> None:
    script = f"{_escaping(sleepers)}; wait"
    with subprocess.Popen(
        [sys.executable, "-c", _RUNNER, script, str(namespaces)],
        stdout=subprocess.PIPE,
        env={"PATH": PATH, "PYTHONPATH": str(ROOT)},
    ) as runner:
        assert runner.stdout is not None
        for _ in range(4):
            assert runner.stdout.readline() == b"up\n"
        before = sleepers.alive()
        runner.kill()
        _, surviving = psutil.wait_procs(before, timeout=20)
    assert before
    assert surviving == []


async def test_killing_does_not_wait_for_a_reader(running: Running) -> None:
    async with running("yes $(head -c 100000 /dev/zero | tr '\\0' x) & wait") as process:
        assert await process.stdout.readline()
        async with asyncio.timeout(60):
            await process.kill()


async def test_killing_twice_or_after_the_end_is_harmless(running: Running) -> None:
    async with running("exit 3") as process:
        assert await process.wait() == 3
        await process.kill()
        await process.kill()
        assert await process.wait() == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL, signal.SIGXCPU])
async def test_a_signal_that_ends_the_program_is_told(
    running: Running, number: signal.Signals
) -> None:
    async with running(f"kill -{int(number)} $$") as process:
        assert await process.wait() == -number


async def test_a_crowd_of_orphans_is_reaped(running: Running) -> None:
    script = "for i in $(seq 100); do (true &) ; done; echo done; read stop"
    async with running(script) as process:
        assert await process.stdout.readline() == b"done\n"
        launcher = psutil.Process(process.pid)
        async with asyncio.timeout(60):
            while any(p.status() == psutil.STATUS_ZOMBIE for p in _family(launcher)):
                await asyncio.to_thread(os.sched_yield)


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children(recursive=True) if child.is_running()]

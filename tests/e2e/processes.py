"""The processes of one installation, as the kernel sees them."""

import asyncio
import json
import os
import signal
from pathlib import Path

import psutil


def processes_of(data: Path) -> list[psutil.Process]:
    """Everything alive whose command line, directory or environment names `data`."""
    return [process for process in psutil.process_iter() if _names(process, str(data))]


def agents_of(data: Path) -> list[psutil.Process]:
    """What a run has given a home of its own: the agent and everything that it started."""
    homes = str(data / "execution" / "runs")
    return [process for process in processes_of(data) if _home(process).startswith(homes)]


def execution_pid(data: Path) -> int:
    """The process id that the execution application last wrote down."""
    state = json.loads((data / "execution" / "state.json").read_text())
    return int(state["pid"])


def runner_pid(data: Path, run_id: str) -> int:
    """The process id in the lock of a run."""
    return int((data / "execution" / "runs" / run_id / "lock").read_text())


async def ended(pid: int) -> None:
    """Returns when the process has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def nothing_left(data: Path) -> None:
    """Returns when no process of the installation lives; a TimeoutError after a minute."""
    async with asyncio.timeout(60):
        while found := processes_of(data):
            await ended(found[0].pid)


async def killed(*pids: int) -> None:
    """Kill all of them, then wait until they have ended."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(60):
        for pid in pids:
            await ended(pid)


def _names(process: psutil.Process, place: str) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        words = [*process.cmdline(), process.cwd(), *process.environ().values()]
    except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
        return False
    return any(place in word for word in words)


def _home(process: psutil.Process) -> str:
    try:
        return process.environ().get("HOME", "")
    except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
        return ""

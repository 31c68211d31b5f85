"""What a sandboxed program gets, and what it does not."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from modal_app.ports import Command, Sandbox, SandboxedProcess
from modal_app.sandboxes.limits import Limits
from modal_app.sandboxes.local import LocalSandbox
from tests.modal_app.sandboxes.conftest import PATH, Running

MEBIBYTE = 2**20


async def test_the_environment_is_exactly_what_was_given(
    namespaces: tuple[str, ...] | None, tmp_path: Path
) -> None:
    given = {"PATH": PATH, "HOME": str(tmp_path), "EMPTY": "", "日本": "語=\n"}
    process = await LocalSandbox(namespaces=namespaces).start(
        Command(["env", "-0"], tmp_path, given)
    )
    output = await process.stdout.read()
    await process.kill()
    assert dict(line.split("=", 1) for line in output.decode().split("\0")[:-1]) == given


async def test_only_the_standard_streams_are_open(running: Running) -> None:
    async with running("ls /proc/$$/fd") as process:
        names = (await process.stdout.read()).split()
    assert set(names) <= {b"0", b"1", b"2"}


async def test_it_talks_through_its_streams_in_its_directory(
    running: Running, tmp_path: Path
) -> None:
    async with running("cat; pwd; echo oops >&2; exit 7") as process:
        process.stdin.write(b"hello\n")
        process.stdin.close()
        assert await process.stdout.read() == f"hello\n{tmp_path}\n".encode()
        assert await process.stderr.read() == b"oops\n"
        assert await process.wait() == 7


async def test_what_the_program_closes_is_closed(running: Running) -> None:
    async with running("exec >&-; read go; exit 4") as process:
        async with asyncio.timeout(60):
            assert await process.stdout.read() == b""
        process.stdin.write(b"go\n")
        assert await process.wait() == 4


async def test_a_line_may_be_very_long(running: Running) -> None:
    async with running(f"head -c {20 * MEBIBYTE} /dev/zero | tr '\\0' x; echo") as process:
        async with asyncio.timeout(60):
            assert len(await process.stdout.readline()) == 20 * MEBIBYTE + 1


async def test_a_program_that_cannot_start_is_an_error(
    namespaces: tuple[str, ...] | None, tmp_path: Path
) -> None:
    sandbox = LocalSandbox(namespaces=namespaces)
    with pytest.raises(FileNotFoundError):
        await sandbox.start(Command(["no-such-program"], tmp_path, {"PATH": PATH}))
    with pytest.raises(FileNotFoundError):
        await sandbox.start(Command(["true"], tmp_path / "missing", {"PATH": PATH}))
    (tmp_path / "plain").write_text("text")
    with pytest.raises(PermissionError):
        await sandbox.start(Command([str(tmp_path / "plain")], tmp_path, {"PATH": PATH}))


async def test_it_has_no_privilege_and_cannot_gain_one(running: Running) -> None:
    async with running("grep -E '^(Cap(Eff|Prm|Bnd)|NoNewPrivs)' /proc/self/status") as process:
        facts = dict(line.split() for line in (await process.stdout.read()).splitlines())
    assert facts.pop(b"NoNewPrivs:") == b"1"
    if os.geteuid() != 0:
        facts.pop(b"CapBnd:")  # Not ours to empty; without set-uid programs it has no effect.
    assert {int(value, 16) for value in facts.values()} == {0}


async def test_other_processes_are_out_of_sight_in_a_namespace(tmp_path: Path) -> None:
    sandbox = LocalSandbox()
    isolation = await sandbox.capabilities()
    command = Command(["sh", "-c", f"test -d /proc/{os.getpid()}"], tmp_path, {"PATH": PATH})
    process = await sandbox.start(command)
    seen = await process.wait() == 0
    await process.kill()
    hidden = isolation.pid_namespace and not any("can see" in note for note in isolation.notes)
    assert seen is not hidden


async def test_files_stay_below_the_size_limit(running: Running, tmp_path: Path) -> None:
    script = "head -c 8000000 /dev/zero > big"
    async with running(script, limits=Limits(file_bytes=MEBIBYTE)) as process:
        assert await process.wait() != 0
    assert (tmp_path / "big").stat().st_size <= MEBIBYTE


async def test_memory_is_limited(running: Running) -> None:
    script = f"exec {sys.executable} -I -S -c 'bytearray(512 * 2**20)'"
    async with running(script, limits=Limits(data_bytes=256 * MEBIBYTE)) as process:
        assert b"MemoryError" in await process.stderr.read()
    async with running(script) as process:
        assert await process.wait() == 0


async def test_processor_time_is_limited(running: Running) -> None:
    async with running("while :; do :; done", limits=Limits(cpu_seconds=1)) as process:
        async with asyncio.timeout(60):
            assert await process.wait() == -9


async def test_open_files_and_core_dumps_are_limited(running: Running) -> None:
    async with running("ulimit -n; ulimit -c; ulimit -Hn") as process:
        assert (await process.stdout.read()).split() == [b"256", b"0", b"256"]


async def test_what_is_weaker_is_named() -> None:
    weak = await LocalSandbox(namespaces=()).capabilities()
    assert not weak.pid_namespace
    assert weak.resource_limits
    assert any("No PID namespace" in note for note in weak.notes)
    strong = await LocalSandbox().capabilities()
    assert len(strong.notes) < len(weak.notes) or not strong.pid_namespace


async def test_it_fulfils_the_port(tmp_path: Path) -> None:
    sandbox: Sandbox = LocalSandbox()
    process: SandboxedProcess = await sandbox.start(Command(["true"], tmp_path, {"PATH": PATH}))
    assert await process.wait() == 0
    await process.kill()

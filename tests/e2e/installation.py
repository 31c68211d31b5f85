"""The product as it is installed: the `dreamcore` command, in processes of its own."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.server.development import DEVELOPMENT_USER
from adapters.stores.embedded.log import EmbeddedLog
from schema.events import Recorded
from tests.e2e.gateway import Gateway
from tests.e2e.terminal import shown_by
from tests.gateway.watchers import Payload

COMMAND: Final = Path(sys.executable).with_name("dreamcore")
PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: its exit status and its output."""

    status: int
    output: str
    errors: str

    @property
    def events(self) -> list[Payload]:
        """The lines of `--json`; anything else among them is an error."""
        return [json.loads(line) for line in self.output.splitlines()]

    def told(self, label: str) -> str:
        """The value behind a label at the beginning of a line."""
        found = re.search(rf"^{label} +(\S+)$", self.output, re.MULTILINE)
        assert found, self.output
        return found[1]


@dataclass(frozen=True, slots=True)
class Installation:
    """A data directory and an environment. `variables` are added to it."""

    data: Path
    variables: Mapping[str, str] = field(default_factory=lambda: {"AGENT": "offline"})

    @asynccontextmanager
    async def started(self, *arguments: str, **variables: str) -> AsyncGenerator[Process, None]:
        """A running command that leads its own process group, like one of a terminal."""
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *arguments,
            env=self._environment(variables),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def run(self, *arguments: str, **variables: str) -> Finished:
        """A command, from its start to its end."""
        async with self.started(*arguments, **variables) as process:
            return await finished(process)

    async def shown(self, *arguments: str) -> str:
        """All that a command writes when it is run at a terminal; it must succeed."""
        environment = {**self._environment({}), "TERM": "xterm-256color"}
        return await shown_by(COMMAND, *arguments, environment=environment)

    async def generate(self, *arguments: str) -> Finished:
        """`dreamcore generate`, expected to succeed."""
        done = await self.run("generate", *arguments)
        assert done.status == 0, done
        return done

    @asynccontextmanager
    async def serving(self, **variables: str) -> AsyncGenerator[Gateway, None]:
        """`dreamcore serve`; in the end it is asked to stop, unless it has ended already."""
        async with self.started("serve", **variables) as process:
            told = await _announcements(process)
            yield Gateway(told["GraphQL"].removesuffix("/graphql"), told["token"], process)
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.wait()
            assert process.stderr is not None
            assert b"Traceback" not in await process.stderr.read()

    async def stored(self, generation_id: str, after: int = 0) -> list[Recorded]:
        """The log of a generation that has ended, read while no gateway is there."""
        async with (
            EmbeddedLog.open(self.data / "gateway" / "log.db") as log,
            asyncio.timeout(PATIENCE_SECONDS),
            aclosing(log.read(generation_id)) as entries,
        ):
            last = [entry.seq async for entry in entries][-1]
            found: list[Recorded] = []
            while not found or found[-1].seq < last:
                found += await log.page(generation_id, found[-1].seq if found else after, 500)
        return found

    def workspace(self, project_id: str) -> Path:
        """The files of a project of the development user."""
        users = self.data / "execution" / "data" / "users"
        return users / DEVELOPMENT_USER / "projects" / project_id

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DATA_DIR": str(self.data),
            "PORT": "0",
            **self.variables,
            **variables,
        }


async def finished(process: Process) -> Finished:
    """The end of a command; reads what was not read yet."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return Finished(process.returncode, output.decode(), errors.decode())


async def events_until(process: Process, kind: str) -> list[Payload]:
    """The events of a running `generate --json` up to the first of a type."""
    assert process.stdout is not None
    events: list[Payload] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not events or events[-1]["__typename"] != kind:
            events.append(json.loads(await process.stdout.readline()))
    return events


async def _announcements(process: Process) -> dict[str, str]:
    assert process.stdout is not None
    told: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "token" not in told:
            line = (await process.stdout.readline()).decode()
            assert line, "the gateway did not come up"
            label, _, value = line.strip().partition(" ")
            told[label] = value.strip()
    return told

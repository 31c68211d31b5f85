"""What a run is made of: an agent that works in a directory, and a sandbox that holds it."""

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from schema.execution import ExecutionEvent


@dataclass(frozen=True, slots=True)
class AgentTask:
    """One piece of work for an agent.

    `prompt` is the whole prompt, ending with the request; `message` the user's words alone.
    `workspace` is the working directory with the project's present files (no `.git`). `home` and
    `temporary` are private to the run. `style` is the text of the style chosen for this run.
    """

    prompt: str
    message: str
    workspace: Path
    home: Path
    temporary: Path
    style: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Wrote:
    """The agent has written a whole file. `path` is relative to the workspace, with `/`."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The agent has replaced the first `old` of a file, or each of them, by `new`."""

    path: str
    old: str
    new: str
    everywhere: bool = False


AgentEvent = ExecutionEvent | Wrote | Edited


class Agent(Protocol):
    """Something that turns a task into files, telling what it does.

    `run` yields `Status`, `Stream`, and `Wrote` and `Edited` for what its file tools have done,
    and ends with exactly one `Done` or `Error`; it raises nothing of its own. Closing the
    generator stops everything the agent has started.
    """

    def run(self, task: AgentTask) -> AsyncGenerator[AgentEvent, None]: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run inside a sandbox. `environment` is exact: nothing else is inherited."""

    argv: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]


class SandboxedProcess(Protocol):
    """A running command. `stdout` yields lines of up to 64 MiB."""

    stdin: StreamWriter
    stdout: StreamReader
    stderr: StreamReader

    async def wait(self) -> int:
        """The exit status; negative signal number when a signal ended it."""
        ...

    async def kill(self) -> None:
        """End it and everything that it has started; returns when nothing of it is left."""
        ...


class Sandbox(Protocol):
    """Isolation for the commands of one run."""

    async def start(self, command: Command) -> SandboxedProcess:
        """Raises OSError when the program cannot be started."""
        ...

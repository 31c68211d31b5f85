"""The files by which a gateway and its local execution process find each other again."""

import fcntl
import os
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta

from schema.execution import NETWORK_VARIABLES

_LOG_BYTES: Final = 16 * 2**20
_SECRET_BYTES: Final = 32

# All that a local execution process may learn from our environment: the one list of it.
INHERITED: Final = (
    "AGENT",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_HELPER_MODEL",
    "CLAUDE_BIN",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PATH",
    "TMPDIR",
    "TZ",
    *NETWORK_VARIABLES,
)


class Instance(msgspec.Struct, frozen=True):
    """A listening execution process, as it describes itself in the state file."""

    pid: Annotated[int, Meta(gt=1)]
    port: Annotated[int, Meta(gt=0, lt=2**16)]


@dataclass(frozen=True, slots=True)
class ProcessFiles:
    """The files in one directory.

    `lock` is held by the execution process from before it runs until the kernel has ended it: its
    starter takes the lock and it inherits the open file as its input.
    """

    directory: Path

    @property
    def secret(self) -> Path:
        return self.directory / "secret"

    @property
    def state(self) -> Path:
        return self.directory / "state.json"

    @property
    def lock(self) -> Path:
        return self.directory / "process.lock"

    @property
    def log(self) -> Path:
        return self.directory / "execution.log"

    @classmethod
    def prepare(cls, directory: Path) -> Self:
        """Make `directory` and the shared secret in it, once; both are for the owner alone."""
        files = cls(directory.resolve())
        files.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = files.directory / f"secret.{os.getpid()}"
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_urlsafe(_SECRET_BYTES), encoding="ascii")
        try:
            # Of two gateways that start at once either may win; both then read the winner's.
            files.secret.hardlink_to(draft)
        except FileExistsError:
            files.secret.chmod(0o600)
        finally:
            draft.unlink()
        return files

    def read_secret(self) -> str:
        return self.secret.read_text(encoding="ascii").strip()

    def read_state(self) -> Instance | None:
        """The process that last began to listen; None when there is none or the file is torn."""
        try:
            return msgspec.json.decode(self.state.read_bytes(), type=Instance)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    @contextmanager
    def try_lock(self) -> Generator[int | None, None, None]:
        """The descriptor of the lock, or None when an execution process lives."""
        descriptor = os.open(self.lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield None
            return
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Whether an execution process lives."""
        with self.try_lock() as mine:
            return mine is None

    def open_log(self) -> int:
        """A descriptor that appends to the log; a log that grew large is set aside first."""
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        return os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """What the execution process may know of ours: no database, no identity, no other key.

        Its files lie in this directory, whatever `given` says.
        """
        return {
            **{name: given[name] for name in INHERITED if name in given},
            "DATA_DIR": str(self.directory.parent.resolve()),
            "MODAL_INTERNAL_SECRET_FILE": str(self.secret.resolve()),
        }

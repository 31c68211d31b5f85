"""What a sandboxed process may use, and what this machine offers to hold it."""

from dataclasses import dataclass
from typing import Final

GIBIBYTE: Final = 2**30
MEBIBYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Resource limits of each process in a sandbox; None leaves one as it is.

    `data_bytes` counts private writable memory, the measure that suits a JavaScript engine:
    it reserves address space far beyond what it uses, so `address_space_bytes` is off.
    `cpu_seconds` is processor time; wall-clock time is the sandbox's own.
    """

    data_bytes: int | None = 2 * GIBIBYTE
    address_space_bytes: int | None = None
    file_bytes: int | None = 64 * MEBIBYTE
    open_files: int | None = 256
    cpu_seconds: int | None = 300

    def named(self) -> dict[str, int]:
        """The limits by the names of the `resource` module."""
        values = {
            "RLIMIT_DATA": self.data_bytes,
            "RLIMIT_AS": self.address_space_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CPU": self.cpu_seconds,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Isolation:
    """How strongly this machine can hold a run; `notes` name, in words, what is weaker."""

    pid_namespace: bool
    parent_death_signal: bool
    resource_limits: bool
    notes: tuple[str, ...] = ()

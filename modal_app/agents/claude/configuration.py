"""What the Claude agent is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schema.execution import AGENT_SECONDS

SILENCE_SECONDS: Final = 200.0
STREAM_IDLE_SECONDS: Final = 60.0
REQUEST_SECONDS: Final = 120.0
GRACE_SECONDS: Final = 5.0
INTERRUPT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class ClaudeConfiguration:
    """Where the CLI is, whom it talks to and how patient we are. Durations are seconds.

    `cli` is an absolute path as the sandbox sees it. `network` says which proxies and certificate
    authorities to use (names of `NETWORK_VARIABLES`; others are not passed on).

    The CLI ends a request that has no answer after `request_seconds` and a stream without a byte
    after `stream_idle_seconds`, and tries each request `max_retries` times more. We end the run
    after `deadline_seconds`, or when the CLI has said nothing for `silence_seconds`. After its
    result it may take `grace_seconds` to exit; after an interrupt, `interrupt_seconds`.
    """

    cli: Path
    api_key: str | None = field(default=None, repr=False)
    api_base_url: str | None = None
    network: Mapping[str, str] = field(default_factory=dict, repr=False, kw_only=True)
    model: str | None = None
    max_turns: int = 40
    max_retries: int = 3
    request_seconds: float = REQUEST_SECONDS
    stream_idle_seconds: float = STREAM_IDLE_SECONDS
    deadline_seconds: float = AGENT_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    grace_seconds: float = GRACE_SECONDS
    interrupt_seconds: float = INTERRUPT_SECONDS

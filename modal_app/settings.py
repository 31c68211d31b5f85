"""The configuration of the execution side: the only reader of the environment in `modal_app`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from modal_app.layout import Layout
from schema.execution import (
    HEARTBEAT_SECONDS,
    MAX_BODY_BYTES,
    NETWORK_VARIABLES,
    RESPONSE_SECONDS,
    RUN_SECONDS,
)
from schema.helper_calls import CHAT_SECONDS

AGENT_CHOICES: Final = ("auto", "claude", "offline")
RETENTION_SECONDS: Final = 24 * 3600.0
# How often dead runners are looked for, and old runs forgotten.
RECOVERY_SECONDS: Final = 3600.0
# How long a runner may take to stop before it is killed.
STOP_SECONDS: Final = 10.0
# Small and quick: it answers while somebody waits.
HELPER_MODEL: Final = "claude-haiku-4-5"

# All that a runner may know of our environment. No key and no secret is among these names.
_RUNNER_VARIABLES: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", *NETWORK_VARIABLES)
_SOURCE_ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The configuration is not usable; the text says which variable, never its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the execution application is told.

    `secret` is the shared secret of every request; while it is None everything is refused.
    Durations are seconds, sizes bytes. `agent` is one of `AGENT_CHOICES`; `search_path` is where
    the CLI is looked for; `runner_module` is what `python -m` starts for a run. `network` holds the
    `NETWORK_VARIABLES` that are set, for the agent's own environment. `helper_model` answers the
    helper calls; none of them waits longer for it than `helper_seconds`, nor than it may.
    """

    layout: Layout
    secret: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 3001
    agent: str = "auto"
    claude_bin: str | None = None
    search_path: str = ""
    api_key: str | None = field(default=None, repr=False)
    api_base_url: str | None = None
    helper_model: str = HELPER_MODEL
    helper_seconds: float = CHAT_SECONDS
    network: Mapping[str, str] = field(default_factory=dict, repr=False)
    runner_environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    runner_module: str = "modal_app.runner"
    run_seconds: float = RUN_SECONDS
    stop_seconds: float = STOP_SECONDS
    retention_seconds: float = RETENTION_SECONDS
    recovery_seconds: float = RECOVERY_SECONDS
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    response_seconds: float = RESPONSE_SECONDS
    max_body_bytes: int = MAX_BODY_BYTES


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (default: the process's). Raises `SettingsError`.

    `MODAL_INTERNAL_SECRET_FILE` names a file that holds the secret, so that it appears in no
    process listing; `MODAL_INTERNAL_SECRET` wins over it.
    """
    given = os.environ if environment is None else environment
    agent = given.get("AGENT") or "auto"
    if agent not in AGENT_CHOICES:
        raise SettingsError(f"AGENT must be one of {', '.join(AGENT_CHOICES)}")
    root = Path(given.get("DATA_DIR") or "data") / "execution"
    return Settings(
        layout=Layout(root.resolve()),
        secret=_secret(given),
        host=given.get("EXECUTION_HOST") or "127.0.0.1",
        port=_port(given.get("EXECUTION_PORT") or "3001"),
        agent=agent,
        claude_bin=given.get("CLAUDE_BIN") or None,
        search_path=given.get("PATH", ""),
        api_key=given.get("ANTHROPIC_API_KEY") or None,
        api_base_url=given.get("ANTHROPIC_BASE_URL") or None,
        helper_model=given.get("ANTHROPIC_HELPER_MODEL") or HELPER_MODEL,
        network={name: given[name] for name in NETWORK_VARIABLES if given.get(name)},
        runner_environment=runner_environment(given),
    )


def runner_environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a runner: the allowed variables, and where our code lies."""
    given = os.environ if given is None else given
    allowed = {name: given[name] for name in _RUNNER_VARIABLES if name in given}
    return {**allowed, "PYTHONPATH": str(_SOURCE_ROOT)}


def _secret(given: Mapping[str, str]) -> str | None:
    if secret := given.get("MODAL_INTERNAL_SECRET"):
        return secret
    if name := given.get("MODAL_INTERNAL_SECRET_FILE"):
        try:
            return Path(name).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("MODAL_INTERNAL_SECRET_FILE cannot be read") from error
    return None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise SettingsError("EXECUTION_PORT must be a port number")
    return int(text)

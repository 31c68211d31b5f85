"""What this machine would do with a run: `python -m modal_app.doctor` prints JSON findings.

Each is `{"subject", "text", "well", "weak"}`; `well` false means that runs cannot work here.
"""

import asyncio
import sys
from shutil import which

import msgspec

from modal_app.agents.claude.command import find_cli
from modal_app.helper_calls.messages_api import uses_model
from modal_app.runs.selection import resolved_agent
from modal_app.sandboxes.local import LocalSandbox
from modal_app.settings import Settings, SettingsError, load


class Finding(msgspec.Struct, frozen=True):
    """One line of the report."""

    subject: str
    text: str
    well: bool = True
    weak: bool = False


async def examine(settings: Settings) -> list[Finding]:
    """Everything worth knowing before the first run."""
    isolation = await LocalSandbox().capabilities()
    held = isolation.pid_namespace and isolation.parent_death_signal and isolation.resource_limits
    git = which("git", path=settings.search_path)
    return [
        _agent(settings),
        _helper_calls(settings),
        Finding("git", git or "not found: games cannot be saved", well=git is not None),
        Finding(
            "sandbox",
            "process namespace, parent-death signal and limits" if held else "weaker than usual",
            weak=not held,
        ),
        *(Finding("isolation", note, weak=True) for note in isolation.notes),
    ]


def _agent(settings: Settings) -> Finding:
    cli = find_cli(settings.claude_bin, settings.search_path)
    agent = resolved_agent(settings.agent, cli, settings.api_key)
    if agent == "offline":
        return Finding("agent", "offline: built-in games, no model")
    if cli is None:
        return Finding("agent", "claude, but there is no CLI: make install-agent", well=False)
    key = "with a key" if settings.api_key else "without a key"
    return Finding("agent", f"claude at {cli}, {key}", weak=not settings.api_key)


def _helper_calls(settings: Settings) -> Finding:
    if uses_model(settings):
        return Finding(
            "helper calls", f"answered by {settings.helper_model}, else by keyword rules"
        )
    return Finding("helper calls", "keyword rules, no model")


def main() -> int:
    """Print the findings as one JSON array."""
    try:
        findings = asyncio.run(examine(load()))
    except SettingsError as error:
        findings = [Finding("execution", str(error), well=False)]
    sys.stdout.write(msgspec.json.encode(findings).decode() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

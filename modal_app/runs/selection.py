"""Which agent a run gets, and how it is made."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from modal_app.agents.claude.command import find_cli
from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.agents.claude.driver import ClaudeAgent
from modal_app.agents.offline.agent import OfflineAgent
from modal_app.ports import Agent
from modal_app.runs.launcher import RunnerConfiguration
from modal_app.sandboxes.local import LocalSandbox
from schema.errors import DreamCoreError, ErrorCode

AgentFactory = Callable[[RunnerConfiguration], Agent]


def resolved_agent(agent: str, cli: Path | None, api_key: str | None) -> str:
    """`claude` or `offline`: `auto` takes claude when a CLI and a key are there."""
    if agent != "auto":
        return agent
    return "claude" if cli is not None and api_key else "offline"


def make_agent(configuration: RunnerConfiguration, agents: Mapping[str, AgentFactory]) -> Agent:
    """The agent that the configuration asks for. Raises CLI_SPAWN_ERROR when it has no CLI."""
    cli = find_cli(configuration.claude_bin, configuration.search_path)
    return agents[resolved_agent(configuration.agent, cli, configuration.api_key)](configuration)


def _offline(configuration: RunnerConfiguration) -> Agent:
    return OfflineAgent()


def _claude(configuration: RunnerConfiguration) -> Agent:
    cli = find_cli(configuration.claude_bin, configuration.search_path)
    if cli is None:
        raise DreamCoreError(ErrorCode.CLI_SPAWN_ERROR)
    told = ClaudeConfiguration(
        cli=cli,
        api_key=configuration.api_key,
        api_base_url=configuration.api_base_url,
        network=configuration.network,
    )
    return ClaudeAgent(LocalSandbox(), told)


AGENTS: Final[Mapping[str, AgentFactory]] = {"claude": _claude, "offline": _offline}

"""How the CLI is found and started: arguments, environment and what goes to its input. Pure,
except `find_cli`."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.ports import AgentTask, Command
from schema.execution import NETWORK_VARIABLES

TOOLS: Final = ("Read", "Write", "Edit", "Glob", "Grep")

# acceptEdits lets the file tools work inside the directory and nowhere else. No settings, no MCP
# servers: the workspace is the user's, and what lies in it must not be run. No shell among the
# tools: the key is in the environment.
_ARGUMENTS: Final = (
    "-p",
    "--input-format=stream-json",
    "--output-format=stream-json",
    "--verbose",
    "--include-partial-messages",
    "--permission-mode=acceptEdits",
    "--setting-sources=",
    "--strict-mcp-config",
    f"--tools={','.join(TOOLS)}",
    "--no-session-persistence",
)
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "CLAUDE_ENABLE_BYTE_WATCHDOG": "1",
}

INTERRUPT: Final = (
    b'{"type":"control_request","request_id":"interrupt","request":{"subtype":"interrupt"}}\n'
)


def find_cli(explicit: str | None, path: str) -> Path | None:
    """The CLI's absolute path: `explicit` (CLAUDE_BIN) and nothing else when it is given, else
    `claude` on `path` (PATH), else the one in the installed wheel, which is not imported.

    None when there is none; a wrong `explicit` is none too, rather than a surprise.
    """
    if explicit:
        return _executable(explicit, path)
    if found := _executable("claude", path):
        return found
    spec = find_spec("claude_agent_sdk")
    locations = (spec.submodule_search_locations if spec else None) or ()
    bundled = (_executable(str(Path(where, "_bundled", "claude")), "") for where in locations)
    return next((candidate for candidate in bundled if candidate), None)


def _executable(name: str, path: str) -> Path | None:
    found = shutil.which(name, path=path)
    return Path(found).absolute() if found else None


def cli_command(configuration: ClaudeConfiguration, task: AgentTask) -> Command:
    """The command for one run of `task`."""
    argv = [str(configuration.cli), *_ARGUMENTS, f"--max-turns={configuration.max_turns}"]
    if configuration.model:
        argv.append(f"--model={configuration.model}")
    network = configuration.network
    environment = {
        **_ENVIRONMENT,
        **{name: network[name] for name in NETWORK_VARIABLES if name in network},
        "HOME": str(task.home),
        "TMPDIR": str(task.temporary),
        "CLAUDE_CODE_MAX_RETRIES": str(configuration.max_retries),
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": _milliseconds(configuration.stream_idle_seconds),
        "API_TIMEOUT_MS": _milliseconds(configuration.request_seconds),
    }
    if configuration.api_key:
        environment["ANTHROPIC_API_KEY"] = configuration.api_key
    if configuration.api_base_url:
        environment["ANTHROPIC_BASE_URL"] = configuration.api_base_url
    return Command(argv, task.workspace, environment)


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def user_message(prompt: str) -> bytes:
    """The prompt as a line of input. `client_composed` has it taken literally: else `@/any/file`
    in it would be read and sent, and a slash command be run."""
    message = {
        "type": "user",
        "message": {"role": "user", "content": prompt},
        "parent_tool_use_id": None,
        "client_composed": True,
    }
    return json.dumps(message).encode() + b"\n"

"""Where the CLI is found, and exactly what it is given."""

import subprocess
import sys
from pathlib import Path

from modal_app.agents.claude.command import cli_command, find_cli
from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.ports import AgentTask
from schema.execution import NETWORK_VARIABLES


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_explicit_cli_wins_and_has_no_substitute(tmp_path: Path) -> None:
    explicit = executable(tmp_path / "own" / "cli")
    on_path = executable(tmp_path / "bin" / "claude").parent
    assert find_cli(str(explicit), str(on_path)) == explicit
    assert find_cli(str(tmp_path / "missing"), str(on_path)) is None
    explicit.chmod(0o644)
    assert find_cli(str(explicit), str(on_path)) is None


def test_the_path_comes_before_the_wheel(tmp_path: Path) -> None:
    on_path = executable(tmp_path / "bin" / "claude")
    assert find_cli(None, str(on_path.parent)) == on_path
    assert find_cli("", str(on_path.parent)) == on_path


def test_the_wheel_is_found_without_importing_it(tmp_path: Path) -> None:
    package = tmp_path / "claude_agent_sdk"
    bundled = executable(package / "_bundled" / "claude")
    (package / "__init__.py").write_text("raise AssertionError('imported')\n")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(Path.cwd())!r}]\n"
        "from modal_app.agents.claude.command import find_cli\n"
        "print(find_cli(None, ''))\n"
    )
    run = [sys.executable, "-c", program]
    found = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == str(bundled)


def test_arguments_and_environment_are_exactly_these(task: AgentTask) -> None:
    configuration = ClaudeConfiguration(
        Path("/opt/claude"), "the-key", "http://model", model="sonnet", stream_idle_seconds=7.5
    )
    command = cli_command(configuration, task)
    assert command.cwd == task.workspace
    assert command.argv == [
        "/opt/claude",
        "-p",
        "--input-format=stream-json",
        "--output-format=stream-json",
        "--verbose",
        "--include-partial-messages",
        "--permission-mode=acceptEdits",
        "--setting-sources=",
        "--strict-mcp-config",
        "--tools=Read,Write,Edit,Glob,Grep",
        "--no-session-persistence",
        "--max-turns=40",
        "--model=sonnet",
    ]
    assert command.environment == {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(task.home),
        "TMPDIR": str(task.temporary),
        "LANG": "C.UTF-8",
        "ANTHROPIC_API_KEY": "the-key",
        "ANTHROPIC_BASE_URL": "http://model",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "CLAUDE_CODE_MAX_RETRIES": "3",
        "CLAUDE_ENABLE_BYTE_WATCHDOG": "1",
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": "7500",
        "API_TIMEOUT_MS": "120000",
    }


def test_of_the_network_only_proxies_and_certificates_are_passed_on(task: AgentTask) -> None:
    network = {name: f"{name} of the tests" for name in NETWORK_VARIABLES}
    given = {**network, "PATH": "/evil", "NODE_OPTIONS": "--require=/evil.js", "ALL_PROXY": "x"}
    without = cli_command(ClaudeConfiguration(Path("/opt/claude")), task)
    configuration = ClaudeConfiguration(Path("/opt/claude"), network=given)
    assert cli_command(configuration, task).environment == {**without.environment, **network}
    assert "of the tests" not in repr(configuration)


def test_what_is_not_configured_is_not_set(task: AgentTask) -> None:
    command = cli_command(ClaudeConfiguration(Path("/opt/claude")), task)
    assert not {"ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"} & set(command.environment)


def test_a_configuration_does_not_show_its_key() -> None:
    assert "the-key" not in repr(ClaudeConfiguration(Path("/opt/claude"), "the-key"))

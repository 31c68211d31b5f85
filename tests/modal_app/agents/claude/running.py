"""Runs of the agent, and what they leave behind."""

from collections.abc import Callable
from contextlib import aclosing

import psutil

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.agents.claude.driver import ClaudeAgent
from modal_app.ports import AgentEvent, AgentTask, Sandbox

Configure = Callable[..., ClaudeConfiguration]


async def all_events(
    sandbox: Sandbox, configuration: ClaudeConfiguration, task: AgentTask
) -> list[AgentEvent]:
    """All events of a run. Whatever its end, no process of it may be left when that is told."""
    collected = []
    async with aclosing(ClaudeAgent(sandbox, configuration).run(task)) as events:
        async for event in events:
            collected.append(event)
            left = processes_of(task)
    assert left == [], "the end came while a process was left"
    return collected


def processes_of(task: AgentTask) -> list[str]:
    """The command lines of living processes that call the task's home theirs."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(task.home):
                found.append(" ".join(process.cmdline())[:200])
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            continue
    return found

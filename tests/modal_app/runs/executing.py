"""One run in this process: a real project and journal, and an agent that does what a test says."""

from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import msgspec

from modal_app.journal import JournalWriter
from modal_app.layout import Layout
from modal_app.ports import Agent, AgentEvent, AgentTask
from modal_app.runs.directories import publish, staged
from modal_app.runs.execution import Execution
from modal_app.workspace.workspace import Workspace
from schema.execution import Done, Error, RunContext, RunRequest
from tests.modal_app.execution import USER

Act = Callable[[Path], Iterable[AgentEvent]]


def write(workspace: Path, path: str, content: str) -> None:
    """What a file tool does."""
    target = workspace / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")


@dataclass
class Acting:
    """Implements `modal_app.ports.Agent` with a function of the workspace."""

    act: Act
    tasks: list[AgentTask] = field(default_factory=list)

    async def run(self, task: AgentTask) -> AsyncGenerator[AgentEvent, None]:
        self.tasks.append(task)
        for event in self.act(task.workspace):
            yield event
        yield Done("done")


@dataclass
class Runs:
    """Runs of one project, one after the other."""

    layout: Layout
    project_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.layout.data, USER, self.project_id)

    async def perform(
        self,
        act: Act,
        *,
        message: str = "a game",
        skills: tuple[str, ...] = (),
        context: RunContext | None = None,
    ) -> tuple[Done | Error, AgentTask]:
        """How the run ended, as its journal says, and what its agent was given."""
        agent = Acting(act)
        end = await self.perform_with(agent, message, skills, context)
        return end, agent.tasks[0]

    async def perform_with(
        self,
        agent: Agent,
        message: str,
        skills: tuple[str, ...] = (),
        context: RunContext | None = None,
    ) -> Done | Error:
        """How the run of another agent ended."""
        request = RunRequest(
            USER, self.project_id, str(uuid4()), message, skills, context or RunContext()
        )
        run = self.layout.run(request.run_id)
        assert publish(staged(self.layout), run)
        with JournalWriter(run.journal) as journal:
            await Execution(run, self.layout, request, lambda: agent, journal, 30.0).run()
        last = run.journal.read_bytes().splitlines()[-1]
        return msgspec.json.decode(last, type=Done | Error)

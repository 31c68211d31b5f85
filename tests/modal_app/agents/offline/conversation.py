"""A conversation with the offline agent in a real directory."""

from contextlib import aclosing
from pathlib import Path

from modal_app.agents.offline import page
from modal_app.agents.offline.agent import PAGE_NAME, OfflineAgent
from modal_app.agents.offline.parameters import GameParameters
from modal_app.ports import Agent, AgentEvent, AgentTask
from schema.execution import Done, Error, Status, Stream


class Conversation:
    """Messages to one project, one after the other."""

    def __init__(self, workspace: Path, *, pacing: float = 0) -> None:
        self.path = workspace / PAGE_NAME
        self._workspace = workspace
        self._agent: Agent = OfflineAgent(pacing=pacing)

    async def say(self, message: str) -> list[AgentEvent]:
        """Every event of one run."""
        task = AgentTask(
            prompt=f"Rules first.\n\n{message}",
            message=message,
            workspace=self._workspace,
            home=self._workspace,
            temporary=self._workspace,
        )
        async with aclosing(self._agent.run(task)) as events:
            return [event async for event in events]

    @property
    def page(self) -> str:
        """The page that exists now."""
        return self.path.read_text(encoding="utf-8")

    @property
    def parameters(self) -> GameParameters:
        """The parameters of the game that exists now."""
        parameters = page.read(self.page)
        assert parameters is not None
        return parameters


def statuses(events: list[AgentEvent]) -> list[Status]:
    """The statuses among them."""
    return [event for event in events if isinstance(event, Status)]


def tools(events: list[AgentEvent]) -> list[tuple[str, str | None]]:
    """Which tools worked on which files."""
    return [(event.tool, event.path) for event in statuses(events) if event.tool]


def told(events: list[AgentEvent]) -> str:
    """All streamed text."""
    return "".join(event.content for event in events if isinstance(event, Stream))


def closing(events: list[AgentEvent]) -> str:
    """The closing text, having made sure that the run ended well, once, at its end."""
    ends = [event for event in events if isinstance(event, Done | Error)]
    assert ends == events[-1:]
    assert isinstance(ends[0], Done)
    return ends[0].result or ""

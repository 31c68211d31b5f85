"""What the routes work with."""

import asyncio
from dataclasses import dataclass, field

from starlette.requests import Request

from modal_app.helper_calls.service import HelperCalls
from modal_app.runs.registry import Runs
from modal_app.settings import Settings
from modal_app.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class State:
    """The parts of one application. `agent` is what runs get.

    `draining` is set when streams should end; their clients come back.
    """

    settings: Settings
    runs: Runs
    agent: str
    helper_calls: HelperCalls
    draining: asyncio.Event = field(default_factory=asyncio.Event)

    def workspace(self, user_id: str, project_id: str) -> Workspace:
        """The project's files; the identifiers are checked UUIDs."""
        return Workspace(self.settings.layout.data, user_id, project_id)


def state_of(request: Request) -> State:
    """The state of the application that received `request`."""
    state = request.app.state.execution
    assert isinstance(state, State)
    return state

"""The Claude CLI as an agent: one process for each run, driven through its standard streams."""

from collections.abc import AsyncGenerator
from typing import Final

import anyio

from modal_app.agents.claude.command import cli_command
from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.agents.claude.conversation import Conversation
from modal_app.agents.claude.failures import failure
from modal_app.ports import AgentEvent, AgentTask, Sandbox
from schema.errors import ErrorCode


class ClaudeAgent:
    """`modal_app.ports.Agent` with the real CLI, inside `sandbox`.

    The end event comes only when nothing of the CLI is left, so that whoever waits for it may
    commit the files or free the project. Closing the generator, or cancelling who reads it,
    interrupts the CLI and then kills everything.
    """

    def __init__(self, sandbox: Sandbox, configuration: ClaudeConfiguration) -> None:
        self._sandbox: Final = sandbox
        self._configuration: Final = configuration

    async def run(self, task: AgentTask) -> AsyncGenerator[AgentEvent, None]:
        """Work on `task`. Fails with CLI_SPAWN_ERROR, CLI_TIMEOUT, API_TIMEOUT and what
        `failures` tells apart."""
        try:
            process = await self._sandbox.start(cli_command(self._configuration, task))
        except OSError:
            yield failure(ErrorCode.CLI_SPAWN_ERROR)
            return
        conversation = Conversation(process, self._configuration, str(task.workspace))
        try:
            await conversation.ask(task.prompt)
            while conversation.end is None:
                for event in await conversation.listen():
                    yield event
        finally:
            with anyio.CancelScope(shield=True):
                await conversation.stop()
        yield conversation.end

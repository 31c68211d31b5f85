"""What an agent finds when it begins: the project's files, skills to read, and its prompt."""

import asyncio
from dataclasses import replace
from pathlib import Path

from modal_app.layout import RunDirectory
from modal_app.ports import AgentTask
from modal_app.prompt import build_prompt
from modal_app.runs.wanted import REQUESTS_FILE
from modal_app.skills import lay_out_skills, read_skills
from modal_app.specs import read_specs
from modal_app.style import kept_style
from modal_app.workspace.plain import remove_plain
from modal_app.workspace.workspace import Workspace
from schema.execution import RunRequest


async def prepare(
    directory: RunDirectory, shared: Path, request: RunRequest, workspace: Workspace
) -> AgentTask:
    """Make the directories of the run and fill its workspace. `shared` holds the skills.

    Raises `DreamCoreError` and OSError.
    """
    for path in (directory.work, directory.home, directory.temporary):
        path.mkdir(mode=0o700, exist_ok=True)
    await workspace.checkout(directory.work)
    prompt = await asyncio.to_thread(_furnish, directory.work, shared, request)
    return AgentTask(
        prompt=prompt,
        message=request.message,
        workspace=directory.work,
        home=directory.home,
        temporary=directory.temporary,
        style=request.context.style,
    )


def _furnish(work: Path, shared: Path, request: RunRequest) -> str:
    """Add to the project's files what a run needs besides; the prompt that tells of it."""
    # What an earlier run has asked for is not asked for again.
    remove_plain(work, REQUESTS_FILE)
    context = replace(
        request.context,
        spec=request.context.spec or read_specs(work),
        style=kept_style(work, request.context.style),
    )
    library = lay_out_skills(shared, work)
    return build_prompt(request.message, context, read_skills(shared, request.skills), library)

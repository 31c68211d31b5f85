"""Projects with games that a test has written itself."""

import asyncio
from pathlib import Path
from typing import Final

from schema.execution import Done
from tests.adapters.mirror.bundles import Source
from tests.browser.player import Player
from tests.resolvers.scripted_execution import ScriptedExecution

ANSWER: Final = "できました"


async def with_game(
    player: Player, execution: ScriptedExecution, directory: Path, page: str, **files: bytes
) -> str:
    """A new project whose first job leaves a page; gives its id as soon as the preview runs.

    The title of the page becomes the project's name.
    """
    project_id = await player.create_project()
    job_id = await player.begin()
    source = await asyncio.to_thread(Source, directory)
    version = await asyncio.to_thread(source.commit, {"index.html": page.encode(), **files})
    execution.pages[project_id] = await asyncio.to_thread(source.bundle)
    execution.say(job_id, Done(ANSWER, version=version, created=True))
    await player.playing()
    return project_id

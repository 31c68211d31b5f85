"""A model is asked no longer than somebody waits for its answer."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.modal_app.helper_calls.asking import PAGE, desk, saying
from tests.model_stub.script import Reply, Text

CALLS: dict[str, dict[str, Any]] = {
    "/detect_intent": {"message": "もっと速くして"},
    "/detect_skills": {"message": "もっと速くして"},
    "/chat_haiku": {"message": "遊び方は？"},
    "/generate_publish_info": PAGE,
}


@pytest.mark.parametrize("path", CALLS)
async def test_a_question_ends_with_the_client_that_asked_it(tmp_path: Path, path: str) -> None:
    async with (
        desk(tmp_path, [Reply(Text("too late"), gate="held"), *saying("edit")]) as at,
        asyncio.timeout(60),
    ):
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(at.ask(path, **CALLS[path]))
            await at.model.gate("held").reached.wait()
            asking.cancel()
        await at.model.until(lambda model: model.disconnected == 1)
        assert (await at.intent())["intent"] == "edit"

"""500 random conversations, mostly about projects."""

import pytest

from tests.adapters.legacy.random_run import converse, seeds
from tests.adapters.legacy.stand import Stand


@pytest.mark.rule("ws.order.unsolicited", "ws.sockets.several", "ws.sockets.reconnect")
@pytest.mark.rule("ws.close.nothing-else", "ws.ownership.uniform", "ws.ping.concurrent")
@pytest.mark.rule("ws.forms.project-list")
async def test_random_conversations_about_projects_go_as_the_model_says(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    await converse(
        stand, caplog, seeds(0), {"createProject": 3, "deleteProject": 3, "renameProject": 3}
    )

"""500 random conversations, mostly about sessions."""

import pytest

from tests.adapters.legacy.random_run import converse, seeds
from tests.adapters.legacy.stand import Stand


@pytest.mark.rule("ws.order.unsolicited", "ws.sockets.several", "ws.sockets.reconnect")
@pytest.mark.rule("ws.ping.concurrent", "ws.init.again", "ws.divergence.another-user")
@pytest.mark.rule("ws.flow.foreign")
async def test_random_conversations_about_sessions_go_as_the_model_says(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    await converse(stand, caplog, seeds(3), {"init": 6, "selectProject": 3})

"""500 random conversations, mostly about versions."""

import pytest

from tests.adapters.legacy.random_run import converse, seeds
from tests.adapters.legacy.stand import Stand


@pytest.mark.rule("ws.order.unsolicited", "ws.sockets.several", "ws.ping.concurrent")
@pytest.mark.rule("ws.restore.errors", "ws.restore.failures", "ws.edits.reply")
@pytest.mark.rule("ws.versions.listed")
async def test_random_conversations_about_versions_go_as_the_model_says(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    await converse(
        stand, caplog, seeds(2), {"getVersionEdits": 5, "restoreVersion": 5, "getVersions": 3}
    )

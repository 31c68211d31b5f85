"""A machine whose environment names a proxy: nothing that stays on the machine goes there."""

import pytest

from tests.adapters.server.answering import answering
from tests.e2e.installation import Installation


@pytest.mark.parametrize("command", ["demo", "generate"])
async def test_a_command_with_its_own_gateway_needs_no_proxy(
    offline: Installation, command: str
) -> None:
    async with answering() as proxy:
        done = await offline.run(command, "--json", "a snake game", **proxy.as_proxy)
    assert done.status == 0, done
    assert proxy.heads == []


async def test_neither_does_one_that_finds_a_gateway(offline: Installation) -> None:
    async with answering() as proxy, offline.serving(**proxy.as_proxy) as gateway:
        await gateway.watch(await gateway.start("a snake game"), until="GenerationCompleted")
        place = ("--url", gateway.url, "--token", gateway.token)
        for arguments in ((), place):
            done = await offline.run("generate", "--json", *arguments, "a game", **proxy.as_proxy)
            assert done.status == 0, done
    assert proxy.heads == []

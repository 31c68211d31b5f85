"""Each of the offline agent's games on its whole way: made over GraphQL by the execution process,
mirrored, served, and played at its address."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
import pytest

from modal_app.agents.offline.palette import COLOUR_VALUES
from modal_app.agents.offline.vocabulary import GAMES
from tests.browser.conftest import ALICE, Site
from tests.browser.played import first_score, played
from tests.browser.tab import DESKTOP, PHONE
from tests.gateway.client import GatewayClient
from tests.modal_app.agents.offline.test_games import AUTOPILOTS, KEYS, PROMPTS, TITLES

ON_A_PHONE = ("memory", "runner")
# Pairs of cards are found by remembering: the arcade's own test wins that game.
SCORING = {"breakout": "() => null"} | AUTOPILOTS


@pytest.fixture
async def client(site: Site) -> AsyncGenerator[GatewayClient, None]:
    """Alice over GraphQL."""
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        yield GatewayClient(site.url, site.token(), http)


async def generate(client: GatewayClient, project_id: str, message: str) -> str:
    """Have a project's game made or changed; gives its address."""
    generation = await client.start(message, project_id=project_id)
    async with aclosing(client.watcher("graphql-sse").watch(generation)) as events:
        received = [event async for event in events]
    assert received[-1]["__typename"] == "GenerationCompleted", received[-1]
    return f"{client.url}/game/{ALICE}/{project_id}/index.html?access_token={client.token}"


@pytest.mark.parametrize("game", GAMES)
async def test_a_game_is_what_was_asked_for_can_be_played_and_changed(
    site: Site, client: GatewayClient, game: str
) -> None:
    screen = PHONE if game in ON_A_PHONE else DESKTOP
    project_id = await client.project()
    address = await generate(client, project_id, PROMPTS[game])
    async with played(site.browser, site.url, address, **screen) as machine:
        assert machine.parameters.game == game
        assert await machine.page.title() == TITLES[game]
        assert await machine.page.locator("h1").inner_text() == TITLES[game]
        start = machine.page.locator("#start")
        await (start.tap() if screen is PHONE else start.press("Enter"))
        before = await machine.advance(100)
        assert before["phase"] == "playing"
        assert await machine.share_of(machine.parameters.palette.background) > 0.02
        assert await machine.share_of(machine.parameters.palette.primary) > 0.0005
        picture = await machine.picture()
        played_on = await machine.play(*KEYS[game], milliseconds=150)
        assert played_on["player"] != before["player"]
        await machine.until_the_end()

    await generate(client, project_id, "make it red")
    async with played(site.browser, site.url, address, **screen) as machine:
        assert machine.parameters.palette.primary == COLOUR_VALUES["red"]
        await machine.page.keyboard.press("Enter")
        await machine.advance(100)
        assert await machine.picture() != picture
        if game in SCORING:
            assert await first_score(machine, SCORING[game]) > 0

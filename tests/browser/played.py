"""A served game in a tab of its own, played with the arcade's keys and clock."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser

from tests.browser.player import parameters_of
from tests.browser.tab import DESKTOP, opened
from tests.modal_app.agents.offline.arcade import Machine

_TO_THE_FIRST_POINT: Final = """() => {
  const decide = %s;
  const key = (type, code) => dispatchEvent(new KeyboardEvent(type, { code }));
  key("keydown", "Space"); // held, it fires
  for (let step = 0; step < 2400 && game.state.score === 0; step++) {
    const code = decide(game.state);
    if (code) key("keydown", code);
    game.advance(1000 / 60);
    if (code) key("keyup", code);
  }
  return game.state.score;
}"""


async def first_score(machine: Machine, decide: str) -> int:
    """The score after at most forty seconds of a player: JavaScript from a state to a key."""
    score: int = await machine.page.evaluate(_TO_THE_FIRST_POINT % decide)
    return score


@asynccontextmanager
async def played(
    browser: Browser, url: str, address: str, **options: Any
) -> AsyncGenerator[Machine, None]:
    """The game at an address of the server at `url`; its time stands still from the beginning."""
    async with opened(browser, url, **(DESKTOP | options)) as tab:
        await tab.page.goto(address)
        session = await tab.page.context.new_cdp_session(tab.page)
        machine = Machine(tab.page, session, await parameters_of(tab.page))
        await machine.advance(0)
        yield machine

"""Games in Chromium, played with keys and fingers, in time that the tests move."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Route, ViewportSize

from modal_app.agents.offline import page as game_page
from modal_app.agents.offline.parameters import GameParameters, create
from modal_app.agents.offline.understanding import understand

ADDRESS: Final = "http://game.test/"
Screen = Literal["desktop", "phone"]
State = dict[str, Any]

_VIEWPORTS: Final[dict[Screen, ViewportSize]] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}

_PIXELS: Final = """(colour) => {
  const wanted = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  const { width, height } = document.getElementById("canvas");
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(document.getElementById("canvas"), 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const near = wanted.every((value, channel) => Math.abs(value - data[at + channel]) <= 12);
    count += near && data[at + 3] === 255;
  }
  return count / (data.length / 4);
}"""


def game_for(prompt: str) -> GameParameters:
    """The game that a prompt makes."""
    return create(prompt, understand(prompt))


@dataclass(frozen=True, slots=True)
class Machine:
    """One game on one screen. Positions of fingers are shares of the canvas, 0..1."""

    page: Page
    session: CDPSession
    parameters: GameParameters

    async def state(self) -> State:
        """What the game says of itself."""
        state: State = await self.page.evaluate("game.state")
        return state

    async def advance(self, milliseconds: float) -> State:
        """Move time on."""
        state: State = await self.page.evaluate("(time) => game.advance(time)", milliseconds)
        return state

    async def play(self, *keys: str, milliseconds: float = 250) -> State:
        """Hold each key in turn for a while."""
        for key in keys:
            await self.page.keyboard.down(key)
            await self.advance(milliseconds)
            await self.page.keyboard.up(key)
        return await self.state()

    async def until_the_end(self) -> State:
        """Move time on, hands off, until the round ends; at most ten minutes."""
        state: State = await self.page.evaluate(
            """() => {
              let ticks = 0;
              while (game.state.phase === "playing" && ticks++ < 6000) game.advance(100);
              return game.state;
            }"""
        )
        assert state["phase"] in ("over", "won")
        return state

    async def finger(self, kind: str, *points: tuple[float, float]) -> None:
        """A real touch event: touchStart, touchMove or touchEnd."""
        frame = await self.page.locator("#canvas").bounding_box()
        assert frame is not None
        touches = [
            {"x": frame["x"] + frame["width"] * x, "y": frame["y"] + frame["height"] * y}
            for x, y in points
        ]
        await self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    async def tap(self, x: float, y: float) -> None:
        """Touch a point of the canvas and let go."""
        await self.finger("touchStart", (x, y))
        await self.finger("touchEnd")

    async def share_of(self, colour: str) -> float:
        """How much of the canvas has a colour, 0..1."""
        share: float = await self.page.evaluate(_PIXELS, colour)
        return share

    async def picture(self) -> str:
        """The canvas as a data URL."""
        picture: str = await self.page.evaluate(
            "document.getElementById('canvas').toDataURL('image/png')"
        )
        return picture


class Arcade:
    """Opens games at an address of their own and listens to what their pages do."""

    def __init__(self, browser: Browser) -> None:
        self._browser: Final = browser
        self._contexts: Final[dict[Screen, BrowserContext]] = {}
        self._content = ""
        self.complaints: Final[list[str]] = []
        self.foreign_requests: Final[list[str]] = []

    async def open(self, game: str | GameParameters, screen: Screen = "desktop") -> Machine:
        """A game, by prompt or parameters, with its start screen; its time stands still."""
        parameters = game_for(game) if isinstance(game, str) else game
        page = await self.open_page(game_page.render(parameters), screen)
        return await self.machine(page, parameters)

    async def machine(self, page: Page, parameters: GameParameters) -> Machine:
        """The game of an open page; from now on its time stands still."""
        machine = Machine(page, await page.context.new_cdp_session(page), parameters)
        await machine.advance(0)
        return machine

    async def open_page(self, content: str, screen: Screen) -> Page:
        """Any page, watched."""
        self._content = content
        page = await (await self._context(screen)).new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        await page.goto(ADDRESS)
        return page

    async def _context(self, screen: Screen) -> BrowserContext:
        if screen not in self._contexts:
            phone = screen == "phone"
            context = await self._browser.new_context(
                viewport=_VIEWPORTS[screen],
                has_touch=phone,
                is_mobile=phone,
                device_scale_factor=2 if phone else 1,
                reduced_motion="reduce",
            )
            await context.route("**/*", self._serve)
            self._contexts[screen] = context
        return self._contexts[screen]

    async def _serve(self, route: Route) -> None:
        if route.request.url == ADDRESS:
            await route.fulfill(body=self._content, content_type="text/html; charset=utf-8")
        else:
            self.foreign_requests.append(route.request.url)
            await route.abort()

    async def close(self) -> None:
        """Close every page that was opened."""
        for context in self._contexts.values():
            await context.close()

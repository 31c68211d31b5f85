"""A person with a browser in front of the playground."""

from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Browser, ConsoleMessage, Page, Route, expect

_RESULT: Final = "() => window.__MONACO.editor.getEditors().find((e) => e.getRawOptions().readOnly)"
_QUERY: Final = """() => window.__MONACO.editor.getEditors().find(
  (editor) => editor.getContainerDomNode().closest(".graphiql-query-editor"))"""
_VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Visitor:
    """One page. What it complains about, and what it asked of anybody else, is written down."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)

    @classmethod
    async def arrive(cls, browser: Browser, url: str, **options: Any) -> "Visitor":
        """Open the playground of the gateway at `url`; nothing else can be reached."""
        context = await browser.new_context(**options)
        context.set_default_timeout(60_000)
        visitor = cls(await context.new_page(), url)
        await context.add_init_script(_VIOLATIONS)
        await context.route("**/*", visitor._only_ours)
        visitor.page.on("console", visitor._heard)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on("websocket", lambda socket: visitor.sockets.append(socket.url))
        await visitor.page.goto(f"{url}/graphql")
        await visitor._settled()
        return visitor

    async def reload(self) -> None:
        """Come again in the same tab."""
        await self.page.reload()
        await self._settled()

    async def leave(self) -> None:
        """Close the page."""
        await self.page.context.close()

    async def choose(self, title: str) -> None:
        """Open an example in a tab."""
        await self.page.get_by_role("button", name="Examples").click()
        await self.page.get_by_role("menuitem", name=title, exact=True).click()

    async def run(self, title: str | None = None) -> None:
        """Run what the editor shows; first open the example, if one is named."""
        if title is not None:
            await self.choose(title)
        await self.page.get_by_role("button", name="Execute query").click()

    async def sees(self, text: str) -> dict[str, Any]:
        """The result, as soon as it mentions `text`."""
        await self.page.wait_for_function(
            f"(text) => ({_RESULT})()?.getValue().includes(text)", arg=text
        )
        result: dict[str, Any] = await self.page.evaluate(f"JSON.parse(({_RESULT})().getValue())")
        return result

    async def write(self, text: str) -> None:
        """Type a document into the editor, which closes its brackets."""
        await self.page.locator(".graphiql-query-editor .view-lines").click()
        await self.page.keyboard.press("ControlOrMeta+A")
        await self.page.keyboard.type(text)

    async def shows(self, text: str) -> None:
        """Wait until the editor holds exactly this document."""
        await self.page.wait_for_function(
            f"(text) => ({_QUERY})().getValue().trim() === text", arg=text
        )

    async def use_token(self, token: str) -> None:
        """Type a token and press Enter."""
        await self.page.get_by_label("Token").fill(token)
        await self.page.get_by_label("Token").press("Enter")

    async def _settled(self) -> None:
        for editor in (".graphiql-query-editor", ".graphiql-editor-tool", ".result-window"):
            await expect(self.page.locator(f"{editor} .monaco-editor")).to_be_visible()

    async def _only_ours(self, route: Route) -> None:
        if route.request.url.startswith((f"{self.url}/", "data:")):
            await route.continue_()
        else:
            self.foreign_requests.append(route.request.url)
            await route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

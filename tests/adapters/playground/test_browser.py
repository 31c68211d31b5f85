"""Headless Chromium in front of the whole: gateway, execution process, offline agent."""

import re
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.adapters.playground.conftest import Scene

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def test_a_newcomer_generates_a_game_with_the_development_token(
    development: Scene,
) -> None:
    visitor = await development.arrive()
    await visitor.run()
    assert (await visitor.sees("viewer"))["data"]["viewer"]["email"] == "developer@localhost"

    await visitor.run("Create a project")
    created = await visitor.sees("CreateProjectSuccess")
    await visitor.run("Generate a game")
    result = await visitor.sees("GenerationCompleted")

    completed = result["data"]["generate"]
    assert completed["version"]["hash"]
    numbers = [event["generate"]["seq"] for event in result["earlier"]]
    assert numbers == list(range(completed["seq"] - 1, 0, -1))
    await expect(visitor.page.get_by_role("button", name="Execute query")).to_be_visible()

    await visitor.run("Watch a generation")
    watched = await visitor.sees('"generation"')
    assert watched["data"]["generation"]["generationId"] == completed["generationId"]
    await visitor.run("List my projects")
    assert created["data"]["createProject"]["project"]["id"] in str(await visitor.sees("edges"))
    assert {urlsplit(socket).netloc for socket in visitor.sockets} == {
        urlsplit(development.url).netloc
    }


async def test_without_a_token_the_page_asks_for_one_and_keeps_it_for_the_tab_only(
    foreign_issuer: Scene,
) -> None:
    visitor = await foreign_issuer.arrive()
    await visitor.sees("Paste an access token")
    token = foreign_issuer.token()
    await visitor.use_token(token)
    await visitor.run()
    assert (await visitor.sees("viewer"))["data"]["viewer"]["email"] == "developer@localhost"

    await visitor.reload()
    await visitor.run()
    await visitor.sees("developer@localhost")
    kept = await visitor.page.evaluate("[JSON.stringify(localStorage), document.cookie].join()")
    assert token not in kept


async def test_page_and_editors_follow_the_systems_theme(development: Scene) -> None:
    visitor = await development.arrive(color_scheme="dark")
    page, editors = visitor.page.locator(".playground"), visitor.page.locator(".monaco-editor")
    await expect(page).to_have_css("background-color", "rgb(33, 42, 59)")
    await expect(editors.first).to_have_class(re.compile(r"\bvs-dark\b"))
    await visitor.page.emulate_media(color_scheme="light")
    await expect(page).to_have_css("background-color", "rgb(255, 255, 255)")
    await expect(editors.first).to_have_class(re.compile(r"\bvs\b(?!-)"))


async def test_on_a_phone_nothing_is_beside_the_screen(development: Scene) -> None:
    visitor = await development.arrive(**PHONE)
    await visitor.run()
    await visitor.sees("viewer")
    for selector in (".graphiql-query-editor", ".result-window", "#token"):
        box = await visitor.page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] > 20
    width = await visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_the_editor_knows_the_schema_and_tidies_up(development: Scene) -> None:
    visitor = await development.arrive()
    # What it suggests comes from the schema, which has arrived when the explorer shows it.
    await visitor.page.get_by_role("button", name="Documentation Explorer").click()
    await expect(visitor.page.get_by_role("link", name="Subscription")).to_be_visible()

    await visitor.write("{ vie")
    await visitor.page.keyboard.press("Control+Space")
    suggestion = visitor.page.locator(".suggest-widget .monaco-list-row", has_text="viewer")
    await expect(suggestion.first).to_be_visible()
    await visitor.page.keyboard.press("Escape")

    await visitor.write("query Q{viewer{id # mine\nemail")
    await visitor.page.get_by_role("button", name="Prettify query").click()
    await visitor.shows("query Q {\n  viewer {\n    id # mine\n    email\n  }\n}")

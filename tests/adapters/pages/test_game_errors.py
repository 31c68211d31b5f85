"""What the editor hears of a game's errors, in headless Chromium."""

import pytest
from playwright.async_api import Browser

from tests.adapters.pages.editor import editing
from tests.adapters.pages.served import Served


@pytest.mark.rule("http.game.errors")
async def test_errors_of_every_kind_reach_the_editor(browser: Browser, served: Served) -> None:
    script = b"""
const circle = {}; circle.self = circle;
console.error("bad", { a: 1 }, circle, new TypeError("t"), undefined, null, 3);
Promise.reject(new RangeError("rejected"));
Promise.reject();
setTimeout(() => { throw new Error("late"); });
missing.call();
"""
    page = b"<html><head></head><body><script src='js/game.js?v=2'></script></body></html>"
    await served.publish({"index.html": page, "js/game.js": script})
    async with editing(browser, served) as editor:
        await editor.show()
        (loaded,) = await editor.messages("gameLoaded")
        assert (loaded["success"], loaded["errorCount"]) == (False, 5)
        by_message = {error["message"]: error for error in loaded["errors"]}
        assert by_message.keys() == {
            'bad {"a":1} [object Object] TypeError: t undefined null 3',
            "Uncaught ReferenceError: missing is not defined",
            "Uncaught Error: late",
            "rejected",
            "Unknown promise rejection",
        }
        error = by_message["Uncaught ReferenceError: missing is not defined"]
        stack = error.pop("stack")
        assert "ReferenceError" in stack
        assert error == {
            "type": "error",
            "message": "Uncaught ReferenceError: missing is not defined",
            "file": "game.js",
            "line": 7,
            "column": 1,
        }
        assert by_message["rejected"]["type"] == "unhandledrejection"
        assert by_message["Unknown promise rejection"]["stack"] is None
        reported = await editor.messages("gameError")
        assert [len(message["errors"]) for message in reported] == [1, 2, 3, 4, 5]


@pytest.mark.rule("http.game.errors")
async def test_a_flood_of_errors_stops_at_ten(browser: Browser, served: Served) -> None:
    page = b"<head></head><script>for (let n = 0; n < 1000; n++) console.error(n);</script>"
    await served.publish({"index.html": page})
    async with editing(browser, served) as editor:
        await editor.show()
        (loaded,) = await editor.messages("gameLoaded")
        assert loaded["errorCount"] == 10
        assert [error["message"] for error in loaded["errors"]] == [str(n) for n in range(10)]
        assert len(await editor.messages("gameError")) == 10

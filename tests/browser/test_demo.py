"""`dreamcore demo`: one command, and a game to play."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.async_api import Browser

from adapters.server.development import DEVELOPMENT_USER
from tests.browser.played import played
from tests.browser.terminal import at_a_terminal
from tests.e2e.installation import COMMAND, Finished, Installation
from tests.e2e.processes import nothing_left, processes_of
from tests.e2e.terminal import shown_by

GAME = re.compile(
    rf"play it at  (http://127\.0\.0\.1:(\d+)/game/{DEVELOPMENT_USER}/[0-9a-f-]{{36}}"
    r"/index\.html\?access_token=\S+)"
)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Installation]:
    """A data directory that nobody has used."""
    data = tmp_path / "data"
    yield Installation(data)
    for process in processes_of(data):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def address_in(output: str) -> str:
    """Where the game can be played."""
    found = GAME.search(output)
    assert found, output
    return found[1]


def environment_of(installation: Installation) -> dict[str, str]:
    """As on a fresh machine: nothing names an agent, and there is no key for a model."""
    places = {"DATA_DIR": str(installation.data), "PORT": "0"}
    return {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **places}


def assert_tried(done: Finished) -> None:
    """The game was made, its address tried, and the server stopped."""
    assert (done.status, done.errors.count("Traceback")) == (0, 0), done
    for shown in ("Offline agent", "Neon Breakout", "done", "the address answers 200"):
        assert shown in done.output
    assert "\x1b" not in done.output
    address_in(done.output)


async def test_without_a_terminal_it_tries_the_address_and_ends(fresh: Installation) -> None:
    assert_tried(await fresh.run("demo"))
    await nothing_left(fresh.data)


async def test_a_busy_port_means_another_one(fresh: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await fresh.run("demo", PORT=str(port))
    assert_tried(done)
    assert done.errors == f"port {port} is busy, taking another\n"
    assert urlsplit(address_in(done.output)).port != port


async def test_machines_get_the_events_as_json(fresh: Installation) -> None:
    done = await fresh.run("demo", "--json", "a pink snake game")
    assert done.status == 0
    *events, place = done.events
    assert events[-1]["__typename"] == "GenerationCompleted"
    assert list(place) == ["url"]
    assert "the address answers 200" in done.errors


async def test_in_ci_a_terminal_is_not_kept(fresh: Installation) -> None:
    shown = await shown_by(COMMAND, "demo", environment=environment_of(fresh) | {"CI": "true"})
    assert "the address answers 200" in shown


async def test_a_failure_is_an_exit_status(fresh: Installation) -> None:
    async with fresh.serving():
        done = await fresh.run("demo")
    assert done.status == 1
    assert "another gateway owns" in done.errors
    assert "play it at" not in done.output


async def test_on_a_terminal_its_game_can_be_played_until_ctrl_c(
    fresh: Installation, browser: Browser
) -> None:
    async with at_a_terminal(COMMAND, "demo", environment=environment_of(fresh)) as terminal:
        address = address_in(await terminal.shows("Ctrl-C stops the server."))
        assert "100%" in terminal.shown
        url = address[: address.index("/game/")]
        async with played(browser, url, address) as machine:
            assert await machine.page.title() == "Neon Breakout"
            await machine.page.keyboard.press("Enter")
            before = await machine.advance(100)
            assert (await machine.play("ArrowLeft"))["player"] != before["player"]
            assert await machine.share_of(machine.parameters.palette.primary) > 0.0005
        assert await terminal.interrupted() == 0
    await nothing_left(fresh.data)

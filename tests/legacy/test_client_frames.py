"""Every literal message of a client (Appendix B), sent once to a running server."""

import json
from typing import Final

import pytest

from tests.adapters.legacy.stand import Stand, begun, new_project
from tests.gateway.legacy_watcher import Browser, Frame
from tests.legacy.literals import literals
from tests.legacy.scenes import PAGE, version

MESSAGES: Final = literals("client_frames.jsonl")
PROJECT: Final = "36b07c0b-1fe6-4e62-a817-d7c203de6a6e"
JOB: Final = "441b03ab-a56d-429c-a6bd-f126aec44a73"

REPLIES: Final = {
    "init": "init",
    "ping": "pong",
    "selectProject": "projectSelected",
    "createProject": "projectCreated",
    "deleteProject": "projectDeleted",
    "renameProject": "projectRenamed",
    "getProjectInfo": "projectInfo",
    "message": "jobStarted",
    "cancel": "cancelled",
    "getVersions": "versionsList",
    "getVersionEdits": "versionEdits",
    "restoreVersion": "versionRestored",
    "getJobStatus": "jobStatus",
    "subscribeJob": "subscribed",
}


async def said(stand: Stand, browser: Browser, number: int) -> Frame:
    """The reply to the message in a line, with the identifiers and the token of this run."""
    message = MESSAGES[number]
    project = await new_project(browser)
    stand.mirror.versions[project] = [(version(), PAGE.encode())]
    stand.execution.pages[project] = PAGE.encode()
    job = ""
    if message["type"] in ("cancel", "getJobStatus", "subscribeJob"):
        job = (await begun(browser))["id"]
        await browser.until("progress")
    text = json.dumps(message, ensure_ascii=False)
    for known, actual in ((PROJECT, project), (JOB, job), ("<jwt>", stand.token_of())):
        text = text.replace(known, actual)
    await browser.send(text)
    return await browser.receive()


@pytest.mark.rule("ws.literals.client", "ws.messages.fourteen", "ws.message.shapes")
@pytest.mark.parametrize("number", MESSAGES)
async def test_every_literal_message_is_understood(stand: Stand, number: int) -> None:
    async with stand.browser() as browser:
        reply = await said(stand, browser, number)
        assert reply["type"] == REPLIES[MESSAGES[number]["type"]]


@pytest.mark.rule("ws.literals.client", "ws.messages.fourteen")
def test_every_message_has_a_line() -> None:
    assert {message["type"] for message in MESSAGES.values()} == set(REPLIES)


@pytest.mark.rule("ws.message.skills")
@pytest.mark.parametrize(
    ("options", "skills"),
    [
        ({"disableSkills": True, "useClaude": False}, ()),
        ({"disableSkills": False, "useClaude": True}, ("p5js-setup",)),
        (None, ("p5js-setup",)),
        ("x", ("p5js-setup",)),
    ],
)
async def test_skills_can_be_switched_off(
    stand: Stand, options: object, skills: tuple[str, ...]
) -> None:
    stand.execution.skills = ("p5js-setup",)
    async with stand.browser() as browser:
        await new_project(browser)
        more = {} if options is None else {"debugOptions": options}
        await browser.ask(type="message", content="速く", skipStyleSelection=True, **more)
        await browser.until("progress")
        await stand.execution.started.wait()
        assert stand.execution.requests[-1].skills == skills

"""Introduction, `ping`, and frames that make no sense."""

from pathlib import Path

import anyio
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from adapters.legacy.ports import Limits
from tests.adapters.legacy.stand import ALICE, Stand, begun, new_project, open_stand
from tests.gateway.legacy_watcher import Browser, open_browser


@pytest.mark.rule("ws.flow.connect", "ws.init.reply")
async def test_a_browser_introduces_itself(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        assert await browser.init(stand.token_of()) == {
            "type": "init",
            "userId": ALICE,
            "projects": [],
        }


@pytest.mark.rule("ws.init.created", "ws.flow.create", "ws.forms.project-list")
async def test_a_project_just_created_is_in_the_next_introduction(stand: Stand) -> None:
    async with stand.browser() as browser:
        created = await browser.ask(type="createProject", name="新しいゲーム")
    async with open_browser(stand.url) as browser:
        introduced = await browser.init(stand.token_of())
    assert introduced["projects"] == created["projects"]
    assert [*introduced["projects"][0]] == [
        "id",
        "name",
        "description",
        "isPublic",
        "remixedFrom",
        "createdAt",
        "updatedAt",
    ]


@pytest.mark.rule("ws.ping.always")
async def test_ping_is_answered_before_introduction(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        assert await browser.ask(type="ping") == {"type": "pong"}


@pytest.mark.rule("ws.ping.concurrent")
async def test_ping_is_answered_while_a_message_is_in_work(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.free.clear()
        await browser.send({"type": "selectProject", "projectId": project})
        await stand.mirror.asked.wait()
        with anyio.fail_after(2):
            assert await browser.ask(type="ping") == {"type": "pong"}
        stand.mirror.free.set()
        assert (await browser.receive())["type"] == "projectSelected"


@pytest.mark.rule("ws.order.before-init", "ws.messages.not-json", "ws.messages.unknown")
@pytest.mark.rule("ws.close.nothing-else", "ws.message.no-project", "ws.select.errors")
@pytest.mark.rule("ws.create.errors", "ws.delete.errors", "ws.rename.errors", "ws.info.errors")
@pytest.mark.rule("ws.versions.errors", "ws.cancel.errors", "ws.status.errors")
@pytest.mark.rule("ws.subscribe.errors", "ws.tests.permissions")
@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "selectProject", "projectId": ALICE}, "Not initialized"),
        ({"type": "createProject"}, "Not initialized"),
        ({"type": "deleteProject", "projectId": ALICE}, "Invalid request"),
        ({"type": "renameProject", "projectId": ALICE, "name": "x"}, "Invalid request"),
        ({"type": "getProjectInfo", "projectId": ALICE}, "Invalid request"),
        ({"type": "getVersions", "projectId": ALICE}, "Invalid request"),
        ({"type": "message", "content": "x"}, "No project selected"),
        ({"type": "cancel", "jobId": ALICE}, "Access denied"),
        ({"type": "getJobStatus", "jobId": "test-job-123"}, "Not authenticated"),
        ({"type": "subscribeJob", "jobId": "test-job-123"}, "Not authenticated"),
        ("hello", "Invalid message format"),
        ("", "Invalid message format"),
        ("null", "Invalid message format"),
        (b"\xff\xfe", "Invalid message format"),
        ("[" * 100_000, "Invalid message format"),
        ("5", "Unknown message type"),
        ("[]", "Unknown message type"),
        ("{}", "Unknown message type"),
        ('{"type":["ping"]}', "Unknown message type"),
        ({"type": "jobUpdate"}, "Unknown message type"),
    ],
)
async def test_what_cannot_be_done_is_an_error_on_an_open_socket(
    stand: Stand, message: object, text: str
) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send(message)
        assert await browser.receive() == {"type": "error", "message": text}
        assert await browser.silent()


@pytest.mark.rule("ws.cancel.nothing")
async def test_a_cancel_of_nothing_is_not_answered(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send({"type": "cancel"})
        assert await browser.silent()
        await browser.init(stand.token_of())
        await browser.send({"type": "cancel"})
        assert await browser.silent()


@pytest.mark.rule("ws.payload.binary")
async def test_binary_frames_may_hold_messages(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send(b'{"type":"ping"}')
        assert await browser.receive() == {"type": "pong"}


@pytest.mark.rule("ws.upgrade.any-path", "ws.upgrade.subprotocol")
async def test_any_path_and_the_first_subprotocol_are_taken(stand: Stand) -> None:
    address = stand.url.replace("http", "ws", 1) + "/project/x?access_token=y"
    offered = [Subprotocol("one"), Subprotocol("two")]
    async with connect(address, subprotocols=offered, origin=None) as connection:
        assert connection.subprotocol == "one"
        assert await Browser(connection).silent()


@pytest.mark.rule("ws.payload.too-large", "ws.divergence.payload-limit")
async def test_a_frame_of_more_than_a_mebibyte_closes_with_1009(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send(" " * (2**20 + 1))
        assert (await browser.closed())[0] == 1009


@pytest.mark.rule("ws.payload.not-utf-8")
async def test_text_that_is_not_utf_8_closes_with_1007(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.connection.send(b'{"type":"ping", "x":"\xff"}', text=True)
        assert (await browser.closed())[0] == 1007


@pytest.mark.rule("ws.messages.concurrent", "ws.divergence.messages-at-a-time")
async def test_too_many_messages_at_a_time_are_refused(tmp_path: Path) -> None:
    limits = Limits(concurrent_messages=2)
    async with open_stand(tmp_path, limits) as stand, stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.free.clear()
        for _ in range(3):
            await browser.send({"type": "getVersions", "projectId": project})
        refused = await browser.receive()
        assert refused["error"] == {"code": "RATE_LIMITED", "message": refused["message"]}
        assert await browser.silent()
        stand.mirror.free.set()
        assert [(await browser.receive())["type"] for _ in range(2)] == ["versionsList"] * 2


@pytest.mark.rule("ws.messages.exception", "ws.close.nothing-else")
async def test_an_unforeseen_failure_is_one_plain_error(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.broken = True
        failed = await browser.ask(type="getVersions", projectId=project)
        assert failed == {"type": "error", "message": "Invalid message format"}
        assert await browser.silent()


@pytest.mark.rule("ws.divergence.shutdown", "ws.watch.left")
async def test_a_server_that_shuts_down_says_so_and_the_job_goes_on(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        stand.server.stop()
        assert await browser.closed() == (1012, "Service restart")
        stand.finish(row["id"])
        assert (await stand.stored(row["id"]))[-1].event.__class__.__name__ == "Completed"

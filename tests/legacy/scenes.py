"""Conversations of which every literal frame of the contract is a part, in its own words."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from schema.execution import (
    Code,
    Done,
    Error,
    ExecutionEvent,
    ProposedEdit,
    ProposedFile,
    Status,
    Stream,
    WantedImage,
)
from schema.helper_calls import ChatAnswer
from schema.mirror import VersionRecord
from tests.adapters.legacy.stand import ALICE, Stand, begun, commit, new_project
from tests.gateway.legacy_watcher import Browser, Frame

HASH = "7cf97ac" + "0" * 33
NEW_GAME = "2Dで宇宙ゲームを作って"
EDIT = "敵を速くして"
PAGE = "<!DOCTYPE html><title>宇宙ゲーム</title>"
AT_WORK = Status("Claude CLI スキル: p5js-setup", progress=10)


class Listening(Browser):
    """A browser that remembers what it received."""

    def __init__(self, browser: Browser, seen: list[Frame]) -> None:
        super().__init__(browser.connection)
        self.seen = seen

    async def receive(self) -> Frame:
        frame = await super().receive()
        self.seen.append(frame)
        return frame


@asynccontextmanager
async def listening(
    stand: Stand, seen: list[Frame], user_id: str = ALICE
) -> AsyncGenerator[Listening, None]:
    """A socket of the user, introduced; the introduction is remembered too."""
    async with stand.browser(user_id) as browser:
        listener = Listening(browser, seen)
        await listener.init(stand.token_of(user_id))
        yield listener


def version(subject: str = "作成しました") -> VersionRecord:
    return VersionRecord(HASH, subject, commit(subject).at)


async def made(stand: Stand, browser: Browser, project: str) -> None:
    """A game as a run makes it: files, the version and the name of its page."""
    row = await begun(browser, NEW_GAME)
    stand.mirror.versions[project] = [(version(), PAGE.encode())]
    code = Code(files=(ProposedFile("index.html", PAGE),))
    done = Done("作成しました", version=HASH, created=True, code=code)
    say = stand.execution.say
    say(row["id"], Stream("ゲームを作ります。", 1), Status("ファイル適用完了", progress=95), done)
    await browser.job()
    await browser.until("projectRenamed")


async def making(stand: Stand) -> list[Frame]:
    """From nothing to a game with a name, and its end."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser:
        await browser.ask(type="ping")
        project = await new_project(browser)
        await browser.init(stand.token_of())
        await browser.ask(type="message", content=NEW_GAME)
        await made(stand, browser, project)
        await browser.ask(type="selectProject", projectId=project)
        await browser.ask(type="getProjectInfo", projectId=project)
        await browser.ask(type="renameProject", projectId=project, name="宇宙ゲーム")
        await browser.ask(type="deleteProject", projectId=project)
        await browser.ask(type="getProjectInfo", projectId=project)
    return seen


async def editing(stand: Stand) -> list[Frame]:
    """A change of a game, seen from a second page that opens in the middle of it."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser, listening(stand, seen) as second:
        project = await new_project(browser)
        row = await begun(browser, EDIT)
        stand.execution.say(row["id"], Status("コード生成中...", progress=20))
        await browser.until("progress")
        await browser.until("progress")
        await second.ask(type="selectProject", projectId=project)
        stand.execution.say(row["id"], Status("実行中: Write", progress=35))
        await browser.until("progress")
        await browser.ask(type="getJobStatus", jobId=row["id"])
        await browser.ask(type="subscribeJob", jobId=row["id"])
        edit = ProposedEdit("index.html", "const S=2;", "const S=5;")
        code = Code(edits=(edit,))
        stand.execution.pages[project] = PAGE.encode()
        stand.execution.say(row["id"], Done("敵を速くしました", version=HASH, code=code))
        await browser.job()
        await browser.ask(type="cancel", jobId=row["id"])  # waits until it is settled
        await browser.ask(type="getVersionEdits", projectId=project, versionHash="7cf97ac")
    return seen


async def asking(stand: Stand) -> list[Frame]:
    """A question about a game, and the wish to go back."""
    seen: list[Frame] = []
    words = ("敵を速くして", "音を追加して")
    stand.execution.answer = ChatAnswer("矢印キーで操作します。", words)
    async with listening(stand, seen) as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(version(), PAGE.encode())]
        for content in ("どんな操作ですか？", "元に戻して"):
            await browser.send({"type": "message", "content": content})
            await browser.job()
    return seen


async def ending(stand: Stand) -> list[Frame]:
    """A job that fails, and two that are stopped, one of them with a second page watching."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser, listening(stand, seen) as watcher:
        project = await new_project(browser)
        await at_work(stand, browser, Error("UNKNOWN_ERROR", user_message="boom"))
        await browser.until("failed")
        job = await at_work(stand, browser)
        await watcher.ask(type="selectProject", projectId=project)
        await browser.ask(type="cancel", jobId=job)
        await watcher.until("cancelled")
        await at_work(stand, browser)
        await browser.ask(type="cancel")
    return seen


async def at_work(stand: Stand, browser: Browser, *then: ExecutionEvent) -> str:
    """The id of a job that has said what it does."""
    row = await begun(browser, EDIT)
    stand.execution.say(row["id"], AT_WORK, *then)
    await browser.until("progress")
    await browser.until("progress")
    job: str = row["id"]
    return job


async def going_back(stand: Stand) -> list[Frame]:
    """The versions of a game, what one changed, and its return."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser:
        project = await new_project(browser)
        before = VersionRecord("0" * 40, "Initial project setup", version().at)
        stand.mirror.versions[project] = [(before, b"one"), (version(), b"two")]
        stand.execution.pages[project] = b"two"
        named = {"projectId": project, "versionHash": "7cf97ac", "versionId": "7cf97ac"}
        for kind in ("getVersions", "getVersionEdits", "restoreVersion"):
            await browser.ask(type=kind, **named)
    return seen


async def illustrating(stand: Stand) -> list[Frame]:
    """A game that asks for an image."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser:
        project = await new_project(browser)
        row = await begun(browser, NEW_GAME)
        stand.execution.pages[project] = PAGE.encode()
        wanted = WantedImage("player.png", "a ship")
        stand.execution.say(row["id"], Done("作成しました", version=HASH, images=(wanted,)))
        await browser.job()
    return seen


async def being_refused(stand: Stand) -> list[Frame]:
    """What is nobody's, somebody else's, or too much."""
    seen: list[Frame] = []
    async with listening(stand, seen) as browser:
        await browser.ask(type="getJobStatus", jobId="00000000-0000-0000-0000-000000000000")
        await browser.ask(type="selectProject", projectId="x")
        await new_project(browser)
        await begun(browser, EDIT)
        await browser.until("progress")
        await new_project(browser)
        await browser.ask(type="message", content=EDIT, skipStyleSelection=True)
    return seen

"""Versions as their player sees them: listed, compared, gone back to, also by words
(`contract/legacy-ws.md` §2.10-2.12, §5.10)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from modal_app.agents.offline.palette import COLOUR_VALUES
from modal_app.agents.offline.parameters import GameParameters
from schema.execution import Done
from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import Site
from tests.browser.player import Player, parameters_of
from tests.browser.test_chat import leave
from tests.resolvers.scripted_execution import ScriptedExecution

WISH = "2Dでブロック崩しを作って"
# Marks that would break a list made from separated fields, or a page made from markup.
CHANGE = "色を青にして | <b>今すぐ</b>"
BLUE = COLOUR_VALUES["blue"]


async def shown(player: Player, jobs: int) -> GameParameters:
    """The game in the preview after so many jobs since the page was opened."""
    await player.tab.until("gameUpdated", jobs)
    return await parameters_of(await player.playing())


async def made_and_changed(player: Player) -> tuple[GameParameters, GameParameters]:
    """A new project with two versions; the games of both."""
    await player.create_project()
    await player.begin(WISH)
    first = await shown(player, 1)
    await player.say(CHANGE)
    second = await shown(player, 2)
    assert (first.palette.primary == BLUE, second.palette.primary == BLUE) == (False, True)
    return first, second


def sent(player: Player, *kinds: str) -> list[dict[str, Any]]:
    """Everything of these types that the page has said, in order."""
    frames = [frame for socket in player.tab.sockets for frame in socket.sent]
    return [frame for frame in frames if frame["type"] in kinds]


def lines(changes: Locator, kind: str) -> Locator:
    """Changed lines of the page, without the two that name it."""
    return changes.locator(f".{kind}", has_text='id="game-parameters">{')


@pytest.mark.rule("ws.flow.versions", "ws.versions.listed", "ws.divergence.stripe")
async def test_an_earlier_version_is_found_compared_and_brought_back(site: Site) -> None:
    async with site.player() as player:
        first, _ = await made_and_changed(player)
        await player.click("バージョン")
        rows = player.dialog("バージョン").get_by_role("listitem")
        await expect(rows.locator("p")).to_contain_text([CHANGE, WISH])

        await rows.first.get_by_role("button", name="変更").click()
        changes = player.dialog("変更箇所")
        await expect(lines(changes, "removed")).to_contain_text(first.palette.primary)
        await expect(lines(changes, "added")).to_contain_text(BLUE)
        await changes.get_by_role("button", name="閉じる").click()
        await expect(changes).to_have_count(0)

        await rows.last.get_by_role("button", name="この版に戻す").click()
        await expect(player.dialog("バージョン")).to_have_count(0)
        await expect(player.bubbles("に戻しました")).to_have_count(1)
        assert await parameters_of(await player.playing()) == first

        newest, oldest = player.tab.received("versionsList")[0]["versions"]
        of_project = {"projectId": player.project_id}
        assert sent(player, "getVersions", "getVersionEdits", "restoreVersion") == [
            {"type": "getVersions", **of_project},
            {"type": "getVersionEdits", **of_project, "versionHash": newest["hash"]},
            {"type": "restoreVersion", **of_project, "versionId": oldest["id"]},
        ]
        await player.reload()
        assert await parameters_of(await player.playing()) == first


@pytest.mark.rule("ws.divergence.restore-version", "ws.versions.listed")
async def test_going_back_loses_nothing_and_can_itself_be_taken_back(site: Site) -> None:
    async with site.player() as player:
        first, second = await made_and_changed(player)
        for wanted, game in (("last", first), ("first", second)):
            await player.click("バージョン")
            rows = player.dialog("バージョン").get_by_role("listitem")
            await expect(rows).to_have_count(2)
            await getattr(rows, wanted).get_by_role("button", name="この版に戻す").click()
            await expect(player.bubbles("に戻しました")).to_have_count(1 if game is first else 2)
            assert await parameters_of(await player.playing()) == game


@pytest.mark.rule("ws.edits.reply", "ws.edits.diff", "ws.select.complete")
async def test_whoever_comes_back_sees_what_each_answer_changed(site: Site) -> None:
    async with site.player() as player:
        first, _ = await made_and_changed(player)
        await player.reload()
        buttons = player.page.get_by_role("button", name="変更箇所を見る")
        await expect(buttons).to_have_count(2)
        changes = player.dialog("変更箇所")

        await buttons.last.click()
        await expect(lines(changes, "removed")).to_contain_text(first.palette.primary)
        await expect(lines(changes, "added")).to_contain_text(BLUE)
        await player.click("閉じる")
        await buttons.first.click()
        await expect(lines(changes, "added")).to_contain_text(first.palette.primary)
        await expect(lines(changes, "removed")).to_have_count(0)

        versions = player.tab.received("projectSelected")[-1]["versions"]
        asked = [frame["versionHash"] for frame in player.tab.sent("getVersionEdits")]
        assert asked == [version["hash"] for version in versions]


@pytest.mark.rule("ws.flow.versions", "ws.progress.restore", "ws.result.restore")
async def test_words_lead_to_a_question_and_its_answer_to_the_version_before(site: Site) -> None:
    async with site.player() as player:
        first, second = await made_and_changed(player)
        question = player.dialog("確認")
        await player.say("元に戻して")
        await expect(question).to_contain_text("直前の変更を取り消して、前の状態に戻しますか？")
        await question.get_by_role("button", name="キャンセル").click()
        await expect(question).to_have_count(0)
        assert await shown(player, 3) == second

        await player.say("元に戻して")
        await player.tab.until("gameUpdated", 4)
        await question.get_by_role("button", name="戻す", exact=True).click()
        await expect(player.bubbles("に戻しました")).to_have_count(1)
        assert await parameters_of(await player.playing()) == first
        await expect(player.stop).to_be_hidden()

        (listed,) = player.tab.received("versionsList")
        assert sent(player, "getVersions", "restoreVersion") == [
            {"type": "getVersions", "projectId": player.project_id},
            {
                "type": "restoreVersion",
                "projectId": player.project_id,
                "versionId": listed["versions"][1]["id"],
            },
        ]


@pytest.mark.rule("ws.flow.versions")
async def test_a_first_version_has_none_before_it(site: Site) -> None:
    async with site.player() as player:
        await player.create_project()
        await player.click("バージョン")
        await expect(player.dialog("バージョン")).to_contain_text("まだバージョンがありません")
        await player.click("閉じる")
        await player.begin(WISH)
        game = await shown(player, 1)
        await player.say("元に戻して")
        await player.tab.until("gameUpdated", 2)
        await player.click("戻す")
        await expect(player.bubbles("戻せるバージョンがありません")).to_have_count(1)
        assert await shown(player, 2) == game
        assert player.tab.sent("restoreVersion") == []


@pytest.mark.rule("ws.divergence.restore-version")
async def test_nobody_goes_back_while_a_job_runs(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    source = Source(tmp_path / "source")
    async with scripted.player() as player:
        await player.create_project()
        await player.begin()
        await leave(player, execution, source, "<title>A</title>")
        await player.say("敵を速くして")
        await player.tab.until("jobStarted", 2)
        await player.click("バージョン")
        await player.click("この版に戻す")
        await expect(player.bubbles("このプロジェクトは生成中です。")).to_have_count(1)
        assert execution.restored == []

        job_id = player.tab.received("jobStarted")[-1]["job"]["id"]
        execution.say(job_id, Done("速くしました"))
        await expect(player.bubbles("速くしました")).to_have_count(1)

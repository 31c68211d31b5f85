"""From the list of games to a running, changed game: the gateway, the execution process, the
offline agent and the frontend together (`contract/legacy-ws.md` §5.1-5.6)."""

from collections import Counter

import pytest
from playwright.async_api import expect

from modal_app.agents.offline.palette import COLOUR_VALUES
from tests.browser.conftest import Site
from tests.browser.player import Player, parameters_of, picture_of
from tests.browser.tab import PHONE, opened

WISH = "宇宙を飛ぶシューティングゲームを作って"
QUESTION = "2Dゲームと3Dゲーム、どちらで作成しますか？"


async def made(player: Player, wish: str = "2Dでブロック崩しを作って") -> None:
    """A new project with a finished game."""
    await player.create_project()
    await player.begin(wish)
    await expect(player.stop).to_be_hidden()
    await player.playing()


@pytest.mark.rule("ws.flow.create", "ws.flow.new-game")
async def test_a_first_game_from_the_question_to_the_running_preview(site: Site) -> None:
    async with site.player() as player:
        project_id = await player.create_project()
        await expect(player.page.locator("#preview")).to_be_hidden()
        await player.say(WISH)
        await expect(player.bubbles(QUESTION)).to_be_visible()
        await expect(player.title).to_have_text("新しいゲーム")

        await player.click("2Dで作成")
        cards = player.page.locator(".styles button:not(.more)")
        await expect(cards).to_have_count(19)
        await expect(cards.locator("visible=true")).to_have_count(10)
        await player.click("もっと見る")
        await expect(cards.locator("visible=true")).to_have_count(19)
        assert player.tab.received("jobStarted")[1:] == []

        await player.click("レトロドット絵")
        await expect(player.stop).to_be_visible()
        await expect(player.stream).to_contain_text("オフラインエージェント")
        await expect(player.stop).to_be_hidden()
        game = await player.playing()
        (_, message, chosen) = player.tab.sent("message")
        assert message["content"] == chosen["content"] == "2Dで作成"
        assert chosen["selectedStyle"] == {"dimension": "2d", "styleId": "retro"}

        parameters = await parameters_of(game)
        assert parameters.game == "shooter"
        await expect(player.title).to_have_text(parameters.title)
        await game.locator("#start").click()
        assert await game.evaluate("game.state.phase") == "playing"
        assert player.project_id == project_id
        assert len(player.tab.sockets) == 2  # one a page


@pytest.mark.rule("ws.styles.catalogue")
async def test_the_pictures_of_styles_are_those_of_the_frontend(site: Site) -> None:
    async with site.player() as player:
        await player.create_project()
        await player.say("2Dでゲームを作って")
        card = player.page.get_by_role("button", name="ネオンサイバー")
        await expect(card.locator("img")).to_have_js_property("naturalWidth", 80)
        addresses = {
            s["id"]: s["imageUrl"] for s in player.tab.received("styleOptions")[0]["styles"]
        }
        assert {name: url for name, url in addresses.items() if url} == {
            "retro": "/images/styles/2d/action/retro.webp",
            "neon": "/images/styles/2d/racing/neon.webp",
            "minimal": "/images/styles/2d/puzzle/minimal.png",
        }
        await player.say("3Dでゲームを作って")
        await expect(player.page.locator(".styles").last.locator("img")).to_have_count(1)


@pytest.mark.rule("ws.job.game-updated")
async def test_an_edit_changes_the_picture(site: Site) -> None:
    async with site.player() as player:
        await made(player)
        before = await picture_of(await player.playing())
        await player.say("色を青にして")
        await expect(player.log.locator(".message.assistant")).to_have_count(2)
        game = await player.playing()
        assert (await parameters_of(game)).palette.primary == COLOUR_VALUES["blue"]
        assert await picture_of(game) != before


@pytest.mark.rule("ws.flow.chat")
async def test_a_question_is_answered_and_changes_nothing(site: Site) -> None:
    async with site.player() as player:
        await made(player)
        before = await (await player.playing()).content()
        await player.say("このゲームはどんな操作ですか？")
        answer = player.log.locator(".message.assistant").nth(1)
        await expect(answer).to_contain_text("このゲームの名前は")
        await player.click("もっと速くして")
        await expect(player.page.get_by_label("メッセージ")).to_have_value("もっと速くして")
        await player.tab.until("gameUpdated", 2)
        assert await (await player.playing()).content() == before
        await expect(player.log.locator(".message.assistant")).to_have_count(2)


@pytest.mark.rule("ws.select.complete", "ws.job.suggestions")
async def test_whoever_comes_back_finds_the_conversation_and_the_game(site: Site) -> None:
    async with site.player() as player:
        await made(player, "2Dでスネークゲームを作って")
        await player.say("難易度はどれくらいですか？")
        await expect(player.page.locator(".choices button")).to_have_count(3)
        title = await player.title.inner_text()
        said = await player.log.locator(".message").all_inner_texts()

        await player.reload()
        await expect(player.log.locator(".message")).to_have_text(said)
        game = await player.playing()
        assert (await parameters_of(game)).game == "snake"
        await expect(player.title).to_have_text(title)
        await player.page.goto(f"{site.url}/create")
        await expect(player.page.get_by_role("link", name=title)).to_be_visible()


@pytest.mark.rule("ws.literals.client")
async def test_a_page_sends_what_the_contract_says_and_nothing_for_ever(site: Site) -> None:
    async with site.player() as player:
        await made(player)
        await player.tab.until("projectInfo")
        first, editor = (Counter(frame["type"] for frame in s.sent) for s in player.tab.sockets)
        assert first == {"init": 1, "createProject": 1, "ping": 1}
        assert editor.pop("ping") >= 1
        assert editor == {"init": 1, "selectProject": 1, "message": 2, "getProjectInfo": 1}
        assert len(player.tab.received("gameUpdated")) == 1
        assert len(player.tab.received("pong")) == len(player.tab.sent("ping"))


@pytest.mark.rule("ws.flow.new-game")
async def test_a_game_is_made_and_played_on_a_phone(site: Site) -> None:
    async with site.player(**PHONE) as player:
        await made(player, "2Dでジャンプゲームを作って")
        game = await player.playing()
        await game.locator("#start").tap()
        assert await game.evaluate("game.state.phase") == "playing"
        width = await player.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        for selector in ("#game", "#composer", "#messages"):
            box = await player.page.locator(selector).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["y"] + box["height"] <= 844
            assert box["height"] > 40


@pytest.mark.rule("ws.init.reply")
async def test_an_unknown_project_leads_to_the_list(site: Site) -> None:
    async with site.player() as player:
        await player.page.goto(f"{site.url}/project/36b07c0b-1fe6-4e62-a817-d7c203de6a6e")
        await player.page.wait_for_url("**/create")
        assert player.tab.sent("selectProject") == []


@pytest.mark.rule("ws.flow.connect")
async def test_without_a_session_a_page_leads_to_the_start_and_opens_no_socket(site: Site) -> None:
    async with opened(site.browser, site.url) as tab:
        await tab.page.goto(f"{site.url}/create")
        await tab.page.wait_for_url(f"{site.url}/")
        await expect(tab.page.get_by_text("ログインしてください")).to_be_visible()
        assert tab.sockets == []

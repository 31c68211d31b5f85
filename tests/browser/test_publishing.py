"""The publish page: a draft, its words, its picture.

Source: `contract/legacy-http.md` §1.7, §1.8, §2.
"""

import time
from base64 import b64encode
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.adapters.providers.stub import picture, provider, said
from tests.browser.conftest import Site, open_site
from tests.browser.pictures import photograph
from tests.browser.player import Player
from tests.browser.tab import PHONE
from tests.browser.traffic import Traffic, refused
from tests.resolvers.scripted_execution import ScriptedExecution

# Nothing makes pictures and movies here, and Chromium complains of every such answer.
NO_MOVIE: Final = refused(404, "Not Found")
NO_PICTURES: Final = refused(503, "Service Unavailable")
FIRST_VISIT: Final = (NO_MOVIE, NO_PICTURES)


async def prepared(player: Player) -> Traffic:
    """The publish page of a new project, visited for the first time, and all answers there."""
    await player.create_project()
    traffic = Traffic(player)
    await player.page.get_by_role("link", name="公開").click()
    await player.page.wait_for_url("**/publish.html?id=*")
    await expect(player.page.get_by_label("タイトル")).to_be_visible()
    await traffic.complained(*FIRST_VISIT)
    return traffic


async def saved(page: Page) -> None:
    """What was changed is kept."""
    await expect(page.get_by_role("status")).to_have_text("保存しました")


@pytest.mark.rule("http.draft.none", "http.publish-info", "http.draft.save")
async def test_the_first_visit_makes_a_draft_from_the_game(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = await prepared(player)
        project = traffic.calls[0].removeprefix("GET ")
        assert traffic.calls == [
            f"GET {project}",
            "GET publish-draft",
            "POST generate-publish-info",
            "PUT publish-draft",
            "POST generate-thumbnail",
            "HEAD movie",
        ]
        assert player.page.url == f"{scripted.url}/publish.html?id={project}"
        assert await traffic.answered("POST /generate-thumbnail") == [503]
        assert await traffic.answered("HEAD /movie") == [404]
        await expect(player.page.get_by_label("タイトル")).to_have_value("新しいゲーム")
        await expect(player.page.get_by_label("公開", exact=True)).to_be_checked()
        await expect(player.page.get_by_label("許可する")).to_be_checked()
        await expect(player.page.get_by_role("alert")).to_be_hidden()


@pytest.mark.rule("http.draft.save", "http.draft.extra-keys")
async def test_a_draft_is_saved_a_second_after_the_last_change(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        await player.page.clock.install(time=time.time())
        traffic = await prepared(player)
        await player.page.clock.pause_at(time.time() + 60)
        await player.page.get_by_label("タイトル").fill("流星")
        await player.page.clock.run_for(900)
        await player.page.get_by_label("説明").fill("星をよけるゲーム")
        await player.page.clock.run_for(900)
        await expect(player.page.get_by_role("status")).to_have_text("入力中…")
        assert len(traffic.asked("PUT /publish-draft")) == 1  # of the first visit
        await player.page.clock.run_for(200)
        await saved(player.page)
        assert await traffic.answered("PUT /publish-draft", 2) == [200, 200]


@pytest.mark.rule("http.draft.row", "http.draft.disallowed", "http.projects.description")
async def test_a_reload_shows_all_that_was_entered(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = await prepared(player)
        page = player.page
        words = {"タイトル": "流星", "説明": "星をよけるゲーム", "遊び方": "左右の\n矢印キー"}
        for label, text in words.items():
            await page.get_by_label(label).fill(text)
        for tag in ("宇宙", "アクション", "2D"):
            await page.get_by_label("タグ", exact=True).fill(tag)
            await page.get_by_label("タグ", exact=True).press("Enter")
        await page.get_by_role("button", name="アクション ×").click()
        await page.get_by_label("限定公開").check()
        await page.get_by_label("許可しない").check()
        await saved(page)

        await page.reload()
        await traffic.complained(*FIRST_VISIT, NO_MOVIE)
        for label, text in words.items():
            await expect(page.get_by_label(label)).to_have_value(text)
        await expect(page.get_by_label("タグ一覧").get_by_role("listitem")).to_have_text(
            ["宇宙 ×", "2D ×"]
        )
        await expect(page.get_by_label("限定公開")).to_be_checked()
        await expect(page.get_by_label("許可しない")).to_be_checked()

        told = await traffic.asked("GET /publish-draft")[-1].response()
        assert told is not None
        assert (await told.json())["remix"] == "disallowed"
        # The page sends back what it was told; the keys that it does not know do no harm.
        await page.get_by_label("タイトル").fill("流星群")
        await saved(page)
        await page.reload()
        await traffic.complained(*FIRST_VISIT, NO_MOVIE, NO_MOVIE)
        await expect(page.get_by_label("タイトル")).to_have_value("流星群")
        await expect(page.get_by_label("許可しない")).to_be_checked()


@pytest.mark.rule("http.thumbnail.upload", "http.thumbnail.query", "http.thumbnail.public")
async def test_a_picture_is_uploaded_as_webp_and_stays(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = await prepared(player)
        page = player.page
        shown = page.get_by_alt_text("サムネイル")
        await expect(shown).to_be_hidden()
        await page.get_by_label("サムネイルを選ぶ").set_input_files(
            [photograph("cover.png", 2_000, 3_000)]
        )
        await expect(shown).to_have_js_property("naturalWidth", 1_080)
        await expect(shown).to_have_js_property("naturalHeight", 1_620)
        await saved(page)
        assert await traffic.answered("POST /upload-thumbnail") == [200]
        (asked,) = traffic.asked("GET /thumbnail")
        assert asked.url.count("?t=") == 2  # as recorded: the page adds a second time
        answer = await asked.response()
        assert answer is not None
        assert answer.headers["content-type"] == "image/webp"
        assert (await answer.body())[8:12] == b"WEBP"

        await page.reload()
        await expect(shown).to_have_js_property("naturalWidth", 1_080)
        await traffic.complained(*FIRST_VISIT, NO_MOVIE)


@pytest.mark.rule("http.thumbnail.generate")
async def test_the_first_visit_has_a_picture_made(
    browser: Browser, tmp_path: Path, execution: ScriptedExecution
) -> None:
    data = b64encode(picture((0, 0, 255), (90, 160))).decode()
    part = {"inlineData": {"mimeType": "image/png", "data": data}}
    answer = said({"candidates": [{"content": {"parts": [part]}}]})
    async with (
        provider(answer) as images,
        open_site(
            browser, tmp_path, execution, gemini_api_key="a-key", gemini_base_url=images.url
        ) as site,
        site.player(forgiving=True) as player,
    ):
        await player.create_project()
        traffic = Traffic(player)
        await player.page.get_by_role("link", name="公開").click()
        shown = player.page.get_by_alt_text("サムネイル")
        await expect(shown).to_have_js_property("naturalWidth", 90)
        assert await traffic.answered("PUT /publish-draft", 2) == [200, 200]
        assert len(images.asked) == 1
        await traffic.complained(NO_MOVIE)
        await player.page.reload()
        await expect(shown).to_have_js_property("naturalWidth", 90)
        await traffic.complained(NO_MOVIE, NO_MOVIE)
        assert len(images.asked) == 1


@pytest.mark.rule("http.absent.publish")
async def test_there_is_nothing_to_publish_to_yet(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = await prepared(player)
        async with player.page.expect_event("dialog") as told:
            player.page.once("dialog", lambda dialog: dialog.accept())
            await player.click("公開する")
        assert (await told.value).message == "登録に失敗しました"
        await traffic.complained(*FIRST_VISIT, refused(404, "Not Found"))


@pytest.mark.rule("http.image.generate", "http.movie.generate")
async def test_what_nobody_can_make_is_told(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = await prepared(player)
        await player.click("サムネイルを生成")
        alert = player.page.get_by_role("alert")
        await expect(alert).to_have_text("エラー: Image generation service not available")
        await player.click("動画を生成")
        await expect(alert).to_have_text("エラー: Game code not found")
        await traffic.complained(*FIRST_VISIT, NO_PICTURES, refused(404, "Not Found"))


@pytest.mark.rule("http.page.static")
async def test_the_publish_page_fits_on_a_phone(scripted: Site) -> None:
    async with scripted.player(forgiving=True, **PHONE) as player:
        await prepared(player)
        assert await player.page.evaluate("document.documentElement.scrollWidth") <= 390

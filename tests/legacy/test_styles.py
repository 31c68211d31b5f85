"""The question for a style: when it is asked, and what it offers (§2.8, §3)."""

from typing import Final

import pytest

from tests.adapters.legacy.stand import Stand, new_project
from tests.legacy.scenes import PAGE, version

CATALOGUE: Final = {
    "2d": (
        "retro レトロドット絵 · neon ネオンサイバー · minimal ミニマル · kawaii KAWAII · "
        "anime アニメ風 · pastel パステル · modern モダン · cartoon カートゥーン · "
        "futuristic フューチャー · hand_drawn 手描き風 · dark ダーク · paper ペーパークラフト · "
        "watercolor 水彩画風 · pop ポップアート · comic コミック風 · nature ナチュラル · "
        "dark_fantasy ダークファンタジー · medieval 中世ファンタジー · sci_fi SF"
    ),
    "3d": (
        "kawaii KAWAII · lowpoly ローポリ · realistic リアル風 · toon トゥーン · voxel ボクセル · "
        "arcade アーケード · fantasy ファンタジー · neon ネオン · minimal ミニマル · "
        "isometric アイソメトリック · mechanical スチームパンク · futuristic フューチャー"
    ),
}


@pytest.mark.rule("ws.styles.catalogue")
@pytest.mark.parametrize("dimension", CATALOGUE)
async def test_the_whole_catalogue_is_offered_in_its_order(stand: Stand, dimension: str) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        options = await browser.ask(type="message", content=f"{dimension}のゲームを作って")
        assert options["dimension"] == dimension
        offered = [f"{style['id']} {style['name']}" for style in options["styles"]]
        assert offered == CATALOGUE[dimension].split(" · ")
        assert all([*style] == ["id", "name", "imageUrl"] for style in options["styles"])


@pytest.mark.rule("ws.message.style-gate")
@pytest.mark.parametrize(
    ("content", "dimension"),
    [
        ("2dで作成", "2d"),
        ("２Ｄのゲーム", "2d"),
        ("CREATE a 3D game", "3d"),
        ("2Dか3Dのゲーム", "3d"),
        ("２ｄで作って", "2d"),
    ],
)
async def test_words_of_creation_with_a_dimension_are_asked(
    stand: Stand, content: str, dimension: str
) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        options = await browser.ask(type="message", content=content)
        assert (options["type"], options["dimension"]) == ("styleOptions", dimension)
        assert options["originalMessage"] == content


@pytest.mark.rule("ws.message.style-gate-past")
async def test_a_project_with_a_game_is_not_asked(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(version(), PAGE.encode())]
        started = await browser.ask(type="message", content="2Dのゲームを作って")
        assert started["type"] == "jobStarted"


@pytest.mark.rule("ws.message.style-chosen", "ws.message.history")
@pytest.mark.parametrize(
    ("style", "document"),
    [
        ({"dimension": "3d", "styleId": "voxel"}, "ID: voxel\nDimension: 3d"),
        ({"dimension": "4d", "styleId": "retro"}, "ID: retro\nDimension: 2d"),
        ({"dimension": "2d", "styleId": "nothing"}, None),
    ],
)
async def test_a_style_reaches_the_run_and_not_the_conversation(
    stand: Stand, style: dict[str, str], document: str | None
) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        content = "2Dのゲームを作って"
        await browser.ask(type="message", content=content, selectedStyle=style)
        await stand.execution.started.wait()
        told = stand.execution.requests[-1].context.style
        assert (document in told) if document and told else told is document
        selected = await browser.until("progress")
        assert selected[-1]["type"] == "progress"
        history = await stand.stage.store.history(project, last=50)
        assert [line.content for line in history] == [content]

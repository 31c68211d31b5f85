"""Words for a game's page without a model: from the game's own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest

from tests.modal_app.helper_calls.asking import Desk, desk

SPEC = """\
# 星のパズル

夜空の星を**つないで**形を作る、落ち着いたパズルです。

## 操作

- タップで星を選ぶ
- もう一度タップでつなぐ

## 見た目

紺色の空。
"""


@pytest.fixture
async def at(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with desk(tmp_path, api_key=None) as at:
        yield at


async def test_the_spec_tells_what_the_game_is_and_how_it_is_played(at: Desk) -> None:
    assert await at.page(project_name="星", spec_content=SPEC, game_code="<html>") == {
        "title": "星",
        "description": "夜空の星をつないで形を作る、落ち着いたパズルです。",
        "howToPlay": "タップで星を選ぶ もう一度タップでつなぐ",
        "tags": ["パズル", "2D", "ゲーム", "ブラウザ", "ひまつぶし"],
        "fallback": True,
    }


@pytest.mark.parametrize(
    ("name", "spec", "code", "title"),
    [
        ("", SPEC, "<title>Page</title>", "星のパズル"),
        ("", "", "<title lang=ja>Stars &amp;\n Stripes</title>", "Stars & Stripes"),
        ("", "", "", "ブラウザゲーム"),
        (" \n", "", "", "ブラウザゲーム"),
        ("名" * 90, "", "", "名" * 50),
    ],
)
async def test_a_game_without_a_name_is_named_by_its_spec_or_page(
    at: Desk, name: str, spec: str, code: str, title: str
) -> None:
    told = await at.page(project_name=name, spec_content=spec, game_code=code)
    assert told["title"] == title


async def test_a_game_that_says_nothing_is_described_all_the_same(at: Desk) -> None:
    told = await at.page(game_code="import * as THREE from 'three'; onkeydown; pointerdown")
    assert told["description"] == "「迷路の冒険」は、ブラウザですぐに遊べるゲームです。"
    assert told["howToPlay"].startswith("画面のタッチとキーボードで操作します。")
    assert told["tags"] == ["迷路", "RPG", "3D", "ゲーム", "ブラウザ"]


async def test_everything_is_bounded(at: Desk) -> None:
    spec = "# t\n" + "説" * 5_000 + "\n## 操作\n" + "操" * 5_000
    told = await at.page(spec_content=spec)
    assert (len(told["description"]), len(told["howToPlay"])) == (400, 600)
    assert all(len(tag) <= 10 for tag in told["tags"])
    assert 3 <= len(told["tags"]) <= 5


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("# a" + " " * 1_000_000 + "x", ""),
        ("# " + "#" * 1_000_000 + "x", ""),
        ("", "<title" * 200_000),
    ],
)
async def test_no_text_takes_long_to_read(at: Desk, spec: str, code: str) -> None:
    with anyio.fail_after(60):
        assert await at.page(spec_content=spec, game_code=code)

"""A model that is not there, refuses, or says nothing of use: the rules answer, and say so."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from modal_app.helper_calls.messages_api import MAX_ANSWER_BYTES
from tests.modal_app.helper_calls.asking import Desk, desk
from tests.model_stub.script import Broken, Html, HttpError, Reply, Step, Text

FAILURES: dict[str, Step] = {
    "refused": HttpError(401, "authentication_error"),
    "limited": HttpError(429, "rate_limit_error", headers={"retry-after": "60"}),
    "overloaded": HttpError(529, "overloaded_error"),
    "broken": HttpError(500),
    "redirected": HttpError(307, headers={"location": "http://127.0.0.1:1/v1/messages"}),
    "created": HttpError(201),
    "page": Html(),
    "garbage": Broken("garbage"),
    "cut": Broken("disconnect"),
    "empty": Reply(Text("")),
    "blank": Reply(Text(" \n")),
    "nothing": Reply(),
    "too large": Reply(Text("x" * MAX_ANSWER_BYTES)),
}


async def assert_rules_answer(at: Desk) -> None:
    """All four calls are answered without a model."""
    assert await at.intent("元に戻して") == {"intent": "restore", "fallback": True}
    assert await at.skills("音を付けて", existing_code="present") == {
        "skills": ["canvas-2d", "audio"],
        "fallback": True,
    }
    assert await at.chat() == {"message": "", "suggestions": [], "fallback": True}
    told = await at.page()
    assert (told["title"], told["fallback"]) == ("迷路の冒険", True)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_after_any_failure_the_rules_answer(tmp_path: Path, failure: Step) -> None:
    async with desk(tmp_path, lambda _: failure) as at:
        await assert_rules_answer(at)
        assert len(at.model.requests) == 4


@pytest.mark.parametrize("how", ["headerless", "silence"])
async def test_silence_is_given_up_in_time(tmp_path: Path, how: Any) -> None:
    async with desk(tmp_path, lambda _: Broken(how), helper_seconds=1.0) as at:
        async with asyncio.timeout(60):
            await assert_rules_answer(at)
            await at.model.until(lambda model: model.disconnected == 4)
        assert len(at.model.requests) == 4


async def test_a_wrong_key_is_a_failure_like_any_other(tmp_path: Path) -> None:
    async with desk(tmp_path, api_key="wrong") as at:
        await assert_rules_answer(at)
        assert at.model.requests == []


@pytest.mark.parametrize(
    "changes",
    [{"api_key": None}, {"api_key": ""}, {"agent": "offline"}],
    ids=["no key", "empty key", "offline"],
)
async def test_without_a_model_nothing_is_asked(tmp_path: Path, changes: dict[str, Any]) -> None:
    async with desk(tmp_path, lambda _: Broken("headerless"), **changes) as at:
        await assert_rules_answer(at)
        assert at.model.requests == []


async def test_nothing_is_asked_about_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        assert (await at.page(project_name=""))["fallback"] is True
        assert at.model.requests == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "nonsense", "ftp://127.0.0.1", "http://[", "https://127.0.0.1:1"]
)
async def test_an_address_of_no_use_leaves_the_rules(tmp_path: Path, url: str) -> None:
    async with desk(tmp_path, api_base_url=url) as at:
        await assert_rules_answer(at)


async def test_an_answer_that_is_no_intent_and_no_list_is_judged_by_the_rules(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, lambda _: Reply(Text("I cannot tell."))) as at:
        told = {"raw_response": "I cannot tell.", "fallback": True}
        assert await at.intent("なぜ動かないの") == {"intent": "chat", **told}
        skills = ["canvas-2d", "touch", "polish"]
        assert await at.skills("迷路") == {"skills": skills, **told}


@pytest.mark.parametrize(
    ("message", "dimension", "existing_code", "skills"),
    [
        ("迷路を作って", "2d", "", ["canvas-2d", "touch", "polish"]),
        ("迷路を作って", "3d", "", ["threejs", "touch", "polish"]),
        ("p5jsで迷路を作って", "2d", "", ["p5js", "touch", "polish"]),
        ("BGMと爆発エフェクト", "3d", "x", ["threejs", "audio", "polish"]),
        ("敵の画像を使って", "2d", "x", ["canvas-2d", "images"]),
        ("スワイプで動かしたい", "2d", "x", ["canvas-2d", "touch"]),
        ("赤くして", "2d", "x", ["canvas-2d"]),
        (
            "画像と音とエフェクト、操作も",
            "2d",
            "",
            ["canvas-2d", "audio", "touch", "images", "polish"],
        ),
    ],
)
async def test_skills_by_the_words_of_the_message(
    tmp_path: Path, message: str, dimension: str, existing_code: str, skills: list[str]
) -> None:
    async with desk(tmp_path, api_key=None) as at:
        told = await at.skills(message, dimension=dimension, existing_code=existing_code)
    assert told == {"skills": skills, "fallback": True}

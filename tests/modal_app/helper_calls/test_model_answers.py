"""What is asked of the model, and what becomes of its answers."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from modal_app.helper_calls.messages_api import CONCURRENT_QUESTIONS
from tests.modal_app.helper_calls.asking import PAGE, desk, saying
from tests.model_stub.script import Reply, Text

INFO = {
    "title": "迷路",
    "description": "楽しい",
    "howToPlay": "矢印で動く",
    "tags": ["迷路", "2D", "パズル"],
}


async def test_a_question_names_the_model_the_key_and_the_version(tmp_path: Path) -> None:
    async with desk(tmp_path, saying("edit", "edit"), helper_model="claude-of-the-test") as at:
        await at.intent("敵を増やして")
        [request] = at.model.requests
    assert request.body["model"] == "claude-of-the-test"
    assert request.body["max_tokens"] <= 16
    assert "stream" not in request.body
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert request.headers["x-api-key"] == at.model.api_key
    assert at.model.api_key not in json.dumps(request.body)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("restore", "restore"),
        ("Chat.", "chat"),
        (" edit\n", "edit"),
        ("restore, not chat", "restore"),
        ("I would say: chat (edit is wrong)", "chat"),
    ],
)
async def test_the_intent_is_the_word_in_the_answer(tmp_path: Path, said: str, intent: str) -> None:
    async with desk(tmp_path, saying(said)) as at:
        assert await at.intent() == {"intent": intent, "raw_response": said.strip()}


@pytest.mark.parametrize(
    ("said", "asked", "skills"),
    [
        ('["audio","touch"]', {}, ["canvas-2d", "audio", "touch"]),
        ('Sure: ["polish"] – enjoy ["audio"]', {"dimension": "3d"}, ["threejs", "polish"]),
        ("[]", {"existing_code": "present"}, ["canvas-2d"]),
        ('["touch","canvas-2d","touch"]', {"dimension": "2d"}, ["canvas-2d", "touch"]),
        ('["threejs","p5js","audio"]', {}, ["p5js", "audio"]),
        ('["canvas-2d","p5js","audio"]', {"dimension": "3d"}, ["threejs", "audio"]),
        ('["audio"]', {"message": "p5.jsで花火を作って"}, ["p5js", "audio"]),
        ('[not json] ["audio"]', {}, ["canvas-2d", "audio"]),
        (
            '["audio","touch","polish","images","canvas-2d"]',
            {},
            ["canvas-2d", "audio", "touch", "polish", "images"],
        ),
    ],
)
async def test_skills_are_those_that_there_are_behind_one_foundation(
    tmp_path: Path, said: str, asked: dict[str, Any], skills: list[str]
) -> None:
    async with desk(tmp_path, saying(said)) as at:
        answer = await at.skills(**({"message": "音を付けて"} | asked))
    assert answer == {"skills": skills, "raw_response": said}


async def test_the_model_chooses_from_our_own_skills(tmp_path: Path) -> None:
    async with desk(tmp_path, saying("[]")) as at:
        await at.skills("音を付けて", dimension="3d")
        rules = at.model.requests[0].body["system"]
    for name in ("canvas-2d", "p5js", "threejs", "audio", "touch", "polish", "images"):
        assert f"\n{name}: " in rules
    assert "3D" in rules


@pytest.mark.parametrize(
    ("said", "message", "suggestions"),
    [
        (
            '{"message":"矢印です","suggestions":["速く","","速く","音","色","形"]}',
            "矢印です",
            ["速く", "音", "色"],
        ),
        ('```json\n{"message":"はい","suggestions":[]}\n```', "はい", []),
        ('{"message":"はい","suggestions":"速く"}', "はい", []),
        ('{"message":"はい {かっこ}","suggestions":[1,"音"]}', "はい {かっこ}", ["音"]),
        ("矢印キーで動きます。", "矢印キーで動きます。", []),
        ('{"message":7}', '{"message":7}', []),
        ('{"message":"切れ', '{"message":"切れ', []),
    ],
)
async def test_a_reply_is_read_from_json_or_taken_as_it_is(
    tmp_path: Path, said: str, message: str, suggestions: list[str]
) -> None:
    async with desk(tmp_path, saying(said)) as at:
        assert await at.chat() == {"message": message, "suggestions": suggestions}


async def test_a_reply_is_bounded(tmp_path: Path) -> None:
    said = json.dumps({"message": "長" * 9_000, "suggestions": ["提" * 500]})
    async with desk(tmp_path, saying(said)) as at:
        answer = await at.chat()
    assert answer == {"message": "長" * 4_000, "suggestions": ["提" * 60]}


async def test_a_reply_knows_the_spec_and_the_end_of_the_conversation(tmp_path: Path) -> None:
    history = [{"role": "user", "content": f"<{number:02}>" + "h" * 600} for number in range(12)]
    async with desk(tmp_path, saying("はい")) as at:
        await at.chat("遊び方は？", game_spec="# 迷路", conversation_history=history)
        asked = at.material()
    assert "# 迷路" in asked
    assert "<01>" not in asked
    assert all(f"<{number:02}>" in asked for number in range(2, 12))
    assert asked.count("h" * 496) == 10
    assert "h" * 497 not in asked
    assert asked.index("<11>") < asked.index("遊び方は？")


async def test_words_for_a_page_come_from_the_answer(tmp_path: Path) -> None:
    async with desk(tmp_path, saying(f"Here:\n{json.dumps(INFO)}\nEnjoy!")) as at:
        told = await at.page(game_code="<title>x</title>" + "c" * 9_000, spec_content="# 迷路")
        asked = at.material()
    assert told == INFO
    assert "迷路の冒険" in asked
    assert "# 迷路" in asked
    assert "c" * 2_900 in asked
    assert "c" * 3_000 not in asked


async def test_words_for_a_page_are_bounded(tmp_path: Path) -> None:
    tags = ["#" + "た" * 30, "a", "a", 7, "b", "c", "d", "e", "f"]
    long = {"title": "題" * 90, "description": "説" * 900, "howToPlay": "操" * 900, "tags": tags}
    async with desk(tmp_path, saying(json.dumps(long))) as at:
        told = await at.page()
    assert [len(told[name]) for name in ("title", "description", "howToPlay")] == [50, 400, 600]
    assert told["tags"] == ["た" * 10, "a", "b", "c", "d"]


@pytest.mark.parametrize(
    "said",
    [
        "すみません、できません。",
        "{",
        "[]",
        "7",
        json.dumps({**INFO, "howToPlay": " "}),
        json.dumps({**INFO, "tags": []}),
        json.dumps({**INFO, "tags": "迷路"}),
        json.dumps({**INFO, "title": None}),
        '{"title":' * 2_000,
        "長" * 2_000,
    ],
    ids=lambda said: said[:12],
)
async def test_words_that_are_of_no_use_are_an_error(tmp_path: Path, said: str) -> None:
    async with desk(tmp_path, saying(said)) as at:
        response = await at.client.http.post("/generate_publish_info", json=PAGE)
    assert response.status_code == 500
    assert response.json() == {
        "error": "Failed to parse AI response",
        "code": "PROVIDER_FAILED",
        "raw": said[:500],
    }


async def test_only_so_many_questions_are_asked_at_a_time(tmp_path: Path) -> None:
    async def one_more() -> None:
        assert (await at.intent())["intent"] == "chat"

    waiting = Reply(Text("chat"), gate="held")
    async with (
        desk(tmp_path, lambda _: waiting) as at,
        asyncio.timeout(60),
        asyncio.TaskGroup() as group,
    ):
        for _ in range(CONCURRENT_QUESTIONS + 4):
            group.create_task(one_more())
        await at.model.until(lambda model: len(model.requests) == CONCURRENT_QUESTIONS)
        for _ in range(10):
            await at.client.http.get("/health")
        assert len(at.model.requests) == CONCURRENT_QUESTIONS
        at.model.gate("held").release()
    assert len(at.model.requests) == CONCURRENT_QUESTIONS + 4

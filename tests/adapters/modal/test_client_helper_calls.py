"""Small questions to a model: what is asked, what is taken for an answer, and what is not."""

import json
from typing import Any

import msgspec
import pytest

from adapters.modal.channel import Limits
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import HistoryMessage
from schema.helper_calls import (
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.models import Dimension
from tests.adapters.modal.fake_execution import Answer, Step
from tests.adapters.modal.following import SECRET, Bench, Failure, bench

INFO = {"title": "t", "description": "d", "howToPlay": "h", "tags": ["a", "b", "c"]}
REQUEST = PublishInfoRequest("u", "p", "Maze", "<html>", "# Maze")
CALLS = ("detect_intent", "detect_skills", "chat", "publish_info")


async def ask(at: Bench, call: str) -> object:
    """One of the four calls with an ordinary request."""
    match call:
        case "detect_intent":
            return await at.client.detect_intent("もっと速く")
        case "detect_skills":
            return await at.client.detect_skills("もっと速く", Dimension.TWO, has_code=True)
        case "chat":
            return await at.client.chat(ChatRequest("遊び方は？", "# Maze"))
        case _:
            return await at.client.publish_info(REQUEST)


def told(answer: Any, status: int = 200) -> Answer:
    return Answer([json.dumps(answer).encode()], status)


async def asked(at: Bench) -> tuple[str, str, Any]:
    [seen] = at.fake.seen
    assert seen.headers["x-modal-internal-secret"] == SECRET
    return seen.method, seen.path, msgspec.json.decode(seen.body)


async def test_an_intent_is_asked_for_and_told() -> None:
    async with bench(told({"intent": "chat", "raw_response": "chat.", "later": 1})) as at:
        assert await at.client.detect_intent("遊び方は？") == Intent("chat", "chat.")
        assert await asked(at) == ("POST", "/detect_intent", {"message": "遊び方は？"})


@pytest.mark.parametrize("intent", ["", "delete", "EDIT", "restore chat", "x" * 10_000])
async def test_an_unknown_intent_is_an_edit(intent: str) -> None:
    async with bench(told({"intent": intent, "fallback": True})) as at:
        assert await at.client.detect_intent("m") == Intent("edit", fallback=True)


@pytest.mark.parametrize(("has_code", "code"), [(True, "present"), (False, "")])
async def test_skills_are_asked_for_and_cut(has_code: bool, code: str) -> None:
    names = ["threejs", "threejs", "", "x" * 100, "a", "b", "c", "d", "e"]
    async with bench(told({"skills": names, "raw_response": "r" * 1_000})) as at:
        chosen = await at.client.detect_skills("m", Dimension.THREE, has_code=has_code)
        assert chosen == SkillChoice(("threejs", "a", "b", "c", "d"), "r" * 200)
        body = {"message": "m", "dimension": "3d", "existing_code": code}
        assert await asked(at) == ("POST", "/detect_skills", body)


async def test_a_question_carries_spec_and_history_within_their_bounds() -> None:
    history = tuple(HistoryMessage("user", str(number)) for number in range(12))
    async with bench(
        told({"message": " はい ", "suggestions": ["1", " ", "2", "2", "3", "4"]})
    ) as at:
        answer = await at.client.chat(ChatRequest("m", "s" * 30_000, history))
        assert answer == ChatAnswer("はい", ("1", "2", "3"))
        _, path, body = await asked(at)
    assert path == "/chat_haiku"
    assert body["message"] == "m"
    assert body["game_spec"] == "s" * 20_000
    assert [line["content"] for line in body["conversation_history"]] == list(
        map(str, range(2, 12))
    )
    assert body["conversation_history"][0]["role"] == "user"


async def test_an_answer_without_words_says_that_nobody_answered() -> None:
    async with bench(told({"message": " ", "suggestions": []})) as at:
        assert await at.client.chat(ChatRequest("m")) == ChatAnswer("", fallback=True)


async def test_words_for_a_page_are_asked_for_and_told() -> None:
    request = PublishInfoRequest("u", "p", "Maze", "c" * 4_000, "s" * 30_000)
    async with bench(told(INFO)) as at:
        info = await at.client.publish_info(request)
        assert info == PublishInfo("t", "d", "h", ("a", "b", "c"))
        method, path, body = await asked(at)
    assert (method, path) == ("POST", "/generate_publish_info")
    assert body == {
        "user_id": "u",
        "project_id": "p",
        "project_name": "Maze",
        "game_code": "c" * 3_000,
        "spec_content": "s" * 20_000,
    }


async def test_words_for_a_page_are_bounded() -> None:
    long = {"title": "t" * 500, "description": "d" * 9_000, "howToPlay": "h" * 9_000}
    tags = [*(str(number) * 80 for number in range(9))]
    async with bench(told({**long, "tags": tags})) as at:
        info = await at.client.publish_info(REQUEST)
    sizes = (len(info.title), len(info.description), len(info.how_to_play), len(info.tags))
    assert sizes == (100, 2_000, 2_000, 5)
    assert all(len(tag) == 50 for tag in info.tags)


@pytest.mark.parametrize("error", ["Failed to parse AI response", "Traceback: /somewhere/app.py"])
async def test_a_model_that_answered_nonsense_is_said_in_our_words(error: str) -> None:
    async with bench(told({"error": error, "code": "PROVIDER_FAILED", "raw": "?"}, 500)) as at:
        with pytest.raises(DreamCoreError) as failure:
            await at.client.publish_info(REQUEST)
    assert failure.value.code is ErrorCode.PROVIDER_FAILED
    assert failure.value.message == "Failed to parse AI response"


UNUSABLE = {
    "no such route": Answer([b'{"error":"Not Found"}'], 404),
    "refused": Answer([b'{"error":"Unauthorized"}'], 401),
    "not understood": Answer([b'{"error":"message is required"}'], 400),
    "busy": Answer([b'{"code":"PROJECT_BUSY"}'], 409),
    "too large": Answer([b"{}"], 413),
    "overloaded": Answer([b"<html>"], 503),
    "broken": Answer([b'{"error":"Internal error","code":"INTERNAL"}'], 500),
    "elsewhere": Answer(status=303, headers={"location": "http://127.0.0.1:1/"}),
    "page": Answer([b"<html>"]),
    "empty": Answer(),
    "list": Answer([b"[]"]),
    "number": Answer([b"7"]),
    "nothing in it": Answer([b"{}"]),
    "null": Answer([b'{"intent":null,"skills":null,"message":null,"title":null}']),
    "types": Answer([b'{"intent":1,"skills":"a","message":[],"title":"t","tags":[1]}']),
    "not text": Answer([b'{"intent":"\xff"}']),
    "deep": Answer([b'{"intent":' + b"[" * 50_000]),
    "broken off": Answer([b'{"intent":"chat"', Step.BREAK]),
    "endless": Answer([b'{"intent":"chat","x":"', *[b"x" * 10_000] * 20, Step.HOLD]),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE)
async def test_whatever_is_no_answer_means_that_nobody_is_there(call: str, answer: Answer) -> None:
    async with bench(answer) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await ask(at, call)
        assert len(at.fake.seen) == 1


@pytest.mark.parametrize("call", CALLS)
async def test_silence_is_given_up(call: str) -> None:
    answer = Answer([b'{"intent":"chat"', Step.HOLD])
    async with bench(answer, limits=Limits(answer=0.5)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await ask(at, call)
        await at.fake.left.wait()


async def test_an_address_where_nobody_listens_is_said() -> None:
    async with bench(Answer()) as at:
        at.fake.port = 1
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.client.detect_intent("m")

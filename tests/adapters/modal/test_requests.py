import json

import pytest

from adapters.modal.requests import encode, prompt
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import MAX_BODY_BYTES, HistoryMessage, RunContext, RunRequest

PLAIN = RunRequest("u", "p", "r", "作って: ボール")


def test_a_message_without_context_is_the_whole_prompt() -> None:
    assert json.loads(encode(PLAIN)) == {
        "user_id": "u",
        "project_id": "p",
        "run_id": "r",
        "message": "作って: ボール",
        "skills": [],
        "context": {"system": None, "spec": None, "style": None, "history": [], "assets": []},
        "prompt": "作って: ボール",
    }


def test_the_prompt_says_everything_and_ends_with_the_request() -> None:
    context = RunContext(
        system="You write games.",
        spec="A maze.",
        style="Neon",
        history=(HistoryMessage("user", "hello"), HistoryMessage("assistant", "hi")),
        assets=("assets/cat.png",),
    )
    text = prompt(RunRequest("u", "p", "r", "make it blue", ("p5js-setup",), context))
    assert text.startswith("You write games.\n\n")
    assert text.endswith("\n\n## Request\nmake it blue")
    for part in ("A maze.", "Neon", "user: hello\nassistant: hi", "- assets/cat.png", "p5js-setup"):
        assert part in text


def test_a_request_too_large_to_say_twice_is_said_once() -> None:
    request = RunRequest("u", "p", "r", "x" * (MAX_BODY_BYTES * 2 // 3))
    body = encode(request)
    assert len(body) <= MAX_BODY_BYTES
    assert "prompt" not in json.loads(body)


def test_a_request_beyond_the_limit_is_refused() -> None:
    with pytest.raises(DreamCoreError) as refused:
        encode(RunRequest("u", "p", "r", "x" * MAX_BODY_BYTES))
    assert refused.value.code is ErrorCode.PROMPT_TOO_LONG

"""Answers that are no stream: overload, refusals, redirects."""

import pytest

from schema.errors import ErrorCode
from tests.adapters.modal.fake_execution import Answer, done, serving, text
from tests.adapters.modal.following import SECRET, Failure, bench, texts


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_an_overloaded_server_is_asked_again(status: int) -> None:
    busy = Answer([b"<html>busy"], status)
    async with bench(busy, busy, Answer([text(1)]), busy, Answer([done(2)])) as at:
        assert texts(await at.run()) == ["1", "Done"]
        assert [method for method, _ in at.fake.routes] == ["POST", "POST", "POST", "GET", "GET"]
        assert len({seen.body for seen in at.fake.seen[:3]}) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(status=401), ErrorCode.EXECUTION_UNAVAILABLE),
        (Answer(status=403), ErrorCode.EXECUTION_UNAVAILABLE),
        (Answer(status=404), ErrorCode.EXECUTION_UNAVAILABLE),
        (Answer(status=409), ErrorCode.PROJECT_BUSY),
        (Answer([b'{"error":"x","code":"PROJECT_BUSY"}'], 409), ErrorCode.PROJECT_BUSY),
        (Answer([b'{"code":"IDEMPOTENCY_CONFLICT"}'], 409), ErrorCode.IDEMPOTENCY_CONFLICT),
        (Answer([b'{"code":"PAYLOAD_TOO_LARGE"}'], 413), ErrorCode.PROMPT_TOO_LONG),
        (Answer([b'{"code":"INVALID_MESSAGE"}'], 400), ErrorCode.INVALID_MESSAGE),
        (Answer([b'{"error":"Invalid JSON"}'], 400), ErrorCode.INTERNAL),
        (Answer([b"[" * 4_000], 400), ErrorCode.INTERNAL),
        (Answer([b'{"code":"PROJECT_BUSY"', b" " * 100_000, b"}"], 400), ErrorCode.INTERNAL),
        (Answer(status=204), ErrorCode.EXECUTION_UNAVAILABLE),
        (Answer(status=302), ErrorCode.EXECUTION_UNAVAILABLE),
    ],
)
async def test_a_refusal_is_final_and_has_a_code(answer: Answer, code: ErrorCode) -> None:
    async with bench(answer) as at:
        with Failure(code):
            await at.run()
        assert len(at.fake.seen) == 1


async def test_redirects_to_the_result_are_followed_with_the_secret() -> None:
    result = Answer(status=303, headers={"location": "/generate?call=fc-1"})
    async with bench(*[result] * 20, Answer([text(1), done(2)])) as at:
        assert texts(await at.run()) == ["1", "Done"]
        assert at.fake.routes[:2] == [("POST", "/generate"), ("GET", "/generate")]
        assert at.fake.seen[1].query == "call=fc-1"
        assert at.fake.seen[1].body == b""
        assert at.fake.seen[20].headers["x-modal-internal-secret"] == SECRET


async def test_a_temporary_redirect_repeats_the_request() -> None:
    moved = Answer(status=307, headers={"location": "/elsewhere"})
    async with bench(moved, Answer([done(1)])) as at:
        assert texts(await at.run()) == ["Done"]
        assert at.fake.routes == [("POST", "/generate"), ("POST", "/elsewhere")]
        assert at.fake.seen[0].body == at.fake.seen[1].body != b""


async def test_endless_redirects_are_a_failure() -> None:
    async with bench(Answer(status=303, headers={"location": "/generate"})) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.run()
        assert len(at.fake.seen) == 21


async def test_the_secret_does_not_follow_a_redirect_to_another_host() -> None:
    async with serving(Answer([done(1)])) as other:
        elsewhere = Answer(status=303, headers={"location": other.endpoint})
        async with bench(elsewhere) as at:
            with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
                await at.run()
        assert other.seen == []

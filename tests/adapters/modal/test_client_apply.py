"""Writing files as one version."""

import msgspec
import pytest

from adapters.modal.channel import Limits
from schema.errors import ErrorCode
from tests.adapters.modal.fake_execution import Answer, Step
from tests.adapters.modal.following import Failure, bench

VERSION = "0123456789abcdef0123456789abcdef01234567"
STATUS = b'data: {"type":"status","message":"Writing index.html..."}\n\n'
RESULT = b'data: {"type":"result","files":[{"path":"index.html","action":"create","size":3}]}\n\n'
DONE = b'data: {"type":"done","exit_code":0,"exitCode":0,"duration_ms":7,"version":%b}\n\n'


async def test_a_write_tells_its_version() -> None:
    answer = Answer([STATUS, RESULT, DONE % f'"{VERSION}"'.encode()])
    async with bench(answer) as at:
        assert await at.client.apply("u", "p", {"index.html": "new"}, "Draw") == VERSION
        [seen] = at.fake.seen
    assert (seen.method, seen.path) == ("POST", "/apply_files")
    assert msgspec.json.decode(seen.body) == {
        "user_id": "u",
        "project_id": "p",
        "files": [{"path": "index.html", "content": "new"}],
        "commit_message": "Draw",
    }


async def test_a_write_that_changes_nothing_makes_no_version() -> None:
    async with bench(Answer([STATUS, DONE % b"null"])) as at:
        assert await at.client.apply("u", "p", {"index.html": "new"}, "Draw") is None


def failed(code: str) -> Answer:
    line = b'data: {"type":"error","message":"/somewhere/x","code":"%b"}\n\n'
    return Answer([line % code.encode()])


NOT_WRITTEN = [
    (failed("WORKSPACE_ERROR"), "WORKSPACE_ERROR"),
    (failed("INVALID_INPUT"), "WORKSPACE_ERROR"),
    (failed("QUOTA_EXCEEDED"), "WORKSPACE_ERROR"),
    (failed("PROJECT_BUSY"), "PROJECT_BUSY"),
    (Answer([b'{"error":"Project is busy","code":"PROJECT_BUSY"}'], 409), "PROJECT_BUSY"),
    (Answer([b'{"error":"files array is required"}'], 400), "WORKSPACE_ERROR"),
    (Answer([b'{"code":"PAYLOAD_TOO_LARGE"}'], 413), "WORKSPACE_ERROR"),
    (Answer([STATUS]), "EXECUTION_UNAVAILABLE"),
    (Answer([STATUS, Step.BREAK]), "EXECUTION_UNAVAILABLE"),
    (Answer([DONE % b'"not a hash"']), "EXECUTION_UNAVAILABLE"),
    (Answer([b"{}"], headers={"content-type": "application/json"}), "EXECUTION_UNAVAILABLE"),
    (Answer(status=404), "EXECUTION_UNAVAILABLE"),
    (Answer(status=401), "EXECUTION_UNAVAILABLE"),
    (Answer(status=503), "EXECUTION_UNAVAILABLE"),
]


@pytest.mark.parametrize(("answer", "code"), NOT_WRITTEN, ids=range(len(NOT_WRITTEN)))
async def test_a_write_that_was_not_confirmed_is_an_error(answer: Answer, code: str) -> None:
    async with bench(answer) as at:
        with Failure(ErrorCode(code)):
            await at.client.apply("u", "p", {"index.html": "new"}, "Draw")
        assert len(at.fake.seen) == 1


async def test_a_write_that_never_ends_is_given_up() -> None:
    async with bench(Answer([STATUS, Step.HOLD]), limits=Limits(answer=0.5)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.client.apply("u", "p", {"index.html": "new"}, "Draw")
        await at.fake.left.wait()

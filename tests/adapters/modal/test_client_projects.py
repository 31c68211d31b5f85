"""Restoring a version and deleting a project."""

import msgspec
import pytest

from schema.errors import ErrorCode
from tests.adapters.modal.fake_execution import Answer, Step
from tests.adapters.modal.following import SECRET, Failure, bench

VERSION = "0123456789abcdef0123456789abcdef01234567"
NEWEST = "f" * 40
UNUSABLE = [
    (Answer([b'{"success":false,"error":"x","code":"WORKSPACE_ERROR"}']), "WORKSPACE_ERROR"),
    (Answer([b'{"success":true,"restored_files":[]}']), "EXECUTION_UNAVAILABLE"),
    (Answer([b"<html>"]), "EXECUTION_UNAVAILABLE"),
    (Answer([b"[]"]), "EXECUTION_UNAVAILABLE"),
    (Answer([b'{"success":', Step.BREAK]), "EXECUTION_UNAVAILABLE"),
    (Answer(status=404), "VERSION_NOT_FOUND"),
    (Answer([b'{"error":"Project is busy","code":"PROJECT_BUSY"}'], status=409), "PROJECT_BUSY"),
    (Answer(status=503), "EXECUTION_UNAVAILABLE"),
    (Answer(status=401), "EXECUTION_UNAVAILABLE"),
]


async def test_a_restore_tells_the_newest_version() -> None:
    told = msgspec.json.encode({"success": True, "version": None, "newest": NEWEST})
    async with bench(Answer([told])) as at:
        assert await at.client.restore("u", "p", VERSION) == NEWEST
        [seen] = at.fake.seen
    assert (seen.method, seen.path) == ("POST", "/apply_files")
    assert seen.headers["x-modal-internal-secret"] == SECRET
    assert msgspec.json.decode(seen.body) == {
        "action": "git_restore",
        "user_id": "u",
        "project_id": "p",
        "commit": VERSION,
    }


@pytest.mark.parametrize(("answer", "code"), UNUSABLE, ids=range(len(UNUSABLE)))
async def test_a_restore_that_was_not_confirmed_is_an_error(answer: Answer, code: str) -> None:
    async with bench(answer) as at:
        with Failure(ErrorCode(code)):
            await at.client.restore("u", "p", VERSION)
        assert len(at.fake.seen) == 1


async def test_a_deleted_project_is_confirmed() -> None:
    async with bench(Answer([b'{"success":true}'])) as at:
        await at.client.delete_project("u", "p")
        [seen] = at.fake.seen
    assert (seen.method, seen.path) == ("POST", "/delete_project")
    assert msgspec.json.decode(seen.body) == {"user_id": "u", "project_id": "p"}


async def test_an_endpoint_that_cannot_delete_is_not_there_for_us() -> None:
    async with bench(Answer(status=404)) as at:
        with Failure(ErrorCode.EXECUTION_UNAVAILABLE):
            await at.client.delete_project("u", "p")
    async with bench(Answer([b'{"code":"PROJECT_BUSY"}'], status=409)) as at:
        with Failure(ErrorCode.PROJECT_BUSY):
            await at.client.delete_project("u", "p")

"""Versions and the end of projects: §2.5, §2.11, §2.12, §5.10, §5.11 and §5.13."""

import pytest

from schema.errors import ERRORS, ErrorCode
from tests.adapters.legacy.stand import BOB, Stand, begun, commit, new_project

DENIED = {"type": "error", "message": "Access denied"}
INVALID = {"type": "error", "message": "Invalid request"}
FORMAT = {"type": "error", "message": "Invalid version ID format"}
NO_GIT = {"type": "error", "message": "Git not initialized"}
FAILED = {"type": "error", "message": "Failed to restore version"}
KINDS = ("deleteProject", "getVersionEdits", "restoreVersion")


async def with_versions(stand: Stand, project: str) -> None:
    stand.mirror.versions[project] = [(commit("v1", "a"), b"one"), (commit("v2", "b"), b"two")]
    stand.execution.pages[project] = b"one"


@pytest.mark.rule("ws.restore.reply", "ws.flow.versions", "ws.divergence.restore-version")
async def test_a_version_is_restored_and_named_as_it_was_asked_for(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        await with_versions(stand, project)
        for version in ("aaaaaaa", "AAAAAAA"):
            restored = await browser.ask(
                type="restoreVersion", projectId=project, versionId=version
            )
            assert [*restored.items()] == [
                ("type", "versionRestored"),
                ("projectId", project),
                ("versionId", version),
            ]
        assert stand.execution.restored == ["a" * 40] * 2
        assert await stand.mirror.head(project) == stand.execution.newest


@pytest.mark.rule("ws.restore.errors", "ws.flow.foreign")
@pytest.mark.parametrize("version", ["xyz", "abc", "a" * 41, "--all", 5, ["a"], "aaaaaa\n"])
async def test_the_form_of_a_version_is_judged_before_whose_project_it_is(
    stand: Stand, version: object
) -> None:
    async with stand.browser() as alice, stand.browser(BOB) as bob:
        for project in (await new_project(alice), await new_project(bob), "x"):
            refused = await alice.ask(type="restoreVersion", projectId=project, versionId=version)
            assert refused == FORMAT


@pytest.mark.rule("ws.restore.failures")
async def test_a_restore_that_fails_says_so(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        message = {"type": "restoreVersion", "projectId": project, "versionId": "aaaaaaa"}
        assert await browser.ask(**message) == NO_GIT
        await with_versions(stand, project)
        assert await browser.ask(**{**message, "versionId": "ccccccc"}) == FAILED
        stand.mirror.failing = True
        assert await browser.ask(**message) == FAILED
        stand.mirror.failing = False
        stand.execution.refusal = ErrorCode.EXECUTION_UNAVAILABLE
        assert await browser.ask(**message) == FAILED


@pytest.mark.rule("ws.divergence.restore-version")
async def test_a_restore_waits_for_no_job_and_does_not_disturb_it(stand: Stand) -> None:
    async with stand.browser() as browser, stand.browser() as other:
        project = await new_project(browser)
        await with_versions(stand, project)
        await begun(browser)
        busy = await other.ask(type="restoreVersion", projectId=project, versionId="aaaaaaa")
        words = ERRORS[ErrorCode.PROJECT_BUSY].message
        assert busy == {
            "type": "error",
            "message": words,
            "error": {"code": "OPERATION_FAILED", "message": words},
        }
        assert stand.execution.restored == []


@pytest.mark.rule("ws.delete.reply", "ws.delete.effects", "ws.delete.current")
@pytest.mark.rule("ws.flow.rename-delete")
async def test_a_deleted_project_is_gone_from_the_list_and_for_everybody(stand: Stand) -> None:
    async with stand.browser() as browser, stand.browser() as other:
        kept = await new_project(browser, "kept")
        project = await new_project(browser)
        await with_versions(stand, project)
        await other.ask(type="selectProject", projectId=project)
        deleted = await browser.ask(type="deleteProject", projectId=project)
        assert [*deleted] == ["type", "projectId", "projects"]
        assert (deleted["type"], deleted["projectId"]) == ("projectDeleted", project)
        assert [entry["id"] for entry in deleted["projects"]] == [kept]
        for kind in (*KINDS, "getProjectInfo", "selectProject", "getVersions"):
            fields = {"versionHash": "aaaaaaa", "versionId": "aaaaaaa"}
            assert await browser.ask(type=kind, projectId=project, **fields) == DENIED
        none = {"type": "error", "message": "No project selected"}
        assert await browser.ask(type="message", content="a game") == none
        assert await other.ask(type="message", content="a game") == DENIED
        assert stand.execution.deleted == [project]
        assert await browser.silent()


@pytest.mark.rule("ws.delete.current", "ws.create.current")
async def test_deleting_another_project_keeps_the_current_one(stand: Stand) -> None:
    async with stand.browser() as browser:
        other = await new_project(browser)
        await new_project(browser)
        await browser.ask(type="deleteProject", projectId=other)
        await begun(browser)


@pytest.mark.rule("ws.delete.effects", "ws.divergence.delete-running")
async def test_a_running_job_ends_before_its_project_does(stand: Stand) -> None:
    async with stand.browser() as browser, stand.browser() as watcher:
        project = await new_project(browser)
        job = (await begun(browser))["id"]
        await watcher.ask(type="selectProject", projectId=project)
        await browser.send({"type": "deleteProject", "projectId": project})
        *_, cancelled, deleted = await browser.until("projectDeleted")
        assert (cancelled["type"], cancelled["job"]["id"]) == ("cancelled", job)
        assert deleted["projects"] == []
        assert (await watcher.until("cancelled"))[-1]["job"]["id"] == job
        assert await browser.ask(type="getJobStatus", jobId=job) == {
            "type": "jobStatus",
            "job": None,
        }
        assert await stand.stage.store.history(project, last=50) == []
        await new_project(browser)
        await begun(browser)


@pytest.mark.rule("ws.delete.errors", "ws.edits.errors", "ws.restore.errors")
@pytest.mark.rule("ws.messages.order")
async def test_missing_fields_come_before_everything_else(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        for kind in KINDS:
            assert await browser.ask(type=kind, versionHash="x", versionId="x") == INVALID
        for kind in KINDS[1:]:
            assert await browser.ask(type=kind, projectId=project) == INVALID


@pytest.mark.rule("ws.ownership.uniform", "ws.delete.errors", "ws.edits.errors")
@pytest.mark.rule("ws.restore.errors", "ws.flow.foreign")
@pytest.mark.parametrize("project", ["x", 5, "../../etc", BOB])
async def test_unknown_and_foreign_projects_look_alike(stand: Stand, project: object) -> None:
    async with stand.browser(BOB) as bob, stand.browser() as alice:
        foreign = await new_project(bob)
        await with_versions(stand, foreign)
        for identifier in (project, foreign):
            for kind in KINDS:
                fields = {"versionHash": "aaaaaaa", "versionId": "aaaaaaa"}
                assert await alice.ask(type=kind, projectId=identifier, **fields) == DENIED
        assert (await bob.ask(type="getProjectInfo", projectId=foreign))["type"] == "projectInfo"

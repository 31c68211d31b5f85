"""Projects: creating, selecting, naming, listing versions, and not seeing those of others."""

import pytest

from tests.adapters.legacy.stand import BOB, Stand, begun, commit, new_project

DENIED = {"type": "error", "message": "Access denied"}
INVALID = {"type": "error", "message": "Invalid request"}
FORMAT = {"type": "error", "message": "Invalid message format"}
SHORT = ["id", "name", "createdAt", "updatedAt"]


@pytest.mark.rule("ws.tests.projects", "ws.forms.project-short", "ws.create.reply")
@pytest.mark.rule("ws.info.reply", "ws.rename.reply", "ws.flow.rename-delete")
async def test_the_legacy_tests_of_project_operations_hold(stand: Stand) -> None:
    """§9, up to deletion."""
    async with stand.browser() as alice, stand.browser(BOB) as bob:
        created = await alice.ask(type="createProject", name="Test Project")
        project = created["project"]["id"]
        assert [*created] == ["type", "project", "projects"]
        assert [*created["project"]] == SHORT
        assert created["project"]["name"] == "Test Project"
        info = await alice.ask(type="getProjectInfo", projectId=project)
        assert info == {"type": "projectInfo", "project": created["project"]}
        renamed = await alice.ask(type="renameProject", projectId=project, name="改名")
        assert [*renamed] == ["type", "project", "projects"]
        assert renamed["project"]["name"] == renamed["projects"][0]["name"] == "改名"
        assert await bob.ask(type="getProjectInfo", projectId=project) == DENIED


@pytest.mark.rule("ws.forms.project-order")
async def test_projects_are_listed_last_touched_first(stand: Stand) -> None:
    async with stand.browser() as browser:
        older = await new_project(browser, "older")
        newer = await new_project(browser, "newer")
        renamed = await browser.ask(type="renameProject", projectId=older, name="touched")
        assert [entry["id"] for entry in renamed["projects"]] == [older, newer]


@pytest.mark.rule("ws.create.default-name", "ws.create.reply", "ws.rename.reply")
async def test_a_project_is_called_exactly_what_it_was_called(stand: Stand) -> None:
    async with stand.browser() as browser:
        created = await browser.ask(type="createProject")
        project = created["project"]["id"]
        assert created["project"]["name"] == "New Game"
        for name in (
            "",
            "   ",
            "新しいゲーム",
            "宇宙\u3000ゲーム ",
            "👩\u200d🚀",
            "a\n\tb",
            "あ" * 200,
        ):
            created = await browser.ask(type="createProject", name=name)
            assert created["project"]["name"] == created["projects"][0]["name"] == name
            if name:
                renamed = await browser.ask(type="renameProject", projectId=project, name=name)
                assert renamed["project"]["name"] == renamed["projects"][0]["name"] == name


@pytest.mark.rule("ws.create.errors", "ws.rename.errors", "ws.divergence.names")
async def test_what_is_no_name_is_refused(stand: Stand) -> None:
    async with stand.browser() as browser:
        assert await browser.ask(type="createProject", name=None) == FORMAT
        assert await browser.ask(type="createProject", name=5) == FORMAT
        assert await browser.ask(type="createProject", name="x" * 201) == INVALID
        project = await new_project(browser)
        for name in (None, "", 5, "a\0b", "x" * 201):
            assert await browser.ask(type="renameProject", projectId=project, name=name) == INVALID


@pytest.mark.rule("ws.select.complete", "ws.forms.version", "ws.versions.listed")
@pytest.mark.rule("ws.divergence.stripe")
async def test_a_selected_project_comes_with_everything(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [
            (commit("Initial project setup", "1"), b""),
            (commit("作成しました", "2"), b""),
            (commit("Restored to 2222222", "3"), b""),
            (commit("a|b", "4"), b""),
        ]
        selected = await browser.ask(type="selectProject", projectId=project)
        assert [*selected] == ["type", "projectId", "history", "versions", "activeJob"]
        assert selected["versions"] == [
            {
                "id": letter * 7,
                "number": number,
                "message": subject,
                "timestamp": "2026-01-27T03:12:30.000Z",
                "hash": letter * 7,
            }
            for number, letter, subject in ((1, "4", "a|b"), (2, "2", "作成しました"))
        ]
        listed = await browser.ask(type="getVersions", projectId=project)
        assert listed == {
            "type": "versionsList",
            "projectId": project,
            "versions": selected["versions"],
        }


@pytest.mark.rule("ws.versions.listed")
async def test_at_most_twenty_versions_are_listed(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(commit(f"v{n}"), b"") for n in range(60)]
        versions = (await browser.ask(type="getVersions", projectId=project))["versions"]
        assert [v["message"] for v in versions] == [f"v{n}" for n in range(59, 39, -1)]


@pytest.mark.rule("ws.watch.one", "ws.divergence.idle-subscription")
@pytest.mark.parametrize("kind", ["selectProject", "createProject"])
async def test_an_idle_project_ends_the_subscription_to_another(stand: Stand, kind: str) -> None:
    async with stand.browser() as browser:
        idle = await new_project(browser)
        await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        await browser.ask(type=kind, projectId=idle)
        stand.finish(row["id"])
        await stand.stored(row["id"])
        assert await browser.silent()


@pytest.mark.rule("ws.info.errors", "ws.versions.errors", "ws.rename.errors")
@pytest.mark.rule("ws.select.errors")
@pytest.mark.parametrize("project", [None, "", 0, False])
async def test_a_missing_project_id_is_an_invalid_request(stand: Stand, project: object) -> None:
    async with stand.browser() as browser:
        for kind in ("getProjectInfo", "getVersions", "renameProject"):
            assert await browser.ask(type=kind, projectId=project, name="x") == INVALID
        assert await browser.ask(type="selectProject", projectId=project) == DENIED


@pytest.mark.rule("ws.ownership.uniform", "ws.select.errors", "ws.info.errors")
@pytest.mark.rule("ws.versions.errors", "ws.rename.errors", "ws.flow.foreign")
@pytest.mark.parametrize("project", ["x", 5, ["x"], {"a": 1}, "../../etc", BOB])
async def test_unknown_malformed_and_foreign_projects_look_alike(
    stand: Stand, project: object
) -> None:
    async with stand.browser(BOB) as bob, stand.browser() as alice:
        foreign = await new_project(bob)
        for identifier in (project, foreign):
            for kind in ("selectProject", "getProjectInfo", "getVersions", "renameProject"):
                assert await alice.ask(type=kind, projectId=identifier, name="x") == DENIED


@pytest.mark.rule("ws.status.errors", "ws.status.reply", "ws.subscribe.errors")
@pytest.mark.rule("ws.flow.foreign", "ws.tests.permissions", "ws.tests.jobs")
async def test_jobs_of_others_do_not_exist(stand: Stand) -> None:
    """§5.13, §9."""
    async with stand.browser() as alice, stand.browser(BOB) as bob:
        await new_project(alice)
        job = (await begun(alice))["id"]
        nothing = {"type": "jobStatus", "job": None}
        not_found = {"type": "error", "message": "Job not found"}
        required = {"type": "error", "message": "Job ID required"}
        for identifier in (job, "00000000-0000-0000-0000-000000000000", "x", 5):
            assert await bob.ask(type="getJobStatus", jobId=identifier) == nothing
            assert await bob.ask(type="subscribeJob", jobId=identifier) == not_found
        for kind in ("getJobStatus", "subscribeJob"):
            assert await bob.ask(type=kind) == required


@pytest.mark.rule("ws.subscribe.reply", "ws.status.reply", "ws.tests.jobs")
async def test_one_can_subscribe_to_a_job_that_has_ended(stand: Stand) -> None:
    """§9: own completed job."""
    async with stand.browser() as browser:
        await new_project(browser)
        job = (await begun(browser))["id"]
        stand.finish(job)
        await browser.job()
        status = await browser.ask(type="getJobStatus", jobId=job)
        assert (status["job"]["id"], status["job"]["status"]) == (job, "completed")
        assert status["job"]["result"] == '{"message":"作成しました","generator":"claude"}'
        subscribed = {"type": "subscribed", "jobId": job}
        assert await browser.ask(type="subscribeJob", jobId=job) == subscribed
        assert await browser.silent()

"""What a version changed: §2.11."""

from pathlib import Path
from typing import Any

import pytest

from schema.execution import Code, Done, ProposedEdit, ProposedFile
from tests.adapters.legacy.stand import Stand, begun, commit, new_project, open_stand
from tests.adapters.legacy.test_versions import with_versions
from tests.gateway.legacy_watcher import Browser


@pytest.mark.rule("ws.edits.diff")
async def test_what_a_version_changed_is_told_under_the_hash_that_was_sent(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        await with_versions(stand, project)
        for version in ("bbbbbbb", "B" * 40):
            edits = await browser.ask(
                type="getVersionEdits", projectId=project, versionHash=version
            )
            assert [*edits.items()] == [
                ("type", "versionEdits"),
                ("projectId", project),
                ("versionHash", version),
                ("edits", [{"diff": "diff --git a/index.html b/index.html\n-one\n+two\n"}]),
                ("summary", ""),
            ]


async def run(stand: Stand, browser: Browser, version: str, **outcome: Any) -> None:
    """A run that makes a version of the current project, to its last trace."""
    job = (await begun(browser))["id"]
    stand.execution.say(job, Done("敵を速くしました", version=version, **outcome))
    await browser.until("gameUpdated")
    await browser.ask(type="cancel", jobId=job)  # waits until it is settled


@pytest.mark.rule("ws.edits.reply", "ws.divergence.version-summary", "ws.frame.versionEdits")
async def test_what_the_agent_replaced_is_told_in_its_words(tmp_path: Path) -> None:
    told = [
        {"path": "js/a.js", "old_string": "1", "new_string": "2"},
        {"path": "index.html", "old_string": "", "new_string": "<p>終わり"},
    ]
    code = Code(
        files=(ProposedFile("new.js", "3"),), edits=tuple(ProposedEdit(**edit) for edit in told)
    )
    expected = {"type": "versionEdits", "summary": "敵を速くしました", "edits": told}
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        project = expected["projectId"] = await new_project(browser)
        stand.mirror.versions[project] = [(commit("v1", "a"), b"one")]
        stand.execution.pages[project] = b"two"
        await run(stand, browser, "c" * 40, code=code)
        for version in ("ccccccc", "C" * 40):
            ask = {"type": "getVersionEdits", "projectId": project, "versionHash": version}
            assert await browser.ask(**ask) == {**expected, "versionHash": version}
        versions = stand.mirror.versions
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        stand.mirror.versions = versions
        assert await browser.ask(**ask) == {**expected, "versionHash": version}


@pytest.mark.rule("ws.edits.diff", "ws.divergence.version-summary")
async def test_a_version_whose_run_told_no_edits_is_told_as_a_diff(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.execution.pages[project] = b"two"
        await run(stand, browser, "c" * 40, created=True, code=Code((ProposedFile("a.js", "1"),)))
        edits = await browser.ask(type="getVersionEdits", projectId=project, versionHash="ccccccc")
        assert edits["edits"] == [{"diff": "diff --git a/index.html b/index.html\n-\n+two\n"}]
        assert edits["summary"] == "敵を速くしました"


@pytest.mark.rule("ws.edits.diff", "ws.divergence.restore-version")
async def test_a_restored_version_has_no_run_to_tell_of_it(stand: Stand) -> None:
    code = Code(edits=(ProposedEdit("index.html", "one", "two"),))
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(commit("v1", "a"), b"one")]
        stand.execution.pages[project] = b"two"
        await run(stand, browser, "c" * 40, code=code)
        stand.execution.pages[project] = b"one"
        await browser.ask(type="restoreVersion", projectId=project, versionId="aaaaaaa")
        edits = await browser.ask(
            type="getVersionEdits", projectId=project, versionHash=stand.execution.newest
        )
        assert edits["edits"] == [{"diff": "diff --git a/index.html b/index.html\n-two\n+one\n"}]
        assert edits["summary"] == ""


@pytest.mark.rule("ws.edits.unknown")
@pytest.mark.parametrize("version", ["ccccccc", "x", "--all", "HEAD", "../.."])
async def test_what_is_no_version_changed_nothing(stand: Stand, version: str) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        await with_versions(stand, project)
        edits = await browser.ask(type="getVersionEdits", projectId=project, versionHash=version)
        assert (edits["versionHash"], edits["edits"], edits["summary"]) == (version, [], "")


@pytest.mark.rule("ws.edits.unknown", "ws.select.complete", "ws.versions.listed")
async def test_versions_that_cannot_be_read_leave_the_project_open(stand: Stand) -> None:
    """As when a diff is too large: git fails, and the page goes on without."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        await with_versions(stand, project)
        stand.mirror.failing = True
        edits = await browser.ask(type="getVersionEdits", projectId=project, versionHash="bbbbbbb")
        assert (edits["type"], edits["edits"]) == ("versionEdits", [])
        assert (await browser.ask(type="getVersions", projectId=project))["versions"] == []
        selected = await browser.ask(type="selectProject", projectId=project)
        assert (selected["type"], selected["versions"]) == ("projectSelected", [])

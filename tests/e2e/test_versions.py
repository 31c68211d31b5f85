"""The life of a game with its real execution: made, edited, brought back, deleted."""

from typing import Final

from tests.e2e.installation import Installation

RESTORE: Final = """
mutation($project: ID!, $version: String!) {
  restoreVersion(input: {projectId: $project, version: $version}) {
    ... on RestoreVersionSuccess { version { hash } }
    ... on Failure { code message }
  }
}
"""
DELETE: Final = """
mutation($project: ID!) {
  deleteProject(id: $project) { ... on DeleteProjectSuccess { id } ... on Failure { code } }
}
"""
GAME: Final = """
query($project: ID!) {
  project(id: $project) {
    versions { hash subject }
    files
    file(path: "index.html") { content }
  }
}
"""


async def test_a_game_is_brought_back_as_it_was_and_deleted_without_a_trace(
    offline: Installation,
) -> None:
    async with offline.serving() as gateway:
        project = await gateway.project()
        page = offline.workspace(project) / "index.html"
        await gateway.watch(await gateway.start("a neon breakout game", project))
        made = (await gateway.query(GAME, project=project))["project"]
        await gateway.watch(await gateway.start("make it blue", project))
        edited = (await gateway.query(GAME, project=project))["project"]
        assert edited["file"] != made["file"]
        assert page.read_text() == edited["file"]["content"]

        first = made["versions"][0]["hash"]
        restored = await gateway.query(RESTORE, project=project, version=first[:7])
        version = restored["restoreVersion"]["version"]["hash"]
        back = (await gateway.query(GAME, project=project))["project"]
        assert (back["files"], back["file"]) == (made["files"], made["file"])
        assert back["versions"][1:] == edited["versions"]
        assert back["versions"][0] == {"hash": version, "subject": f"Restored to {first[:7]}"}
        assert page.read_text() == made["file"]["content"]
        again = await gateway.query(RESTORE, project=project, version=first)
        assert again == {"restoreVersion": {"version": None}}

        await gateway.watch(await gateway.start("make it blue", project))
        onward = (await gateway.query(GAME, project=project))["project"]
        assert onward["versions"][1:] == back["versions"]
        assert onward["file"] == edited["file"]

        running = await gateway.start("a snake game", project)
        await gateway.watch(running, until="GenerationStarted")
        deleted = await gateway.query(DELETE, project=project)
        assert deleted == {"deleteProject": {"id": project}}
        assert (await gateway.query(GAME, project=project)) == {"project": None}
        assert list(offline.workspace(project).parent.iterdir()) == []
        assert list((offline.data / "gateway" / "mirror").glob("*.git")) == []

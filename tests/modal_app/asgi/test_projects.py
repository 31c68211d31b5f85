"""Deleting a project: `POST /delete_project`."""

from schema.execution import DELETE_PROJECT
from tests.modal_app.execution import Client, Gate, Run, data_of, script
from tests.modal_app.project import Project


async def test_a_deleted_project_leaves_nothing(project: Project) -> None:
    await project.write(index="one")
    for _ in range(2):
        response = await project.delete()
        assert (response.status_code, response.json()) == (200, {"success": True})
        assert await project.listed() == []
        assert (await project.file("index.html")).status_code == 404
    version = await project.write(index="two")
    history = (await project.apply(action="git_log")).json()["commits"]
    assert [commit["hash"] for commit in history] == [version]


async def test_a_project_at_work_is_not_deleted(
    client: Client, project: Project, gate: Gate
) -> None:
    await project.write(index="one")
    run = Run(script(gate.step), project_id=project.run.project_id)
    async with client.generating(run) as events:
        await gate.reached.wait()
        response = await project.delete()
        assert response.status_code == 409
        assert response.json() == {"error": "Project is busy", "code": "PROJECT_BUSY"}
        assert (await project.file("index.html")).text == "one"
        gate.release()
        assert [data_of(event) async for event in events][-1]["type"] == "done"
    assert (await project.delete()).status_code == 200


async def test_what_names_no_project_is_refused(client: Client) -> None:
    for body in ({}, {"user_id": "../..", "project_id": "../.."}):
        response = await client.http.post(DELETE_PROJECT, json=body)
        assert response.status_code == 400

"""`POST /delete_project`: the end of a project's files."""

from starlette.requests import Request
from starlette.responses import Response

from modal_app.routes.requests import read_object, required_uuid
from modal_app.routes.responses import Json
from modal_app.routes.state import state_of


async def delete_project(request: Request) -> Response:
    """Remove files and history; a project that does not exist is gone already."""
    state = state_of(request)
    body = await read_object(request, state.settings.max_body_bytes)
    workspace = state.workspace(
        required_uuid(body.get("user_id"), "user_id"),
        required_uuid(body.get("project_id"), "project_id"),
    )
    await workspace.delete()
    return Json({"success": True})

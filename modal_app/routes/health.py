"""`GET /health`: whether the application answers, and with what it would work. Needs no secret."""

from importlib.metadata import PackageNotFoundError, version

from starlette.requests import Request
from starlette.responses import Response

from modal_app.routes.responses import Json
from modal_app.routes.state import state_of

try:
    VERSION = version("dreamcore-gateway")
except PackageNotFoundError:  # only the tree was copied, as into a container image
    VERSION = "unknown"


async def health(request: Request) -> Response:
    """`{"status": "healthy", "app": "dreamcore", "version", "agent"}` (`legacy-modal.md` §1.6)."""
    agent = state_of(request).agent
    return Json({"status": "healthy", "app": "dreamcore", "version": VERSION, "agent": agent})

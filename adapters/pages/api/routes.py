"""The addresses below `/api/` that need an access token."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.pages.api.archives import Archives
from adapters.pages.api.guards import Guards
from adapters.pages.api.jobs import JobPages
from adapters.pages.api.projects import ProjectPages
from adapters.pages.refusals import answered
from adapters.pages.routing import Handler, LegacyRoute
from schema.mirror import Mirror
from schema.ports import Identity
from schema.use_cases import Generations, Projects

_PROJECT: Final = "/api/projects/{project_id}"
_JOB: Final = "/api/jobs/{job_id}"


def routes(
    identity: Identity, projects: Projects, generations: Generations, mirror: Mirror
) -> list[BaseRoute]:
    """Projects and jobs of the viewer (`contract/legacy-http.md` §1.3, §1.4)."""
    guards = Guards(identity, projects, generations)
    project, job = ProjectPages(guards, mirror, Archives(mirror)), JobPages(guards)
    got: Mapping[str, Handler] = {
        "/api/projects": project.all,
        _PROJECT: project.one,
        f"{_PROJECT}/code": project.code,
        f"{_PROJECT}/ai-context": project.ai_context,
        f"{_PROJECT}/download": project.download,
        f"{_PROJECT}/preview": project.preview,
        f"{_PROJECT}/active-job": job.active,
        f"{_PROJECT}/jobs": job.newest,
        _JOB: job.one,
    }
    return [
        *(_route(path, handler) for path, handler in got.items()),
        _route(f"{_JOB}/cancel", job.cancel, "POST"),
    ]


def _route(path: str, handler: Handler, method: str = "GET") -> BaseRoute:
    async def endpoint(request: Request) -> Response:
        return await answered(handler, request)

    return LegacyRoute(path, endpoint, method)

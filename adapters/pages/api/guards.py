"""Who asks, and for which of their projects and jobs: AUTH, PROJ and JOB.

Source: `contract/legacy-http.md` §1.0. The order decides which status a request gets.
"""

from dataclasses import dataclass

from starlette.requests import Request

from adapters.pages.credentials import Refused, authenticated, presented
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.models import Generation, Project, Viewer
from schema.ports import Identity
from schema.use_cases import Generations, Projects


@dataclass(frozen=True, slots=True)
class Guards:
    """Every method raises `Refused` with what the client is told."""

    identity: Identity
    projects: Projects
    generations: Generations

    async def viewer(self, request: Request) -> Viewer:
        """AUTH: 401."""
        return await authenticated(self.identity, presented(request).token)

    async def project(self, request: Request) -> Project:
        """PROJ, of `project_id` in the path: 401, 400, 404; other people's are not there."""
        viewer = await self.viewer(request)
        project_id = request.path_params["project_id"]
        if not is_uuid(project_id):
            raise Refused(400, "Invalid project ID")
        try:
            return await self.projects.get(viewer, project_id)
        except DreamCoreError as error:
            if error.code is not ErrorCode.PROJECT_NOT_FOUND:
                raise
            raise Refused(404, "Project not found") from None

    async def job(self, request: Request) -> tuple[Viewer, Generation]:
        """JOB, of `job_id` in the path: 401, 400, 404, and 403 for somebody else's."""
        viewer = await self.viewer(request)
        job_id = request.path_params["job_id"]
        if not is_uuid(job_id):
            raise Refused(400, "Invalid job ID")
        try:
            return viewer, await self.generations.get(viewer, job_id)
        except DreamCoreError as error:
            if error.code is not ErrorCode.GENERATION_NOT_FOUND:
                raise
        if await self.generations.exists(job_id):
            raise Refused(403, "Access denied")
        raise Refused(404, "Job not found")

"""Jobs, as their rows. Source: `contract/legacy-http.md` §1.4, §7.2."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.guards import Guards
from adapters.pages.api.job_rows import complete_row
from adapters.pages.responses import send_json
from schema.models import Generation, Project

MAX_JOBS: Final = 1_000
_JOBS: Final = 20
_PAGE: Final = 100
# As `parseInt` reads it: what follows the digits does not matter.
_NUMBER: Final = re.compile(r"\s*([+-]?[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class JobPages:
    """One method an address; all raise `Refused`."""

    guards: Guards

    async def one(self, request: Request) -> Response:
        """The row of one job."""
        _, generation = await self.guards.job(request)
        return send_json(request, await complete_row(self.guards.generations, generation))

    async def active(self, request: Request) -> Response:
        """The project's running job, or null."""
        project = await self.guards.project(request)
        generation = await self.guards.projects.active_generation(project)
        generations = self.guards.generations
        row = None if generation is None else await complete_row(generations, generation)
        return send_json(request, {"job": row})

    async def newest(self, request: Request) -> Response:
        """The project's jobs, newest first: `limit` of them, at most `MAX_JOBS`."""
        project = await self.guards.project(request)
        limit = limit_of(request.query_params.getlist("limit"))
        generations = await self._newest(project, limit)
        rows = [await complete_row(self.guards.generations, found) for found in generations]
        return send_json(request, {"jobs": rows})

    async def cancel(self, request: Request) -> Response:
        """Stop it, if it runs, and tell how it ended; an ended one stays as it is."""
        viewer, generation = await self.guards.job(request)
        ended = await self.guards.generations.cancel(viewer, generation.id)
        row = await complete_row(self.guards.generations, ended)
        return send_json(request, {"success": True, "job": row})

    async def _newest(self, project: Project, limit: int) -> list[Generation]:
        found: list[Generation] = []
        while len(found) < limit:
            after = found[-1].id if found else None
            page = await self.guards.projects.generations(
                project, first=min(limit - len(found), _PAGE), after=after
            )
            found += page.items
            if not page.has_next:
                break
        return found


def limit_of(values: list[str]) -> int:
    """How many jobs are asked for: 20 when no number or 0 is given, none when it is negative."""
    number = _NUMBER.match(values[0]) if values else None
    asked = int(number[1]) if number else 0
    return min(max(asked, 0), MAX_JOBS) if asked else _JOBS

"""`POST /api/assets/upload`. Source: `contract/legacy-http.md` §1.6, §5.2."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.assets.bodies import read_form
from adapters.pages.assets.guards import AssetGuards, refusing
from adapters.pages.assets.rows import uploaded_row
from adapters.pages.credentials import Refused
from adapters.pages.responses import send_json
from schema.assets import Upload
from schema.identifiers import is_uuid

FIELD: Final = "file"


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Takes a file."""

    guards: AssetGuards

    async def upload(self, request: Request) -> Response:
        """The body is read only for somebody. Raises `Refused`."""
        viewer = await self.guards.viewer(request)
        form = await read_form(request, FIELD)
        if form.file is None:
            raise Refused(400, "No file uploaded")
        project_id = form.texts.get("projectId") or None
        if project_id is not None and not is_uuid(project_id):
            raise Refused(400, "Invalid project ID")
        upload = Upload(
            form.file.data,
            form.file.filename,
            form.file.media_type,
            form.texts.get("originalName"),
            project_id,
            form.texts.get("tags"),
            form.texts.get("description"),
        )
        with refusing():
            asset = await self.guards.assets.upload(viewer, upload)
        return send_json(request, {"success": True, "asset": uploaded_row(asset)})

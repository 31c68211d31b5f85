"""The frames of the server, one function a type (`contract/legacy-ws.md` §3, Appendix A).

Job frames are flat, `type` comes first, and every error has a string `message`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from adapters.legacy.forms import short_form
from adapters.legacy.texts import JOB_CANCELLED, OPERATION_CANCELLED
from resolvers.forms import Form, JobRow, edit_form, list_form
from schema.events import (
    CodeProposed,
    Failed,
    ImagesReady,
    Mode,
    Reply,
    RestoreProposed,
)
from schema.models import Dimension, Project, StylePreset

Frame = dict[str, Any]
StyleImages = Callable[[str, str], str | None]
"""The address of a preset's picture, by dimension (`2d`, `3d`) and preset id."""

PONG: Final[Frame] = {"type": "pong"}


def error(message: str, code: str | None = None) -> Frame:
    """A failure. With `code`, the superset of both forms that browsers know."""
    frame: Frame = {"type": "error", "message": message}
    if code is not None:
        frame["error"] = {"code": code, "message": message}
    return frame


def init(user_id: str, projects: Iterable[Project]) -> Frame:
    """The session has begun."""
    return {"type": "init", "userId": user_id, "projects": _listed(projects)}


def project_created(project: Project, projects: Iterable[Project]) -> Frame:
    """A new project, and the list with it."""
    return {
        "type": "projectCreated",
        "project": short_form(project),
        "projects": _listed(projects),
    }


def project_selected(
    project_id: str, history: list[Form], versions: list[Form], active_job: JobRow | None
) -> Frame:
    """Everything the editor shows of a project."""
    return {
        "type": "projectSelected",
        "projectId": project_id,
        "history": history,
        "versions": versions,
        "activeJob": active_job,
    }


def project_deleted(project_id: str, projects: Iterable[Project]) -> Frame:
    """The project has gone, and the list without it."""
    return {"type": "projectDeleted", "projectId": project_id, "projects": _listed(projects)}


def project_renamed(project: Project, projects: Iterable[Project] | None = None) -> Frame:
    """The reply to `renameProject`; without the list, the push after a job."""
    frame: Frame = {"type": "projectRenamed", "project": short_form(project)}
    if projects is not None:
        frame["projects"] = _listed(projects)
    return frame


def project_info(project: Project) -> Frame:
    """A project's name and times."""
    return {"type": "projectInfo", "project": short_form(project)}


def style_options(
    dimension: Dimension, styles: Iterable[StylePreset], image_of: StyleImages, message: str
) -> Frame:
    """The question for a style; a click sends `message` again with the choice."""
    return {
        "type": "styleOptions",
        "dimension": dimension.value,
        "styles": [
            {"id": style.id, "name": style.name, "imageUrl": image_of(dimension.value, style.id)}
            for style in styles
        ],
        "originalMessage": message,
    }


def job_started(job: JobRow, *, is_existing: bool) -> Frame:
    """The first frame of a job: only with it does the browser show its stop button."""
    return {"type": "jobStarted", "job": job, "isExisting": is_existing}


def job_status(job: JobRow | None) -> Frame:
    """A job's row, None for what is not the asker's."""
    return {"type": "jobStatus", "job": job}


def subscribed(job_id: str) -> Frame:
    """Frames of the job follow."""
    return {"type": "subscribed", "jobId": job_id}


def started(job: JobRow) -> Frame:
    """Work on the job has begun."""
    return {"type": "started", "job": job}


def progress(job: JobRow) -> Frame:
    """Where the job stands; browsers read the number and the text next to the row."""
    return {
        "type": "progress",
        "job": job,
        "progress": job.progress,
        "message": job.progress_message,
    }


def stream(content: str) -> Frame:
    """More text of the agent."""
    return {"type": "stream", "content": content}


def gemini_code(event: CodeProposed) -> Frame:
    """The code that was written: whole files of a new game, or edits."""
    frame: Frame = {"type": "geminiCode", "mode": "edit"}
    if event.mode is Mode.CREATE:
        frame |= {
            "mode": "create",
            "files": [{"path": file.path, "content": file.content} for file in event.files],
        }
    else:
        frame["edits"] = [edit_form(edit) for edit in event.edits]
    return frame | {"summary": event.summary or "", "suggestions": list(event.suggestions)}


def gemini_chat(event: Reply) -> Frame:
    """An answer in words; this frame is the one that prints it."""
    return {
        "type": "geminiChat",
        "mode": "chat",
        "message": event.message,
        "suggestions": list(event.suggestions),
    }


def gemini_restore(event: RestoreProposed) -> Frame:
    """The question before going back."""
    return {
        "type": "geminiRestore",
        "mode": "restore",
        "message": event.message,
        "confirmLabel": event.confirm_label,
        "cancelLabel": event.cancel_label,
    }


def images_generated(event: ImagesReady, heading: str) -> Frame:
    """Images that the job made."""
    lines = [heading, *(f"- {image.name}: {image.url}" for image in event.images)]
    return {
        "type": "imagesGenerated",
        "images": {image.name: image.url for image in event.images},
        "message": "\n".join(lines),
    }


def completed(job: JobRow, result: Form) -> Frame:
    """The job succeeded; `result` is what `job.result` holds as text."""
    return {"type": "completed", "job": job, "result": result}


def game_updated(job: JobRow) -> Frame:
    """The browser reloads the preview."""
    return {"type": "gameUpdated", "userId": job.user_id, "projectId": job.project_id}


def failed(job: JobRow, event: Failed) -> Frame:
    """The job failed; the keys after `error` are additions that browsers may ignore (§8.3)."""
    return {
        "type": "failed",
        "job": job,
        "error": event.message,
        "code": event.code.value,
        "userMessage": event.message,
        "recoverable": event.retryable,
    }


def cancelled(job: JobRow) -> Frame:
    """The job was stopped, for those who only watched."""
    return {"type": "cancelled", "job": job}


def job_cancelled(job: JobRow) -> Frame:
    """The reply to `cancel`, which is also the push for whoever sent it."""
    return {"type": "cancelled", "job": job, "message": JOB_CANCELLED, "jobId": job.id}


def operation_cancelled() -> Frame:
    """The reply to a `cancel` that names no job."""
    return {"type": "cancelled", "message": OPERATION_CANCELLED}


def _listed(projects: Iterable[Project]) -> list[Form]:
    return [list_form(project) for project in projects]

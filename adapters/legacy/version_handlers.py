"""Messages about versions (`contract/legacy-ws.md` §2.10 to §2.12).

Each handler gets a message whose preconditions hold; it raises `DreamCoreError`.
"""

import logging
from typing import Final

from adapters.legacy import frames, version_frames
from adapters.legacy.answers import Answer
from adapters.legacy.forms import LISTED_COMMITS, version_forms
from adapters.legacy.messages import GetVersionEdits, GetVersions, RestoreVersion
from adapters.legacy.ports import Ports
from adapters.legacy.session import Session
from adapters.legacy.texts import GIT_NOT_INITIALIZED, INVALID_VERSION_ID, RESTORE_FAILED
from resolvers.best_effort import best_effort
from resolvers.forms import Form, edit_form
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_git_hash
from schema.models import Project, VersionNote

logger = logging.getLogger(__name__)

# What the user can act on keeps its own frame; the rest is the one documented text.
_TOLD: Final = (ErrorCode.PROJECT_NOT_FOUND, ErrorCode.PROJECT_BUSY)


async def get_versions(ports: Ports, session: Session, message: GetVersions) -> Answer:
    """A project's versions, newest first."""
    project = await ports.projects.get(session.viewer, message.project_id or "")
    return Answer(version_frames.versions_list(project.id, await listed_versions(ports, project)))


async def get_version_edits(ports: Ports, session: Session, message: GetVersionEdits) -> Answer:
    """The edits that a version's run told, else what the version changed in the page; nothing for
    what is no version."""
    project = await ports.projects.get(session.viewer, message.project_id or "")
    version = message.version_hash or ""
    context = await ports.projects.version_context(project, version)
    note = context.note if context is not None else VersionNote()
    edits = [edit_form(edit) for edit in note.edits]
    if not edits:
        with best_effort("diff not told"):
            diff = await ports.projects.version_diff(project, version)
            edits = [{"diff": diff}] if diff else []
    return Answer(version_frames.version_edits(project.id, version, edits, note.summary))


async def restore_version(ports: Ports, session: Session, message: RestoreVersion) -> Answer:
    """Go back to a version. The form of its id is judged before whose project it is."""
    version = message.version_id or ""
    if not is_git_hash(version.lower()):
        return Answer(frames.error(INVALID_VERSION_ID))
    project = await ports.projects.get(session.viewer, message.project_id or "")
    try:
        if not await ports.projects.versions(project, first=1):
            return Answer(frames.error(GIT_NOT_INITIALIZED))
        await ports.projects.restore(session.viewer, project.id, version)
    except DreamCoreError as error:
        if error.code in _TOLD:
            raise
        logger.warning("version not restored", extra={"code": error.code.value})
        return Answer(frames.error(RESTORE_FAILED))
    return Answer(version_frames.version_restored(project.id, version))


async def listed_versions(ports: Ports, project: Project) -> list[Form]:
    """The versions as browsers show them; none when they cannot be read: a project opens without
    them."""
    with best_effort("versions not listed"):
        return version_forms(await ports.projects.versions(project, first=LISTED_COMMITS))
    return []

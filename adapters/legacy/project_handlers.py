"""Messages about projects (`contract/legacy-ws.md` §2.3 to §2.7).

Each handler gets a message whose preconditions hold; it raises `DreamCoreError`.
"""

from adapters.legacy import frames
from adapters.legacy.answers import Answer
from adapters.legacy.forms import history_form
from adapters.legacy.joining import standing
from adapters.legacy.messages import (
    CreateProject,
    DeleteProject,
    GetProjectInfo,
    RenameProject,
    SelectProject,
)
from adapters.legacy.ports import Ports
from adapters.legacy.session import Session
from adapters.legacy.version_handlers import listed_versions

_HISTORY = 50


async def select_project(ports: Ports, session: Session, message: SelectProject) -> Answer:
    """The editor opens a project: its conversation, its versions and the job that runs in it.

    The job is looked at first: if it has ended by then, its outcome is in the conversation.
    """
    project = await ports.projects.get(session.viewer, message.project_id or "")
    joined = None
    generation = await ports.projects.active_generation(project)
    if generation is not None:
        found = await standing(ports.generations, session.viewer, generation)
        joined = None if found.view.ended else found
    history = await ports.projects.history(project, last=_HISTORY)
    frame = frames.project_selected(
        project.id,
        [history_form(line) for line in history],
        await listed_versions(ports, project),
        joined.view.row if joined is not None else None,
    )
    return Answer(frame, project_id=project.id, leaves=True, joined=joined)


async def create_project(ports: Ports, session: Session, message: CreateProject) -> Answer:
    """A new project becomes the current one."""
    project = await ports.projects.create(session.viewer, message.name or "")
    frame = frames.project_created(project, await ports.projects.recent(session.viewer))
    return Answer(frame, project_id=project.id, leaves=True)


async def delete_project(ports: Ports, session: Session, message: DeleteProject) -> Answer:
    """Remove a project; a job that runs in it is stopped first, and its frames go out before."""
    project = await ports.projects.get(session.viewer, message.project_id or "")
    running = await ports.projects.active_generation(project)
    await ports.projects.delete(session.viewer, project.id)
    if session.project_id == project.id:
        session.project_id = None
    frame = frames.project_deleted(project.id, await ports.projects.recent(session.viewer))
    return Answer(frame, settles=running.id if running is not None else None)


async def rename_project(ports: Ports, session: Session, message: RenameProject) -> Answer:
    """Give a project another name."""
    project = await ports.projects.rename(
        session.viewer, message.project_id or "", message.name or ""
    )
    return Answer(frames.project_renamed(project, await ports.projects.recent(session.viewer)))


async def get_project_info(ports: Ports, session: Session, message: GetProjectInfo) -> Answer:
    """A project's present name."""
    project = await ports.projects.get(session.viewer, message.project_id or "")
    return Answer(frames.project_info(project))

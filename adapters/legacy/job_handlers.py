"""Messages about jobs (`contract/legacy-ws.md` §2.8, §2.9, §2.13, §2.14).

Each handler gets a message whose preconditions hold; it raises `DreamCoreError`.
"""

from adapters.legacy import frames
from adapters.legacy.answers import Answer
from adapters.legacy.job_view import JobView
from adapters.legacy.joining import Joined, standing
from adapters.legacy.messages import Cancel, GetJobStatus, SendMessage, SubscribeJob
from adapters.legacy.ports import Ports
from adapters.legacy.session import Session
from adapters.legacy.texts import JOB_NOT_FOUND
from schema.errors import DreamCoreError, ErrorCode, StyleChoiceNeeded
from schema.models import Dimension, Generation, StartGeneration

_BUSY = (ErrorCode.USER_LIMIT_REACHED, ErrorCode.SYSTEM_LIMIT_REACHED, ErrorCode.PROJECT_BUSY)


async def send_message(ports: Ports, session: Session, message: SendMessage) -> Answer:
    """Start a job, ask for a style, or join the job that runs in the project already.

    Ownership is checked on every message. Only when admission refuses do we look for a running
    job, because the style question goes first; neither a refusal nor a join stores anything.
    """
    content, project_id = message.content or "", session.project_id or ""
    command = StartGeneration(
        project_id,
        content,
        style=message.style,
        skip_style_selection=message.skip_style_selection,
        auto_fix=message.auto_fix,
        skills=() if message.disable_skills else None,
    )
    try:
        outcome = await ports.generations.start(session.viewer, command)
    except StyleChoiceNeeded as needed:
        dimension = Dimension(needed.dimension)
        styles = ports.generations.styles(dimension)
        return Answer(frames.style_options(dimension, styles, ports.style_images, content))
    except DreamCoreError as refusal:
        if refusal.code not in _BUSY:
            raise
        joined = await _running_in(ports, session, project_id)
        if joined is None:
            raise
        return _begun(joined, is_existing=True)
    return _begun(Joined(JobView.of(outcome.generation)), is_existing=outcome.joined_existing)


async def cancel(ports: Ports, session: Session, message: Cancel) -> Answer:
    """Stop a job, or the one that runs in the current project.

    A job that has ended is left as it is and answered all the same: the browser may be stuck.
    Whoever stops a job it watches gets one `cancelled` frame, this reply, as its last.
    """
    if message.job_id is None:
        project = await ports.projects.get(session.viewer, session.project_id or "")
        running = await ports.projects.active_generation(project)
        if running is not None:
            await _stop(ports, session, running)
        return Answer(frames.operation_cancelled(), settles=running.id if running else None)
    generation = await ports.generations.get(session.viewer, message.job_id)
    ended = await _stop(ports, session, generation)
    row = (await standing(ports.generations, session.viewer, ended)).view.row
    return Answer(frames.job_cancelled(row), settles=generation.id)


async def get_job_status(ports: Ports, session: Session, message: GetJobStatus) -> Answer:
    """A job's row; none for what is unknown or somebody else's."""
    try:
        generation = await ports.generations.get(session.viewer, message.job_id or "")
    except DreamCoreError as error:
        if error.code is not ErrorCode.GENERATION_NOT_FOUND:
            raise
        return Answer(frames.job_status(None))
    found = await standing(ports.generations, session.viewer, generation)
    return Answer(frames.job_status(found.view.row))


async def subscribe_job(ports: Ports, session: Session, message: SubscribeJob) -> Answer:
    """Follow a job from now on; the past is not told again."""
    try:
        generation = await ports.generations.get(session.viewer, message.job_id or "")
    except DreamCoreError as error:
        if error.code is not ErrorCode.GENERATION_NOT_FOUND:
            raise
        return Answer(frames.error(JOB_NOT_FOUND))
    found = await standing(ports.generations, session.viewer, generation)
    joined = None if found.view.ended else Joined(found.view, found.after)
    return Answer(frames.subscribed(message.job_id or ""), leaves=True, joined=joined)


def _begun(joined: Joined, *, is_existing: bool) -> Answer:
    frame = frames.job_started(joined.view.row, is_existing=is_existing)
    return Answer(frame, leaves=True, joined=joined)


async def _running_in(ports: Ports, session: Session, project_id: str) -> Joined | None:
    project = await ports.projects.get(session.viewer, project_id)
    generation = await ports.projects.active_generation(project)
    if generation is None:
        return None
    found = await standing(ports.generations, session.viewer, generation)
    return None if found.view.ended else found


async def _stop(ports: Ports, session: Session, generation: Generation) -> Generation:
    session.stopping.add(generation.id)
    try:
        return await ports.generations.cancel(session.viewer, generation.id)
    except DreamCoreError:
        session.stopping.discard(generation.id)
        raise

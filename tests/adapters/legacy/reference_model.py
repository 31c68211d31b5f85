"""What the protocol must answer: one table, a function for each of the fourteen messages."""

from collections.abc import Callable
from typing import Final

from schema.errors import ERRORS, ErrorCode
from tests.adapters.legacy.reference_world import Side, World, settled
from tests.gateway.legacy_watcher import Frame

LIMIT: Final = "Too many concurrent requests. Please wait for the current job to finish."
BUSY: Final = ERRORS[ErrorCode.PROJECT_BUSY].message
GATED: Final = "2D"
PUSHED: Final = {
    "started",
    "progress",
    "stream",
    "geminiChat",
    "geminiRestore",
    "completed",
    "failed",
    "gameUpdated",
}


def error(message: str) -> Frame:
    """An error frame."""
    return {"type": "error", "message": message}


def is_push(frame: Frame) -> bool:
    """Whether a frame belongs to a job that is watched, and answers nothing."""
    bare = ("cancelled", ["type", "job"]), ("projectRenamed", ["type", "project"])
    return frame["type"] in PUSHED or (frame["type"], [*frame]) in bare


def expectation(world: World, side: Side, message: Frame) -> Frame | None:
    """What the reply must contain; None when there must not be one."""
    return _EXPECTATIONS[message["type"]](world, side, message)


def _of_project(world: World, side: Side, message: Frame, unnamed: str, reply: Frame) -> Frame:
    name = message.get("projectId")
    if side.user is None or (not name and unnamed == "Invalid request"):
        return error(unnamed)
    owned = isinstance(name, str) and name in world.owned(side.user)
    return reply if owned else error("Access denied")


def _init(world: World, side: Side, message: Frame) -> Frame:
    """Tokens are handed out by the test, so that only their owner has to be known."""
    return {"type": "init", "userId": message["user"]}


def _select(world: World, side: Side, message: Frame) -> Frame:
    """Own projects only."""
    reply = {"type": "projectSelected", "projectId": message.get("projectId")}
    return _of_project(world, side, message, "Not initialized", reply)


def _create(world: World, side: Side, message: Frame) -> Frame:
    """Anybody who has said who they are."""
    if side.user is None:
        return error("Not initialized")
    valid = isinstance(message.get("name", ""), str)
    return {"type": "projectCreated"} if valid else error("Invalid message format")


def _delete(world: World, side: Side, message: Frame) -> Frame:
    """Own projects, whether something runs in them or not."""
    reply = {"type": "projectDeleted", "projectId": message.get("projectId")}
    return _of_project(world, side, message, "Invalid request", reply)


def _rename(world: World, side: Side, message: Frame) -> Frame:
    """Own projects, and a name."""
    if side.user is None or not message.get("projectId") or not message.get("name"):
        return error("Invalid request")
    return _of_project(world, side, message, "Invalid request", {"type": "projectRenamed"})


def _info(world: World, side: Side, message: Frame) -> Frame:
    """Own projects only."""
    return _of_project(world, side, message, "Invalid request", {"type": "projectInfo"})


def _versions(world: World, side: Side, message: Frame) -> Frame:
    """Own projects only."""
    reply = {"type": "versionsList", "projectId": message.get("projectId")}
    return _of_project(world, side, message, "Invalid request", reply)


def _edits(world: World, side: Side, message: Frame) -> Frame:
    """The hash is echoed, whatever it is."""
    version = message.get("versionHash")
    if side.user is None or not message.get("projectId") or not version:
        return error("Invalid request")
    reply = {"type": "versionEdits", "versionHash": version}
    return _of_project(world, side, message, "Invalid request", reply)


def _restore(world: World, side: Side, message: Frame) -> Frame:
    """The form of the id, the owner, whether there are versions, whether it is one of them."""
    name, version = message.get("projectId"), message.get("versionId")
    if side.user is None or not name or not version:
        return error("Invalid request")
    if version == "xyz":
        return error("Invalid version ID format")
    if name not in world.owned(side.user):
        return error("Access denied")
    known = world.projects[name].versions
    if not any(full.startswith(version) for full in known):
        return error("Failed to restore version" if known else "Git not initialized")
    if world.running_in(name) is not None:
        return error(BUSY)
    return {"type": "versionRestored", "projectId": name, "versionId": version}


def _send(world: World, side: Side, message: Frame) -> Frame:
    """The style question goes first, then a running job, then a new one."""
    content = message.get("content")
    if side.user is None or side.project is None:
        return error("No project selected")
    if not isinstance(content, str) or not content:
        return error("Invalid request")
    if side.project not in world.projects:
        return error("Access denied")
    new = not world.projects[side.project].versions
    if GATED in content and new and not settled(message) and not message.get("autoFix"):
        return {"type": "styleOptions", "originalMessage": content}
    running = world.running(side.user)
    if running is None:
        return {"type": "jobStarted", "isExisting": False}
    if world.jobs[running].project == side.project:
        return {"type": "jobStarted", "isExisting": True}
    return error(LIMIT)


def _cancel(world: World, side: Side, message: Frame) -> Frame | None:
    """Own jobs, whatever their state."""
    name = message.get("jobId")
    if not name and (side.user is None or side.project is None):
        return None
    if not name and side.project not in world.projects:
        return error("Access denied")
    if not name:
        return {"type": "cancelled", "message": "Operation cancelled"}
    if not world.owns_job(side.user, name):
        return error("Access denied")
    return {"type": "cancelled", "message": "Job cancelled", "jobId": name}


def _status(world: World, side: Side, message: Frame) -> Frame:
    """Own jobs, or none."""
    if side.user is None or not message.get("jobId"):
        return error("Job ID required" if side.user else "Not authenticated")
    owns = world.owns_job(side.user, message["jobId"])
    return {"type": "jobStatus"} if owns else {"type": "jobStatus", "job": None}


def _subscribe(world: World, side: Side, message: Frame) -> Frame:
    """Own jobs only."""
    if side.user is None or not message.get("jobId"):
        return error("Job ID required" if side.user else "Not authenticated")
    owns = world.owns_job(side.user, message["jobId"])
    return {"type": "subscribed"} if owns else error("Job not found")


_EXPECTATIONS: dict[str, Callable[[World, Side, Frame], Frame | None]] = {
    "init": _init,
    "ping": lambda *_: {"type": "pong"},
    "selectProject": _select,
    "createProject": _create,
    "deleteProject": _delete,
    "renameProject": _rename,
    "getProjectInfo": _info,
    "getVersions": _versions,
    "getVersionEdits": _edits,
    "restoreVersion": _restore,
    "message": _send,
    "cancel": _cancel,
    "getJobStatus": _status,
    "subscribeJob": _subscribe,
}

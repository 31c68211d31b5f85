"""What the protocol must answer, told in the simplest way: two dictionaries and one table.

The model knows projects that never get a first version, so that every project stays new.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.gateway.legacy_watcher import Frame

LIMIT = "Too many concurrent requests. Please wait for the current job to finish."
GATED = "2D"
PUSHED = {
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
    return frame["type"] in PUSHED or ([*frame] == ["type", "job"] and frame["type"] == "cancelled")


@dataclass(slots=True)
class Job:
    """A generation, as far as answers depend on it."""

    owner: str
    project: str
    running: bool


@dataclass(slots=True)
class Side:
    """What the server knows about one socket."""

    user: str | None = None
    project: str | None = None


@dataclass(slots=True)
class World:
    """Everything that was made so far."""

    projects: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def running(self, user: str) -> str | None:
        """The user's running job."""
        jobs = self.jobs.items()
        return next((name for name, job in jobs if job.owner == user and job.running), None)

    def foreign(self, user: str | None) -> set[str]:
        """Every identifier that must not reach the user."""
        projects = {name for name, owner in self.projects.items() if owner != user}
        jobs = {name for name, job in self.jobs.items() if job.owner != user}
        owners = {owner for owner in self.projects.values() if owner != user}
        return projects | jobs | owners

    def expects(self, side: Side, message: Frame) -> Frame | None:
        """What the reply must contain; None when there must not be one."""
        return _EXPECTATIONS[message["type"]](self, side, message)

    def learn(self, side: Side, message: Frame, reply: Frame) -> None:
        """Take in what a reply did."""
        match reply["type"]:
            case "init" if side.user != reply["userId"]:
                side.user, side.project = reply["userId"], None
            case "projectCreated":
                side.project = reply["project"]["id"]
                self.projects[side.project or ""] = side.user or ""
            case "projectSelected":
                side.project = reply["projectId"]
            case "jobStarted" if not reply["isExisting"]:
                row = reply["job"]
                self.jobs[row["id"]] = Job(row["user_id"], row["project_id"], running=True)
            case "cancelled" if "jobId" in reply:
                self.jobs[reply["jobId"]].running = False
            case "cancelled":
                name = self.running(side.user or "")
                if name is not None and self.jobs[name].project == side.project:
                    self.jobs[name].running = False

    def _of_project(self, side: Side, message: Frame, unnamed: str, reply: Frame) -> Frame:
        project = message.get("projectId")
        if side.user is None or (not project and unnamed == "Invalid request"):
            return error(unnamed)
        owned = isinstance(project, str) and self.projects.get(project) == side.user
        return reply if owned else error("Access denied")

    def init(self, side: Side, message: Frame) -> Frame:
        """Tokens are handed out by the test, so that only their owner has to be known."""
        return {"type": "init", "userId": message["user"]}

    def select(self, side: Side, message: Frame) -> Frame:
        """Own projects only."""
        reply = {"type": "projectSelected", "projectId": message.get("projectId")}
        return self._of_project(side, message, "Not initialized", reply)

    def create(self, side: Side, message: Frame) -> Frame:
        """Anybody who has said who they are."""
        if side.user is None:
            return error("Not initialized")
        valid = isinstance(message.get("name", ""), str)
        return {"type": "projectCreated"} if valid else error("Invalid message format")

    def rename(self, side: Side, message: Frame) -> Frame:
        """Own projects, and a name."""
        if side.user is None or not message.get("projectId") or not message.get("name"):
            return error("Invalid request")
        return self._of_project(side, message, "Invalid request", {"type": "projectRenamed"})

    def info(self, side: Side, message: Frame) -> Frame:
        """Own projects only."""
        return self._of_project(side, message, "Invalid request", {"type": "projectInfo"})

    def versions(self, side: Side, message: Frame) -> Frame:
        """There never are any."""
        reply = {"type": "versionsList", "versions": []}
        return self._of_project(side, message, "Invalid request", reply)

    def send(self, side: Side, message: Frame) -> Frame:
        """The style question goes first, then a running job, then a new one."""
        content, skip = message.get("content"), bool(message.get("skipStyleSelection"))
        if side.user is None or side.project is None:
            return error("No project selected")
        if not isinstance(content, str) or not content:
            return error("Invalid request")
        if GATED in content and not skip:
            return {"type": "styleOptions", "originalMessage": content}
        running = self.running(side.user)
        if running is None:
            return {"type": "jobStarted", "isExisting": False}
        if self.jobs[running].project == side.project:
            return {"type": "jobStarted", "isExisting": True}
        return error(LIMIT)

    def cancel(self, side: Side, message: Frame) -> Frame | None:
        """Own jobs, whatever their state."""
        name = message.get("jobId")
        if not name and (side.user is None or side.project is None):
            return None
        if not name:
            return {"type": "cancelled", "message": "Operation cancelled"}
        if not self._owns(side, name):
            return error("Access denied")
        return {"type": "cancelled", "message": "Job cancelled", "jobId": name}

    def status(self, side: Side, message: Frame) -> Frame:
        """Own jobs, or none."""
        if side.user is None or not message.get("jobId"):
            return error("Job ID required" if side.user else "Not authenticated")
        owns = self._owns(side, message["jobId"])
        return {"type": "jobStatus"} if owns else {"type": "jobStatus", "job": None}

    def subscribe(self, side: Side, message: Frame) -> Frame:
        """Own jobs only."""
        if side.user is None or not message.get("jobId"):
            return error("Job ID required" if side.user else "Not authenticated")
        owns = self._owns(side, message["jobId"])
        return {"type": "subscribed"} if owns else error("Job not found")

    def _owns(self, side: Side, name: object) -> bool:
        job = self.jobs.get(name) if isinstance(name, str) else None
        return job is not None and job.owner == side.user


_EXPECTATIONS: dict[str, Callable[[World, Side, Frame], Frame | None]] = {
    "init": World.init,
    "ping": lambda *_: {"type": "pong"},
    "selectProject": World.select,
    "createProject": World.create,
    "renameProject": World.rename,
    "getProjectInfo": World.info,
    "getVersions": World.versions,
    "message": World.send,
    "cancel": World.cancel,
    "getJobStatus": World.status,
    "subscribeJob": World.subscribe,
}

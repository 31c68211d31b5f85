"""Everything that a random conversation has made so far, as simply as it can be held."""

from dataclasses import dataclass, field
from typing import Final

from tests.gateway.legacy_watcher import Frame

RESTORED: Final = "e" * 40
IN_WORDS: Final = ("なぜ？", "元に戻して")
_ACTIVE: Final = ("pending", "processing")


@dataclass(slots=True)
class Project:
    """`versions` are full hashes, oldest first."""

    owner: str
    name: str
    versions: list[str] = field(default_factory=list)

    def listed(self) -> list[str]:
        """What browsers see of the versions."""
        return [version[:7] for version in reversed(self.versions)]


@dataclass(slots=True)
class Job:
    """A generation; `status` is `running` or how it ended."""

    owner: str
    project: str
    status: str = "running"


@dataclass(slots=True)
class Side:
    """What the server knows about one socket. `watched` is the job whose frames it may get."""

    user: str | None = None
    project: str | None = None
    watched: str | None = None


@dataclass(slots=True)
class World:
    """`gone` remembers whose the deleted things were."""

    projects: dict[str, Project] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)

    def running(self, user: str | None) -> str | None:
        """The user's running job."""
        jobs = self.jobs.items()
        mine = (name for name, job in jobs if job.owner == user and job.status == "running")
        return next(mine, None)

    def running_in(self, project: str | None) -> str | None:
        """The job that runs in a project."""
        name = self.running(self.projects[project].owner) if project in self.projects else None
        return name if name and self.jobs[name].project == project else None

    def owned(self, user: str | None) -> set[str]:
        """The user's projects."""
        return {name for name, project in self.projects.items() if project.owner == user}

    def owners(self) -> dict[str, str]:
        """Whose every identifier is, or was."""
        projects = {name: project.owner for name, project in self.projects.items()}
        return projects | {name: job.owner for name, job in self.jobs.items()} | self.gone

    def owns_job(self, user: str | None, name: object) -> bool:
        """Whether it is one of the user's jobs."""
        job = self.jobs.get(name) if isinstance(name, str) else None
        return job is not None and job.owner == user

    def runs(self, side: Side, message: Frame) -> bool:
        """Whether a message that was admitted becomes a run, and is not answered in words."""
        if message.get("autoFix"):
            return True
        if self.projects[side.project or ""].versions:
            return message["content"] not in IN_WORDS
        return settled(message)

    def learn(self, side: Side, message: Frame, reply: Frame) -> None:
        """Take in what a reply did, and compare what it tells with what is known."""
        match reply["type"]:
            case "init" if side.user != reply["userId"]:
                side.user, side.project, side.watched = reply["userId"], None, None
            case "projectCreated":
                side.project, side.watched = reply["project"]["id"], None
                self.projects[side.project or ""] = Project(
                    side.user or "", reply["project"]["name"]
                )
            case "projectSelected":
                side.project = reply["projectId"]
                active, side.watched = reply["activeJob"], self.running_in(side.project)
                assert (active and active["id"]) == side.watched, reply
                assert active is None or active["status"] in _ACTIVE
            case "projectDeleted":
                self._forget(side, reply["projectId"])
            case "projectRenamed":
                self.projects[reply["project"]["id"]].name = message["name"]
            case "projectInfo":
                assert reply["project"]["name"] == self.projects[message["projectId"]].name
            case "versionEdits":
                known = self.projects[message["projectId"]].listed()
                assert reply["edits"] == [] or message["versionHash"] in known
            case "versionRestored":
                versions = self.projects[reply["projectId"]].versions
                versions += [RESTORED] if RESTORED not in versions else []
            case "jobStarted":
                row, side.watched = reply["job"], reply["job"]["id"]
                self.jobs.setdefault(row["id"], Job(row["user_id"], row["project_id"]))
            case "subscribed":
                side.watched = reply["jobId"]
            case "jobStatus" if reply["job"] is not None:
                status = self.jobs[message["jobId"]].status
                assert reply["job"]["status"] in (_ACTIVE if status == "running" else (status,))
            case "cancelled":
                self._stop(reply.get("jobId") or self.running_in(side.project))
        if "projects" in reply:
            assert {entry["id"] for entry in reply["projects"]} == self.owned(side.user), reply
        if "versions" in reply:
            listed = self.projects[message["projectId"]].listed()
            assert [version["hash"] for version in reply["versions"]] == listed, reply

    def _stop(self, job: str | None) -> None:
        if job is not None and self.jobs[job].status == "running":
            self.jobs[job].status = "cancelled"

    def _forget(self, side: Side, project: str) -> None:
        """Jobs go with their project."""
        self.gone[project] = self.projects.pop(project).owner
        for name in [name for name, job in self.jobs.items() if job.project == project]:
            self.gone[name] = self.jobs.pop(name).owner
        if side.project == project:
            side.project = None


def settled(message: Frame) -> bool:
    """Whether the style question was answered or skipped."""
    return any(message.get(key) for key in ("skipStyleSelection", "selectedStyle"))

"""What clients send: fourteen typed messages (`contract/legacy-ws.md` §2)."""

from dataclasses import dataclass

from schema.models import StyleChoice


@dataclass(frozen=True, slots=True)
class Init:
    """`access_token` is whatever was sent; None for nothing or an empty value."""

    access_token: object


@dataclass(frozen=True, slots=True)
class Ping:
    """Answered with `pong` at any moment."""


@dataclass(frozen=True, slots=True)
class SelectProject:
    """Show a project, and its job if one runs."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class CreateProject:
    """`name` has the default when none was sent, and is None when it is no text."""

    name: str | None


@dataclass(frozen=True, slots=True)
class DeleteProject:
    """Remove a project."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class RenameProject:
    """Give a project another name."""

    project_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class GetProjectInfo:
    """Ask for the name of a project."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class SendMessage:
    """The user's words for the current project, in one of four shapes (§2.8)."""

    content: str | None
    style: StyleChoice | None = None
    skip_style_selection: bool = False
    auto_fix: bool = False
    disable_skills: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a job, or whatever runs in the current project."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class GetVersions:
    """Ask for a project's versions."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class GetVersionEdits:
    """Ask what a version changed."""

    project_id: str | None
    version_hash: str | None


@dataclass(frozen=True, slots=True)
class RestoreVersion:
    """Go back to a version."""

    project_id: str | None
    version_id: str | None


@dataclass(frozen=True, slots=True)
class GetJobStatus:
    """Ask for a job's row."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class SubscribeJob:
    """Follow a job."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A frame that is no message; `reason` is the error text to answer with."""

    reason: str


ClientMessage = (
    Init
    | Ping
    | SelectProject
    | CreateProject
    | DeleteProject
    | RenameProject
    | GetProjectInfo
    | SendMessage
    | Cancel
    | GetVersions
    | GetVersionEdits
    | RestoreVersion
    | GetJobStatus
    | SubscribeJob
)

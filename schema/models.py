"""What the store keeps: projects and generations, and who asks for them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from schema.errors import ErrorCode

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The authenticated user of one request."""

    user_id: str
    email: str | None = None


class GenerationStatus(StrEnum):
    """The life of a generation; the values of the legacy `jobs.status` column."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE: Final = (GenerationStatus.PENDING, GenerationStatus.PROCESSING)

# From which states a state may be entered. Terminal states are final: they appear in no value.
TRANSITIONS: Final[dict[GenerationStatus, tuple[GenerationStatus, ...]]] = {
    GenerationStatus.PROCESSING: (GenerationStatus.PENDING,),
    GenerationStatus.COMPLETED: ACTIVE,
    GenerationStatus.FAILED: ACTIVE,
    GenerationStatus.CANCELLED: ACTIVE,
}


@dataclass(frozen=True, slots=True)
class Project:
    """A game and its conversation; owned by one user. `description` is its draft's."""

    id: str
    user_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: str = ""


class Dimension(StrEnum):
    """Flat or spatial games."""

    TWO = "2d"
    THREE = "3d"


@dataclass(frozen=True, slots=True)
class StylePreset:
    """A visual style of the catalogue; `guideline` is for the agent."""

    dimension: Dimension
    id: str
    name: str
    guideline: str


@dataclass(frozen=True, slots=True)
class StyleChoice:
    """The preset a user chose."""

    dimension: Dimension
    preset_id: str


class Route(StrEnum):
    """What a message leads to: a run of the agent, or an answer without one.

    `DETECT` is not decided yet: a model is asked once the generation has started.
    """

    DETECT = "detect"
    RUN = "run"
    CHAT = "chat"
    RESTORE = "restore"
    ASK_DIMENSION = "ask_dimension"


@dataclass(frozen=True, slots=True)
class Plan:
    """The pipeline's decision about a message. `prompt` is what the agent is asked for;
    `detects_skills` says that a model chooses the skills for it."""

    route: Route
    prompt: str
    style: StyleChoice | None = None
    detects_skills: bool = True


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One line of a project's conversation; `role` is `user`, `assistant` or `system`."""

    role: str
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Generation:
    """The durable row of a generation (legacy table `jobs`). Its events are in the log."""

    id: str
    project_id: str
    user_id: str
    message: str
    plan: Plan
    skills: tuple[str, ...]
    status: GenerationStatus
    progress: int
    progress_message: str | None
    idempotency_key: str | None
    error_code: ErrorCode | None
    version: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.status in ACTIVE


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A slice of a list, newest first, and whether more follows."""

    items: tuple[Item, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class StartGeneration:
    """A request to start a generation, already checked for form.

    Without `skills` they are chosen by what the message is about; an empty tuple means none.
    """

    project_id: str
    message: str
    skills: tuple[str, ...] | None = None
    style: StyleChoice | None = None
    skip_style_selection: bool = False
    auto_fix: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """The outcome of a start: the generation, and whether an earlier request had started it."""

    generation: Generation
    joined_existing: bool


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A whole text file."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """One replacement inside a file."""

    path: str
    old_string: str
    new_string: str


@dataclass(frozen=True, slots=True)
class VersionNote:
    """What a run told of the version it made: `summary` in the agent's words, and what it replaced
    in files that were there before (none for a first version)."""

    summary: str = ""
    edits: tuple[SourceEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionContext:
    """What a version was made from: the user's `prompt`, the skills its run got, its note, and
    when the generation ended."""

    prompt: str
    skills: tuple[str, ...]
    note: VersionNote
    at: datetime


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    """An image made for the game, with the address that serves it."""

    name: str
    url: str

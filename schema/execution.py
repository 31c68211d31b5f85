"""The contract between the gateway and `modal_app`: the only thing that the two share.

Requests are JSON over HTTP, answers to a run are Server-Sent Events: every event is
`id: <n>` and `data: {"type": "status|stream|done|error", …}`. `n` is the position in the run's
journal; `Last-Event-ID: <n>` reads on after it. Exactly one `done` or `error` ends a run. A
comment line at the start, and then at least every `HEARTBEAT_SECONDS`, proves that the stream is
alive; the server ends a response itself after about `RESPONSE_SECONDS` and the client re-attaches.
A cancel of a run that is not known yet is remembered: a start that comes later runs nothing.
Source: `contract/legacy-modal.md` §1, §7.
"""

from dataclasses import dataclass, field
from typing import Final

import msgspec

SECRET_HEADER: Final = "X-Modal-Internal-Secret"
LEGACY_SECRET_HEADER: Final = "X-Modal-Secret"

GENERATE: Final = "/generate"
RUN_EVENTS: Final = "/runs/{run_id}/events"
RUN_CANCEL: Final = "/runs/{run_id}/cancel"
BUNDLE: Final = "/bundle"
GET_FILE: Final = "/get_file"
LIST_FILES: Final = "/list_files"
APPLY_FILES: Final = "/apply_files"
DELETE_PROJECT: Final = "/delete_project"
HEALTH: Final = "/health"

# Each waits for the one before it to have spoken: strictly increasing, in seconds.
AGENT_SECONDS: Final = 300.0
SANDBOX_SECONDS: Final = 420.0
RUN_SECONDS: Final = 480.0
PUMP_SECONDS: Final = 600.0

HEARTBEAT_SECONDS: Final = 10.0
RESPONSE_SECONDS: Final = 120.0

# How programs of this machine reach the network. Passed on as they are to everything that a run
# starts; a proxy's address may hold a password.
NETWORK_VARIABLES: Final = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
)

MAX_MESSAGE_CHARACTERS: Final = 100_000
MAX_BODY_BYTES: Final = 2 * 2**20
MAX_EVENT_BYTES: Final = 16 * 2**20
MAX_CODE_BYTES: Final = 2**20
MAX_WANTED_IMAGES: Final = 3


@dataclass(frozen=True, slots=True)
class HistoryMessage:
    """One earlier line of the conversation; `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the prompt is built from, besides the user's words. Every text in it is data."""

    system: str | None = None
    spec: str | None = None
    style: str | None = None
    history: tuple[HistoryMessage, ...] = ()
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Body of `POST /generate`. The same `run_id` joins the run that it started.

    `user_id`, `project_id` and `run_id` are UUIDs; `message` is the user's words.
    """

    user_id: str
    project_id: str
    run_id: str
    message: str
    skills: tuple[str, ...] = ()
    context: RunContext = field(default_factory=RunContext)


class Status(msgspec.Struct, tag="status", tag_field="type", frozen=True, omit_defaults=True):
    """The run moved. `progress` is 0..100; `tool`/`path` name a tool at work; `retract` takes back
    every `stream` whose `block` is >= it."""

    message: str = ""
    progress: int | None = None
    tool: str | None = None
    path: str | None = None
    retract: int | None = None


class Stream(msgspec.Struct, tag="stream", tag_field="type", frozen=True, omit_defaults=True):
    """Text of the agent. `block` counts its text blocks from 1; 0 where an endpoint has none."""

    content: str
    block: int = 0


class ProposedFile(msgspec.Struct, frozen=True):
    """A whole text file that the agent wrote."""

    path: str
    content: str


class ProposedEdit(msgspec.Struct, frozen=True):
    """What the agent replaced in a file; `old_string` is empty when it added to it."""

    path: str
    old_string: str
    new_string: str


class Code(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the agent's own file tools wrote, in their order: files where there were none, edits
    where there were. Bounded by `MAX_CODE_BYTES`; what does not fit is left out."""

    files: tuple[ProposedFile, ...] = ()
    edits: tuple[ProposedEdit, ...] = ()


class WantedImage(msgspec.Struct, frozen=True):
    """An image that the agent asks for: the game refers to it as `assets/<name>`."""

    name: str
    prompt: str


class Done(msgspec.Struct, tag="done", tag_field="type", frozen=True, omit_defaults=True):
    """The run succeeded. `result` is the agent's closing text, `version` the full commit hash
    (None: nothing changed), `created` whether this run made the first version of the project.
    `code` and `images` come with a version only."""

    result: str | None = None
    version: str | None = None
    created: bool = False
    exit_code: int = msgspec.field(default=0, name="exitCode")
    code: Code | None = None
    images: tuple[WantedImage, ...] = ()


class Error(msgspec.Struct, tag="error", tag_field="type", frozen=True, omit_defaults=True):
    """The run failed. `code` is an `ErrorCode`, or `CANCELLED` when it was stopped on request;
    `user_message` is fit for users."""

    code: str
    user_message: str = msgspec.field(default="", name="userMessage")
    recoverable: bool = False
    exit_code: int | None = msgspec.field(default=None, name="exitCode")


CANCELLED: Final = "CANCELLED"

ExecutionEvent = Status | Stream | Done | Error


@dataclass(frozen=True, slots=True)
class Positioned:
    """An execution event and its journal position; None from an endpoint without `id:` lines."""

    source_id: str | None
    event: ExecutionEvent

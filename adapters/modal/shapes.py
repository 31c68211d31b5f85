"""What execution endpoints send, as they send it: the contract's four types and older ones.

Every shape is read leniently in what it adds and strictly in what we use: fields that are not
named here are ignored, a named field of another type makes the event malformed.
Source: `contract/legacy-modal.md` §1.4-1.7.
"""

import msgspec


class Tagged(msgspec.Struct, frozen=True):
    """Any event: an object that names its type."""

    type: str


class Message(msgspec.Struct, frozen=True):
    """`warning`: something a user may want to know."""

    message: str


class Ending(msgspec.Struct, frozen=True, rename="camel"):
    """`done`: `exitCode` in the contract, `exit_code` or `success` in earlier endpoints.

    `code` and `images` are read apart (`proposals`): they decide nothing.
    """

    result: str | None = None
    version: str | None = None
    created: bool = False
    code: msgspec.Raw = msgspec.Raw()
    images: msgspec.Raw = msgspec.Raw()
    success: bool | None = None
    exit_code: int | None = None
    legacy_exit_code: int | None = msgspec.field(default=None, name="exit_code")


class Failure(msgspec.Struct, frozen=True, rename="camel"):
    """`error`, in its four forms. The free texts `error` and `message` are not ours to repeat."""

    code: str | None = None
    user_message: str | None = None
    recoverable: bool | None = None
    exit_code: int | None = None


class AgentStart(msgspec.Struct, frozen=True):
    """The agent's own `system` line."""

    subtype: str = ""


class Block(msgspec.Struct, frozen=True):
    """One part of what the agent said: `text`, `tool_use`, or something that we pass over."""

    type: str
    text: str = ""
    name: str = ""
    input: dict[str, object] = {}


class Turn(msgspec.Struct, frozen=True):
    content: list[Block] | str


class AgentTurn(msgspec.Struct, frozen=True):
    """The agent's own `assistant` line."""

    message: Turn


class AgentResult(msgspec.Struct, frozen=True):
    """`result`: the agent's closing line, or the summary of an endpoint that wrote files."""

    subtype: str = ""
    is_error: bool = False
    result: str | None = None
    summary: str | None = None

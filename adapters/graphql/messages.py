"""What clients send: the GraphQL request and the messages of graphql-transport-ws."""

from typing import Annotated, Any, Final

import msgspec

from adapters.graphql.errors import failure
from schema.errors import ErrorCode


class GraphQLRequest(msgspec.Struct, frozen=True, rename="camel"):
    """A request as GraphQL over HTTP §5 and graphql-transport-ws `Subscribe` define it."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class ConnectionInit(msgspec.Struct, frozen=True, tag="connection_init"):
    """The client introduces itself; `payload` carries its token."""

    payload: dict[str, Any] | None = None


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Answered with `pong`."""

    payload: dict[str, Any] | None = None


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """Proof of life; needs no answer."""

    payload: dict[str, Any] | None = None


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    """Start an operation of any kind under an id that is not in use."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    payload: GraphQLRequest


class Complete(msgspec.Struct, frozen=True, tag="complete"):
    """Stop the operation `id`."""

    id: str


Message = ConnectionInit | Ping | Pong | Subscribe | Complete

_request_decoder: Final = msgspec.json.Decoder(GraphQLRequest)
_message_decoder: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)
_object_decoder: Final[msgspec.json.Decoder[dict[str, Any] | None]] = msgspec.json.Decoder(
    dict[str, Any] | None
)


def decode_request(body: bytes) -> GraphQLRequest:
    """The request in a JSON body. Raises `OperationFailed`."""
    try:
        return _request_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise failure(ErrorCode.INVALID_INPUT, f"{error}.", status=400) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise failure(ErrorCode.INVALID_INPUT, "The body is not JSON.", status=400) from None


def decode_object(text: str, name: str) -> dict[str, Any] | None:
    """A JSON object in a query parameter. Raises `OperationFailed`."""
    try:
        return _object_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise failure(
            ErrorCode.INVALID_INPUT, f"`{name}` is not a JSON object.", status=400
        ) from None


def decode_message(text: str) -> Message | None:
    """A WebSocket message; None when it is not one of the protocol."""
    try:
        return _message_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None

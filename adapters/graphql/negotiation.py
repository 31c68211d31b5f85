"""Media types: what a request is made of, and which form of answer it prefers."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Final

from graphql import OperationType
from starlette.requests import ClientDisconnect, Request

from adapters.graphql.errors import failure
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest, decode_object, decode_request
from schema.errors import ErrorCode


class Answer(StrEnum):
    """The forms of an answer; the values are media types."""

    RESPONSE = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"
    MULTIPART = "multipart/mixed"


_ANSWERS: Final = {
    **{answer.value: answer for answer in Answer},
    "*/*": Answer.JSON,
    "application/*": Answer.JSON,
    "text/*": Answer.EVENTS,
}

# A GET must be safe: it is what a link, an image or a prefetch can send (GraphQL over HTTP §6.2).
KINDS_BY_METHOD: Final = {
    "GET": frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION}),
    "POST": frozenset(OperationType),
}
STREAMED: Final = frozenset({Answer.EVENTS, Answer.MULTIPART})


def preferred_answer(accept: str) -> Answer:
    """The best form among those the client accepts. Raises `OperationFailed` (406).

    Multipart counts only with `subscriptionSpec`, as Apollo's protocol has it.
    """
    best: tuple[float, Answer] | None = None
    for part in (accept or Answer.JSON).split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        answer = _ANSWERS.get(media_type)
        if answer is Answer.MULTIPART and not any(
            parameter.startswith("subscriptionspec=") for parameter in parameters
        ):
            answer = None
        quality = _quality(parameters)
        if answer is not None and quality > 0 and (best is None or quality > best[0]):
            best = (quality, answer)
    if best is None:
        text = f"Accept one of {', '.join(Answer)}."
        raise failure(ErrorCode.INVALID_INPUT, text, status=406)
    return best[1]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


async def read_request(request: Request, limits: Limits) -> GraphQLRequest:
    """The GraphQL request of a GET or POST. Raises `OperationFailed`."""
    if request.method == "GET":
        return _from_query(request, limits)
    _require_json(request.headers.get("content-type", ""))
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > limits.body_bytes:
        raise failure(ErrorCode.PAYLOAD_TOO_LARGE, status=413)
    body = bytearray()
    async for chunk in _chunks(request):
        body += chunk
        if len(body) > limits.body_bytes:
            raise failure(ErrorCode.PAYLOAD_TOO_LARGE, status=413)
    return decode_request(bytes(body))


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise failure(ErrorCode.INVALID_INPUT, "The body is incomplete.", status=400) from None


def _from_query(request: Request, limits: Limits) -> GraphQLRequest:
    parameters = request.query_params
    query = parameters.get("query")
    if query is None:
        raise failure(ErrorCode.INVALID_INPUT, "`query` is missing.", status=400)
    objects = {}
    for name in ("variables", "extensions"):
        text = parameters.get(name) or "null"
        if len(text) > limits.body_bytes:
            raise failure(ErrorCode.PAYLOAD_TOO_LARGE, status=413)
        objects[name] = decode_object(text, name)
    return GraphQLRequest(
        query, objects["variables"], parameters.get("operationName"), objects["extensions"]
    )


def _require_json(content_type: str) -> None:
    # Only JSON: a page of another origin cannot send it without asking first (CORS preflight).
    media_type, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = [item.partition("=")[2].strip('"') for item in parameters if "charset=" in item]
    if media_type != Answer.JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        text = "Send the request as application/json in UTF-8."
        raise failure(ErrorCode.INVALID_INPUT, text, status=415)

"""The helper calls over HTTP: forms, texts and limits of `contract/legacy-modal.md` §1.4.

A model is asked no longer than somebody waits for its answer.
"""

from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from modal_app.helper_calls.service import UnusableAnswer
from modal_app.routes.departure import while_wanted
from modal_app.routes.requests import invalid, read_object, required_uuid
from modal_app.routes.responses import Json
from modal_app.routes.state import state_of
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import MAX_MESSAGE_CHARACTERS, HistoryMessage
from schema.helper_calls import ChatRequest, PublishInfoRequest
from schema.models import Dimension

Value = TypeVar("Value")
Body = dict[str, Any]

_DIMENSIONS: Final = {dimension.value: dimension for dimension in Dimension}


async def detect_intent(request: Request) -> Response:
    """What a message wants."""
    body = await _body(request)
    asking = state_of(request).helper_calls.detect_intent(_message(body))
    return Json(await while_wanted(request, asking))


async def detect_skills(request: Request) -> Response:
    """Which skills suit a message; of `existing_code` only whether there is any counts."""
    body = await _body(request)
    dimension = _DIMENSIONS.get(_text(body, "dimension") or Dimension.TWO)
    if dimension is None:
        raise invalid("dimension must be 2d or 3d")
    has_code = bool(_text(body, "existing_code"))
    calls = state_of(request).helper_calls
    asking = calls.detect_skills(_message(body), dimension, has_code=has_code)
    return Json(await while_wanted(request, asking))


async def chat(request: Request) -> Response:
    """An answer to a question about a game."""
    body = await _body(request)
    history = _typed(body, "conversation_history", tuple[HistoryMessage, ...], ())
    asked = ChatRequest(_message(body), _text(body, "game_spec"), history)
    answer = await while_wanted(request, state_of(request).helper_calls.chat(asked))
    # The contract always has the list, even an empty one.
    return Json({"suggestions": [], **msgspec.to_builtins(answer)})


async def generate_publish_info(request: Request) -> Response:
    """Words for a game's page; 500 with the beginning of an answer that is of no use."""
    body = await _body(request)
    asked = PublishInfoRequest(
        required_uuid(body.get("user_id"), "user_id"),
        required_uuid(body.get("project_id"), "project_id"),
        _text(body, "project_name"),
        _text(body, "game_code"),
        _text(body, "spec_content"),
    )
    try:
        asking = state_of(request).helper_calls.publish_info(asked)
        return Json(await while_wanted(request, asking))
    except UnusableAnswer as error:
        told = {"error": error.message, "code": error.code, "raw": error.raw}
        return Json(told, 500)


async def _body(request: Request) -> Body:
    body = await read_object(request, state_of(request).settings.max_body_bytes)
    return {name: value for name, value in body.items() if value is not None}


def _message(body: Body) -> str:
    message = body.get("message")
    if not message:
        raise invalid("message is required")
    if not isinstance(message, str) or not message.strip():
        raise invalid("message must be a non-empty string")
    if len(message) > MAX_MESSAGE_CHARACTERS:
        raise DreamCoreError(ErrorCode.INVALID_MESSAGE)
    return message


def _text(body: Body, name: str) -> str:
    return _typed(body, name, str, "")


def _typed(body: Body, name: str, kind: type[Value], absent: Value) -> Value:
    try:
        return msgspec.convert(body[name], kind) if name in body else absent
    except msgspec.ValidationError:
        raise invalid(f"{name} is not valid") from None

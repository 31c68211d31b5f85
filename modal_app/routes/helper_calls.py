"""The helper calls over HTTP: forms, texts and limits of `contract/legacy-modal.md` §1.4.

A model is asked no longer than somebody waits for its answer.
"""

from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from modal_app.helper_calls.service import UnusableAnswer
from modal_app.routes.departure import while_wanted
from modal_app.routes.requests import (
    invalid,
    read_object,
    required_message,
    required_uuid,
    typed,
)
from modal_app.routes.responses import Json
from modal_app.routes.state import state_of
from schema.execution import HistoryMessage
from schema.helper_calls import ChatRequest, PublishInfoRequest
from schema.models import Dimension

Body = dict[str, Any]

_DIMENSIONS: Final = {dimension.value: dimension for dimension in Dimension}


async def detect_intent(request: Request) -> Response:
    """What a message wants."""
    body = await _body(request)
    asking = state_of(request).helper_calls.detect_intent(required_message(body.get("message")))
    return Json(await while_wanted(request, asking))


async def detect_skills(request: Request) -> Response:
    """Which skills suit a message; of `existing_code` only whether there is any counts."""
    body = await _body(request)
    dimension = _DIMENSIONS.get(_text(body, "dimension") or Dimension.TWO)
    if dimension is None:
        raise invalid("dimension must be 2d or 3d")
    has_code = bool(_text(body, "existing_code"))
    calls = state_of(request).helper_calls
    asking = calls.detect_skills(
        required_message(body.get("message")), dimension, has_code=has_code
    )
    return Json(await while_wanted(request, asking))


async def chat(request: Request) -> Response:
    """An answer to a question about a game."""
    body = await _body(request)
    given = body.get("conversation_history", ())
    history = typed(given, tuple[HistoryMessage, ...], "conversation_history")
    asked = ChatRequest(required_message(body.get("message")), _text(body, "game_spec"), history)
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


def _text(body: Body, name: str) -> str:
    return typed(body.get(name, ""), str, name)

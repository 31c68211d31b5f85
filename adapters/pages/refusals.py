"""Refusals and failures as the legacy server told them."""

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.credentials import Refused
from adapters.pages.responses import send_json, send_text
from adapters.pages.routing import Handler
from schema.errors import DreamCoreError


async def answered(handler: Handler, request: Request) -> Response:
    """What the handler answers, or refuses, or fails with."""
    try:
        return await handler(request)
    except Refused as refused:
        if refused.bare:
            return send_text(refused.text, refused.status)
        return send_json(request, {"error": refused.text}, refused.status)
    except DreamCoreError as error:
        return send_json(request, {"error": error.message}, 500)

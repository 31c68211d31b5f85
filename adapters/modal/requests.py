"""The body of `POST /generate`, readable by present and by earlier execution endpoints."""

from typing import Final

import msgspec

from schema.errors import DreamCoreError, ErrorCode
from schema.execution import MAX_BODY_BYTES, RunRequest

_SECTIONS: Final = (("Game specification", "spec"), ("Visual style", "style"))


def encode(request: RunRequest) -> bytes:
    """`request` as JSON, with the `prompt` that earlier endpoints read instead of `message`.

    The prompt repeats what the other fields say, so it is left out where both would exceed
    `MAX_BODY_BYTES`. Raises `DreamCoreError(PROMPT_TOO_LONG)` when the request alone does.
    """
    fields = msgspec.to_builtins(request)
    body = msgspec.json.encode({**fields, "prompt": prompt(request)})
    if len(body) > MAX_BODY_BYTES:
        body = msgspec.json.encode(fields)
    if len(body) > MAX_BODY_BYTES:
        raise DreamCoreError(ErrorCode.PROMPT_TOO_LONG)
    return body


def prompt(request: RunRequest) -> str:
    """Context and message as one text that ends with the user's words."""
    context = request.context
    sections = [context.system] if context.system else []
    for title, name in _SECTIONS:
        if text := getattr(context, name):
            sections.append(f"## {title}\n{text}")
    if context.assets:
        sections.append("## Assets\n" + "\n".join(f"- {asset}" for asset in context.assets))
    if request.skills:
        sections.append("## Skills\n" + "\n".join(f"- {skill}" for skill in request.skills))
    if context.history:
        lines = (f"{earlier.role}: {earlier.content}" for earlier in context.history)
        sections.append("## Conversation so far\n" + "\n".join(lines))
    if not sections:
        return request.message
    return "\n\n".join([*sections, f"## Request\n{request.message}"])

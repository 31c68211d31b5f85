"""The table from recorded events to their GraphQL form."""

from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
import strawberry

from schema import events
from schema.cursor import encode_cursor
from schema.graphql import events as graphql
from schema.graphql.scalars import Cursor
from schema.graphql.types import StylePreset, Version

# The event's fields under the names of the GraphQL type; the position is added by `view`.
_Fields = Callable[[Any, int], dict[str, Any]]
VIEWS: Final[dict[type, tuple[type[graphql.StreamEvent], _Fields]]] = {
    events.Accepted: (
        graphql.GenerationAccepted,
        lambda e, _: {"joined_existing": e.joined_existing},
    ),
    events.Started: (graphql.GenerationStarted, lambda e, _: {}),
    events.Progress: (
        graphql.GenerationProgress,
        lambda e, _: {"percent": e.percent, "message": e.message},
    ),
    events.Output: (
        graphql.GenerationOutput,
        lambda e, from_seq: {"text": e.text, "from_seq": from_seq},
    ),
    events.OutputRetracted: (
        graphql.GenerationOutputRetracted,
        lambda e, _: {"from_seq": e.from_seq},
    ),
    events.ToolUse: (graphql.GenerationToolUse, lambda e, _: {"tool": e.tool, "path": e.path}),
    events.CodeProposed: (
        graphql.GenerationCodeProposed,
        lambda e, _: {
            "mode": e.mode,
            "files": [graphql.ProposedFile(path=f.path, content=f.content) for f in e.files],
            "edits": [
                graphql.ProposedEdit(path=d.path, old_string=d.old_string, new_string=d.new_string)
                for d in e.edits
            ],
            "summary": e.summary,
            "suggestions": list(e.suggestions),
        },
    ),
    events.Reply: (
        graphql.GenerationReply,
        lambda e, _: {"message": e.message, "suggestions": list(e.suggestions)},
    ),
    events.RestoreProposed: (
        graphql.GenerationRestoreProposed,
        lambda e, _: {
            "message": e.message,
            "confirm_label": e.confirm_label,
            "cancel_label": e.cancel_label,
        },
    ),
    events.ImagesReady: (
        graphql.GenerationImagesReady,
        lambda e, _: {"images": [graphql.GeneratedImage(name=i.name, url=i.url) for i in e.images]},
    ),
    events.ProjectRenamed: (graphql.GenerationProjectRenamed, lambda e, _: {"name": e.name}),
    events.Completed: (
        graphql.GenerationCompleted,
        lambda e, _: {
            "mode": e.mode,
            "message": e.message,
            "version": Version(hash=e.version) if e.version else None,
        },
    ),
    events.Failed: (
        graphql.GenerationFailed,
        lambda e, _: {"code": e.code, "message": e.message, "retryable": e.retryable},
    ),
    events.Cancelled: (graphql.GenerationCancelled, lambda e, _: {}),
    events.Refused: (
        graphql.GenerationRefused,
        lambda e, _: {
            "code": e.code,
            "message": e.message,
            "style_options": [StylePreset.of(preset) for preset in e.style_options] or None,
        },
    ),
    events.Snapshot: (
        graphql.Snapshot,
        lambda e, _: {
            "text": e.text,
            "percent": e.percent,
            "message": e.message,
            "files": list(e.files),
        },
    ),
    events.StreamGap: (
        graphql.StreamGap,
        lambda e, _: {
            "missing_from": e.missing_from,
            "missing_to": e.missing_to,
            "reason": e.reason,
            "resume_at": e.resume_at,
        },
    ),
}


def view(
    recorded: events.Recorded, mentioned: frozenset[str] | None = None
) -> graphql.GenerationEvent:
    """The GraphQL object for an event.

    With `mentioned` (the concrete types that a document speaks of), any other type is replaced
    by `UnknownEvent`.
    """
    kind, fields = VIEWS[type(recorded.event)]
    generation_id = strawberry.ID(recorded.generation_id)
    cursor = Cursor(encode_cursor(recorded.generation_id, recorded.seq))
    if mentioned is not None and kind.__name__ not in mentioned:
        return graphql.UnknownEvent(
            generation_id=generation_id,
            seq=recorded.seq,
            cursor=cursor,
            at=recorded.at,
            kind=kind.__name__,
            json=msgspec.json.encode(recorded.event).decode(),
        )
    built = kind(
        generation_id=generation_id,
        seq=recorded.seq,
        cursor=cursor,
        at=recorded.at,
        **fields(recorded.event, recorded.from_seq),
    )
    return cast("graphql.GenerationEvent", built)

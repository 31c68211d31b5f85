"""Scalars of the public surface."""

from typing import NewType

import strawberry

Cursor = NewType("Cursor", str)

CURSOR_SCALAR = strawberry.scalar(
    name="Cursor",
    description=(
        "An opaque position in the events of one generation: valid as `after`, as the SSE event "
        "id and `Last-Event-ID`, and in `Generation.events`."
    ),
    serialize=str,
    parse_value=str,
)

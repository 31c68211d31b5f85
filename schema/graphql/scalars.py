"""Scalars of the public surface."""

from typing import Final, NewType

import strawberry
from strawberry.schema.config import StrawberryConfig

Cursor = NewType("Cursor", str)

SCALARS: Final = StrawberryConfig(
    scalar_map={
        Cursor: strawberry.scalar(
            name="Cursor",
            description=(
                "An opaque position in the events of one generation: valid as `after`, as the SSE "
                "event id and `Last-Event-ID`, and in `Generation.events`."
            ),
            serialize=str,
            parse_value=str,
        )
    }
)

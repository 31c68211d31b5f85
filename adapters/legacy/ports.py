"""What the adapter is wired to."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from adapters.legacy.frames import StyleImages
from schema.ports import Identity
from schema.use_cases import Generations, Projects


class DrainSignal(Protocol):
    """The moment from which nothing may stay open."""

    async def wait(self) -> None:
        """Return when it has come."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The use cases, and what they do not tell. `clock` is in seconds since 1970."""

    identity: Identity
    projects: Projects
    generations: Generations
    drain: DrainSignal
    style_images: StyleImages
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one socket."""

    concurrent_messages: int = 16
    """Messages in work at a time, `ping` aside; more are answered with an error."""
    introduction_seconds: float = 10.0
    """Until a socket without a session is closed (§8.1)."""

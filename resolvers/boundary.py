"""Where an exception ends, whatever it is: at the edge of a protocol, which says it in its form."""

from types import TracebackType
from typing import Self

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Boundary:
    """Keeps whatever the body raised; cancellation and generator exit pass through."""

    error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return isinstance(error, Exception)


def details(error: Exception) -> ExceptionInfo:
    """What a log record needs to show a traceback."""
    return type(error), error, error.__traceback__

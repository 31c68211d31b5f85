"""What the use cases report, as log lines. A collector implements the same port."""

import logging

from schema.errors import ErrorCode
from schema.models import GenerationStatus

logger = logging.getLogger(__name__)


class LoggedMetrics:
    """Implements `schema.ports.Metrics`; counts in memory, tells at the end of a generation."""

    def __init__(self) -> None:
        self.running = 0
        self.appended = 0

    def generation_started(self) -> None:
        """One more runs in this process."""
        self.running += 1

    def generation_ended(self, status: GenerationStatus, code: ErrorCode | None) -> None:
        """One fewer runs."""
        self.running -= 1
        logger.info(
            "generation ended",
            extra={"status": status.value, "code": code and code.value, "running": self.running},
        )

    def events_appended(self, count: int) -> None:
        """`count` more events are in the log."""
        self.appended += count

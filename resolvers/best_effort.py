"""What may fail without failing the generation."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from schema.errors import DreamCoreError

logger = logging.getLogger(__name__)


@contextmanager
def best_effort(failure: str) -> Generator[None, None, None]:
    """A version is safe in execution: what follows it must not fail the generation."""
    try:
        yield
    except DreamCoreError as error:
        logger.warning(failure, extra={"code": error.code.value})

"""Log lines of the execution side and its runners: one event a line, its facts at the end."""

import logging
import sys
from typing import Final

import msgspec

# `color_message` is uvicorn's second copy of its message.
_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    *("asctime", "color_message", "message", "taskName")
}
_FORM: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


class FactsFormatter(logging.Formatter):
    """`time level logger message {"fact": value}`; whatever was passed as `extra` is a fact.

    Facts are JSON, so that foreign text in one cannot begin a line of its own.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, without the traceback that may follow it."""
        facts = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        line = super().formatMessage(record)
        return f"{line} {msgspec.json.encode(facts, enc_hook=str).decode()}" if facts else line


def configure() -> None:
    """Send everything to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FactsFormatter(_FORM))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Their lines name the model's address, whose path may be a proxy's secret.
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

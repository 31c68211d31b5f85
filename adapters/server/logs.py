"""Log lines: text for people, JSON objects for machines. Never a token, never a query."""

import json
import logging
import sys
from typing import Final, Literal

# `color_message` is uvicorn's second copy of its message.
_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "asctime",
    "color_message",
    "message",
    "taskName",
}


class JsonFormatter(logging.Formatter):
    """One object a line; whatever was passed as `extra` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON text."""
        fields = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **fields,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """`time level logger: message key=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one readable line, with a traceback below if there is one."""
        fields = [f"{key}={value}" for key, value in vars(record).items() if key not in _PLAIN]
        line = super().format(record)
        if not fields:
            return line
        first, *rest = line.split("\n", 1)
        return "\n".join([f"{first} {' '.join(fields)}", *rest])


def configure(log_format: Literal["text", "json"] | str, level: int = logging.INFO) -> None:
    """Send everything to standard error in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter()
        if log_format == "json"
        else TextFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Their lines name every request, and with it what may be a secret.
    for noisy in ("httpx", "httpcore", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

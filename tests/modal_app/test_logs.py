"""Log lines of the execution side."""

import logging
from pathlib import Path

from modal_app.logs import FactsFormatter


def line(**extra: object) -> str:
    record = logging.makeLogRecord({"msg": "git failed", "levelname": "ERROR", **extra})
    return FactsFormatter("%(levelname)s %(message)s").format(record)


def test_facts_follow_the_message() -> None:
    assert line(status=128, git="log") == 'ERROR git failed {"status":128,"git":"log"}'
    assert line(path=Path("a")) == 'ERROR git failed {"path":"a"}'
    assert line() == "ERROR git failed"


def test_foreign_text_cannot_begin_a_line() -> None:
    told = line(stderr="fatal\n2026-01-01 INFO all is well")
    assert "\n" not in told
    assert told.endswith('{"stderr":"fatal\\n2026-01-01 INFO all is well"}')


def test_a_traceback_comes_below_the_facts() -> None:
    try:
        raise OSError(28, "full")
    except OSError as error:
        told = line(errno=error.errno, exc_info=(OSError, error, error.__traceback__))
    first, *rest = told.split("\n")
    assert first == 'ERROR git failed {"errno":28}'
    assert rest[-1] == "OSError: [Errno 28] full"

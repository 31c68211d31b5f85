"""Running a command to its end: what may go wrong becomes one line and an exit status."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import click
import uvloop

from adapters.auth.issuer import SigningKeyInvalid
from adapters.server.client import GatewayRefused, GatewayUnreachable
from adapters.server.compose import DatabaseUnusable
from adapters.server.interruption import Left
from adapters.server.ownership import DirectoryInUse
from adapters.server.settings import InvalidSettings
from adapters.stores.embedded.database import DatabaseTooNew
from adapters.stores.embedded.log_schema import UnknownLogVersion
from schema.errors import DreamCoreError, ErrorCode

Result = TypeVar("Result")

# As a shell tells that SIGINT ended a command.
INTERRUPTED: Final = 130

EXPECTED: Final = (
    DatabaseTooNew,
    DatabaseUnusable,
    DirectoryInUse,
    DreamCoreError,
    GatewayRefused,
    GatewayUnreachable,
    InvalidSettings,
    Left,
    OSError,
    SigningKeyInvalid,
    UnknownLogVersion,
)


class _Interruption(click.ClickException):
    exit_code = INTERRUPTED


def run(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run on an event loop of its own; expected failures become one line and status 1.

    What the user broke off ends as a shell tells it, with status 130. Whatever else goes wrong is
    a defect and leaves as it is.
    """
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main())
    except BrokenPipeError:
        raise  # click ends quietly when whoever read the output has gone
    except ExceptionGroup as group:
        expected, others = group.split(EXPECTED)
        if expected is None or others is not None:
            raise
        raise _conclusion(_first(expected.subgroup(Left) or expected)) from None
    except EXPECTED as error:
        raise _conclusion(error) from None
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _conclusion(error: BaseException) -> click.ClickException:
    kind = _Interruption if isinstance(error, Left) else click.ClickException
    return kind(_told(error))


def _told(error: BaseException) -> str:
    match error:
        case DirectoryInUse():
            return f"another gateway owns {error}; stop it, or set DATA_DIR and PORT"
        case GatewayUnreachable():
            return f"the gateway cannot be reached: {error}"
        case DreamCoreError(code=ErrorCode.EXECUTION_UNAVAILABLE):
            return "the execution side did not come up; `dreamcore doctor` tells more"
        case DreamCoreError():
            return f"{error.message} ({error.code})"
        case OSError(strerror=str(text)):
            return f"{text}: {error.filename}" if error.filename else text
        case _:
            return str(error)

"""GraphQL errors as clients see them: a code always, our internals never."""

import logging
import secrets
from collections.abc import Iterable
from typing import Any, Final

from graphql import GraphQLError

from schema.errors import ERRORS, DreamCoreError, ErrorCode, UserLimitReached

logger = logging.getLogger(__name__)

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
_MESSAGE_CHARACTERS: Final = 500

FormattedError = dict[str, Any]


class OperationFailed(Exception):
    """An operation has no result, or its stream broke: only errors to send.

    `status` is the HTTP status when nothing was sent yet; `well_formed` says that the request
    itself was in order, which `application/json` answers with 200 (GraphQL over HTTP §6.4.1).
    """

    def __init__(
        self, errors: list[FormattedError], *, status: int = 400, well_formed: bool = False
    ) -> None:
        super().__init__(status)
        self.errors: Final = errors
        self.status: Final = status
        self.well_formed: Final = well_formed


def failure(
    code: ErrorCode, message: str | None = None, *, status: int, well_formed: bool = False
) -> OperationFailed:
    """One error of our own table."""
    error = described(DreamCoreError(code, message))
    return OperationFailed([error], status=status, well_formed=well_formed)


def described(error: DreamCoreError) -> FormattedError:
    """The GraphQL form of an expected failure."""
    extensions: dict[str, Any] = {"code": error.code.value, "retryable": error.retryable}
    if isinstance(error, UserLimitReached):
        extensions["generationId"] = error.generation_id
        extensions["projectId"] = error.project_id
    return {"message": error.message, "extensions": extensions}


def refused(errors: Iterable[GraphQLError], code: str) -> OperationFailed:
    """The client's document or variables are at fault: it may read why."""
    return OperationFailed(
        [_located(error, error.message, {"code": code}) for error in errors], well_formed=True
    )


def formatted(errors: Iterable[GraphQLError], operation: str | None) -> list[FormattedError]:
    """Errors of an execution. What nobody foresaw is masked, and logged once under an id."""
    results: list[FormattedError] = []
    unforeseen: list[GraphQLError] = []
    error_id = secrets.token_hex(8)
    for error in errors:
        cause = _cause(error)
        if isinstance(cause, DreamCoreError):
            known = described(cause)
            results.append(_located(error, known["message"], known["extensions"]))
        elif isinstance(cause, GraphQLError) and cause.nodes:
            # graphql-core points at the node when an argument is wrong; our own values have none.
            results.append(_located(error, error.message, {"code": VALIDATION_FAILED}))
        else:
            unforeseen.append(error)
            results.append(_masked(error, error_id))
    if unforeseen:
        _report(_cause(unforeseen[0]), error_id, operation, unforeseen[0].path, len(unforeseen))
    return results


def errors_of(error: Exception, operation: str | None = None) -> list[FormattedError]:
    """A failure outside any field: a stream that broke, a result that has no JSON form."""
    if isinstance(error, OperationFailed):
        return error.errors
    if isinstance(error, DreamCoreError):
        return [described(error)]
    if isinstance(error, GraphQLError):
        return formatted([error], operation)
    return formatted([GraphQLError("", original_error=error)], operation)


def _cause(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _located(error: GraphQLError, message: str, extensions: dict[str, Any]) -> FormattedError:
    located: FormattedError = {"message": message[:_MESSAGE_CHARACTERS]}
    if error.locations:
        located["locations"] = [place.formatted for place in error.locations]
    if error.path is not None:
        located["path"] = error.path
    located["extensions"] = extensions
    return located


def _masked(error: GraphQLError, error_id: str) -> FormattedError:
    text = ERRORS[ErrorCode.INTERNAL]
    extensions = {
        "code": ErrorCode.INTERNAL.value,
        "retryable": text.retryable,
        "errorId": error_id,
    }
    return _located(error, text.message, extensions)


def _report(
    cause: Exception,
    error_id: str,
    operation: str | None,
    path: list[str | int] | None,
    count: int,
) -> None:
    logger.error(
        "A GraphQL operation failed (error id %s)",
        error_id,
        exc_info=(type(cause), cause, cause.__traceback__),
        extra={"error_id": error_id, "operation": operation, "path": path, "errors": count},
    )

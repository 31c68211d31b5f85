"""What went wrong with the CLI, as codes of ours. Pure tables.

Source: `contract/legacy-modal.md` §1.5. The API's own texts name keys, hosts and models, so none
of them is passed on; users read the text of `schema.errors.ERRORS`.
"""

from typing import Final

from modal_app.agents.claude.lines import AssistantLine, ResultLine
from schema.errors import ERRORS, ErrorCode
from schema.execution import Error

TIMEOUT_STATUS: Final = 124

_BY_HTTP_STATUS: Final = {
    401: ErrorCode.AUTH_ERROR,
    403: ErrorCode.AUTH_ERROR,
    408: ErrorCode.API_TIMEOUT,
    413: ErrorCode.PROMPT_TOO_LONG,
    429: ErrorCode.RATE_LIMIT,
    504: ErrorCode.API_TIMEOUT,
    529: ErrorCode.MODEL_OVERLOADED,
}
_BY_REASON: Final = {
    "prompt_too_long": ErrorCode.PROMPT_TOO_LONG,
    "image_error": ErrorCode.PROMPT_TOO_LONG,
    "max_turns": ErrorCode.MAX_TURNS,
    "error_max_turns": ErrorCode.MAX_TURNS,
    "budget_exhausted": ErrorCode.MAX_TURNS,
    "error_max_budget_usd": ErrorCode.MAX_TURNS,
    "aborted_streaming": ErrorCode.CLI_TERMINATED,
    "aborted_tools": ErrorCode.CLI_TERMINATED,
}
# `api_error_type` is the API's word, `api_error` and `error` are the CLI's.
_BY_WORD: Final = {
    "authentication_error": ErrorCode.AUTH_ERROR,
    "permission_error": ErrorCode.AUTH_ERROR,
    "rate_limit_error": ErrorCode.RATE_LIMIT,
    "overloaded_error": ErrorCode.MODEL_OVERLOADED,
    "request_too_large": ErrorCode.PROMPT_TOO_LONG,
    "timeout_error": ErrorCode.API_TIMEOUT,
    "connection_failed": ErrorCode.NETWORK_ERROR,
    "computer_slept": ErrorCode.NETWORK_ERROR,
    "tls_untrusted_ca": ErrorCode.NETWORK_ERROR,
    "tls_cert_signature_failure": ErrorCode.NETWORK_ERROR,
    "stream_idle_timeout": ErrorCode.API_TIMEOUT,
    "no_response": ErrorCode.API_TIMEOUT,
    "authentication_failed": ErrorCode.AUTH_ERROR,
    "rate_limit": ErrorCode.RATE_LIMIT,
}
# Where the CLI gives nothing but a sentence.
_BY_OPENING: Final = {"Request timed out": ErrorCode.API_TIMEOUT}
_BY_EXIT_STATUS: Final = {
    TIMEOUT_STATUS: ErrorCode.CLI_TIMEOUT,
    137: ErrorCode.CLI_KILLED,
    -9: ErrorCode.CLI_KILLED,
    143: ErrorCode.CLI_TERMINATED,
    -15: ErrorCode.CLI_TERMINATED,
    0: ErrorCode.CLI_GENERAL_ERROR,
    1: ErrorCode.CLI_GENERAL_ERROR,
}


def failure(code: ErrorCode, exit_code: int | None = None) -> Error:
    """The event for `code`, with the text and the hope that the table gives it."""
    text = ERRORS[code]
    return Error(code, text.message, text.retryable, exit_code)


def of_result(result: ResultLine, cause: AssistantLine | None) -> Error:
    """Why a turn failed; `cause` is the API error that the CLI told of last, if any."""
    status = result.api_error_status or (cause and cause.api_error_status)
    if status in _BY_HTTP_STATUS:
        return failure(_BY_HTTP_STATUS[status])
    for reason in (result.terminal_reason, result.subtype):
        if reason in _BY_REASON:
            return failure(_BY_REASON[reason])
    words = (cause.api_error_type, cause.api_error, cause.error) if cause else ()
    for word in (result.api_error_type, *words):
        if word in _BY_WORD:
            return failure(_BY_WORD[word])
    for opening, code in _BY_OPENING.items():
        if (result.result or "").startswith(opening):
            return failure(code)
    return failure(ErrorCode.CLI_GENERAL_ERROR)


def of_exit(exit_status: int, *, spoke: bool) -> Error:
    """Why the CLI ended without a result; `spoke` says whether it had written anything at all."""
    code = _BY_EXIT_STATUS.get(exit_status, ErrorCode.CLI_UNKNOWN_ERROR)
    by_signal = code in (ErrorCode.CLI_TIMEOUT, ErrorCode.CLI_KILLED, ErrorCode.CLI_TERMINATED)
    if not spoke and not by_signal:
        code = ErrorCode.CLI_SPAWN_ERROR
    return failure(code, exit_status)

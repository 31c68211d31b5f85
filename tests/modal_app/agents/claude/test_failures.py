"""Which error a run that went wrong ends with."""

from typing import Any

import pytest

from modal_app.agents.claude.normaliser import Normaliser
from schema.errors import ERRORS, ErrorCode
from schema.execution import Error
from tests.modal_app.agents.claude.recording import DONE, events_of, failed, said, synthetic
from tests.modal_app.agents.claude.surviving import the_end


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([failed(api_error_status=401)], ErrorCode.AUTH_ERROR),
        ([failed(api_error_status=403)], ErrorCode.AUTH_ERROR),
        ([failed(api_error_status=413, terminal_reason="image_error")], ErrorCode.PROMPT_TOO_LONG),
        ([failed(api_error_status=400, terminal_reason="prompt_too_long")],
         ErrorCode.PROMPT_TOO_LONG),
        ([failed(api_error_status=429)], ErrorCode.RATE_LIMIT),
        ([failed(api_error_status=504)], ErrorCode.API_TIMEOUT),
        ([failed(api_error_status=529)], ErrorCode.MODEL_OVERLOADED),
        ([failed(api_error_status=503)], ErrorCode.CLI_GENERAL_ERROR),
        ([failed(api_error_type="overloaded_error")], ErrorCode.MODEL_OVERLOADED),
        ([failed(subtype="error_max_turns")], ErrorCode.MAX_TURNS),
        ([failed(terminal_reason="budget_exhausted")], ErrorCode.MAX_TURNS),
        ([failed(terminal_reason="aborted_tools")], ErrorCode.CLI_TERMINATED),
        ([failed(result="Request timed out. Set …")], ErrorCode.API_TIMEOUT),
        ([failed(result="something new")], ErrorCode.CLI_GENERAL_ERROR),
        ([failed()], ErrorCode.CLI_GENERAL_ERROR),
        ([synthetic(api_error="connection_failed"), failed()], ErrorCode.NETWORK_ERROR),
        ([synthetic(api_error="stream_idle_timeout"), failed()], ErrorCode.API_TIMEOUT),
        ([synthetic(error="authentication_failed"), failed()], ErrorCode.AUTH_ERROR),
        ([synthetic(api_error_status=429), failed()], ErrorCode.RATE_LIMIT),
        ([synthetic(api_error="connection_failed"), said("m", "on"), failed()],
         ErrorCode.CLI_GENERAL_ERROR),
        ([{"type": "system", "subtype": "api_retry", "error_status": 401}, DONE],
         ErrorCode.AUTH_ERROR),
    ],
)  # fmt: skip
def test_failures_have_our_codes_and_texts(lines: list[Any], code: ErrorCode) -> None:
    end = the_end(events_of(*lines))
    text = ERRORS[code]
    assert end == Error(code, text.message, text.retryable)


@pytest.mark.parametrize(
    ("exit_status", "spoke", "code"),
    [
        (124, True, ErrorCode.CLI_TIMEOUT),
        (137, True, ErrorCode.CLI_KILLED),
        (-9, True, ErrorCode.CLI_KILLED),
        (-9, False, ErrorCode.CLI_KILLED),
        (143, True, ErrorCode.CLI_TERMINATED),
        (-15, True, ErrorCode.CLI_TERMINATED),
        (1, False, ErrorCode.CLI_SPAWN_ERROR),
        (127, False, ErrorCode.CLI_SPAWN_ERROR),
        (0, False, ErrorCode.CLI_SPAWN_ERROR),
        (0, True, ErrorCode.CLI_GENERAL_ERROR),
        (1, True, ErrorCode.CLI_GENERAL_ERROR),
        (42, True, ErrorCode.CLI_UNKNOWN_ERROR),
        (-11, True, ErrorCode.CLI_UNKNOWN_ERROR),
    ],
)
def test_an_end_without_a_result_is_judged_by_the_exit_status(
    exit_status: int, spoke: bool, code: ErrorCode
) -> None:
    normaliser = Normaliser("/workspace")
    text = ERRORS[code]
    expected = Error(code, text.message, text.retryable, exit_status)
    assert normaliser.finish(exit_status, spoke=spoke) == [expected]
    assert normaliser.finish(exit_status, spoke=spoke) == []

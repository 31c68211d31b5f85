"""What is no event at all, or a known one without its fields."""

import pytest

from adapters.modal.mapping import Mapper
from schema.errors import DreamCoreError, ErrorCode


@pytest.mark.parametrize(
    "data",
    [
        "",
        "not json",
        '{"type":"stream","content":"cut',
        "7",
        "null",
        "[]",
        "{}",
        '{"count":1}',
        '{"type":7}',
        '{"type":"stream"}',
        '{"type":"stream","content":null}',
        '{"type":"stream","content":"x","block":"1"}',
        '{"type":"status","message":"m","progress":"50"}',
        '{"type":"status","message":["m"]}',
        '{"type":"done","exit_code":"0"}',
        '{"type":"done","success":"true"}',
        '{"type":"done","version":"../../etc/passwd"}',
        '{"type":"error","code":5}',
        '{"type":"error","code":"RATE_LIMIT","userMessage":{}}',
        '{"type":"warning"}',
        '{"type":"assistant"}',
        '{"type":"assistant","message":{"content":7}}',
        '{"type":"assistant","message":{"content":[{"type":"text","text":7}]}}',
        '{"type":"result","is_error":"no"}',
        '{"type":"status","message":' + "[" * 100_000,
        '{"type":"log","content":' + "[" * 100_000,
    ],
)
def test_what_should_say_something_and_does_not_is_a_failure(data: str) -> None:
    with pytest.raises(DreamCoreError) as failure:
        Mapper().map(data)
    assert failure.value.code is ErrorCode.EXECUTION_UNAVAILABLE
    assert failure.value.detail is None

"""Bad operations and malformed frames: an answer of the protocol, and nobody else is harmed."""

import logging

import pytest

from tests.adapters.graphql.serving import serving


@pytest.mark.parametrize(
    ("query", "request_", "code"),
    [
        ("{ ping", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ping }", {"operationName": "Other"}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ping } { ping }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { ping } query B { ping }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "query A($n: Int!) { echo(text: $n) }",
            {"variables": {"n": 1}},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "query A($n: String!) { echo(text: $n) }",
            {"variables": {"n": 1}},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("query A($n: Int) { echo(text: 1", {}, "GRAPHQL_PARSE_FAILED"),
        ("", {}, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_a_bad_operation_is_an_error_message_and_the_others_live(
    query: str, request_: dict[str, object], code: str
) -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.subscribe("subscription { held { __typename } }", "other")
        await socket.receive()
        (message,) = await socket.run(query, "bad", **request_)
        assert (message["type"], message["id"]) == ("error", "bad")
        assert message["payload"][0]["extensions"]["code"] == code
        assert (await socket.run("{ ping }"))[0]["type"] == "next"
        assert served.watched.closed == 0


SUBSCRIBE = '{"type":"subscribe","id":"1","payload":%s}'
MALFORMED = {
    "an array": "[1]",
    "a number": "7",
    "not JSON": "hello",
    "nothing": "",
    "deep": "[" * 100_000,
    "deep variables": SUBSCRIBE % ('{"query":"{ping}","variables":{"a":' + "[" * 100_000),
    "a long integer": SUBSCRIBE % ('{"query":"{ping}","variables":{"a":%s}}' % ("1" * 5_000)),
    "an unknown type": '{"type":"start"}',
    "no type": "{}",
    "payload null": SUBSCRIBE % "null",
    "id an object": '{"type":"subscribe","id":{},"payload":{"query":"{ping}"}}',
    "id empty": '{"type":"subscribe","id":"","payload":{"query":"{ping}"}}',
    "variables an array": SUBSCRIBE % '{"query":"{ping}","variables":[1]}',
    "query a number": SUBSCRIBE % '{"query":1}',
    "operationName a number": SUBSCRIBE % '{"query":"{ping}","operationName":1}',
    "init payload an array": '{"type":"connection_init","payload":[]}',
    "complete without id": '{"type":"complete"}',
}


@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_frame_closes_that_socket_with_4400_and_no_other(
    frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served, served.acknowledged() as witness:
        async with served.acknowledged() as socket:
            await socket.send(frame)
            assert await socket.closed() == (4400, "Invalid message")
        assert (await witness.run("{ ping }"))[0]["payload"]["data"] == {"ping": "pong"}
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(("size", "code"), [(10, 4400), (2_000_000, 1009)])
async def test_binary_and_oversize_frames_close_the_socket(
    size: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.connection.send(b"x" * size)
        assert (await socket.closed())[0] == code
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_text_that_is_not_utf8_closes_with_1007(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.connection.send(b"\xff\xfe", text=True)
        assert (await socket.closed())[0] == 1007
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

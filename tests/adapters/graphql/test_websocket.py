"""graphql-transport-ws on a real socket."""

import logging

import anyio
import pytest
from websockets.exceptions import InvalidStatus

from adapters.graphql.limits import Limits
from tests.adapters.graphql.serving import Served, serving
from tests.adapters.graphql.small_schema import SECRET

EVENTS = "subscription { events { __typename ... on Numbered { seq } } }"


async def test_a_subscription_delivers_every_event_and_completes() -> None:
    async with serving() as served, served.acknowledged() as socket:
        *results, last = await socket.run(EVENTS)
        assert [message["payload"]["data"]["events"] for message in results] == [
            {"__typename": "Text", "seq": 1},
            {"__typename": "Text", "seq": 2},
            {"__typename": "End", "seq": 3},
        ]
        assert last == {"id": "1", "type": "complete"}


async def test_queries_and_mutations_run_over_the_socket() -> None:
    async with serving() as served, served.acknowledged() as socket:
        result, last = await socket.run("{ viewer }")
        assert result["payload"] == {"data": {"viewer": "alice"}}
        assert last["type"] == "complete"
        result, _ = await socket.run("mutation { touch }")
        assert result["payload"] == {"data": {"touch": True}}


@pytest.mark.parametrize(
    "payload", [{"token": "bob"}, {"Authorization": "Bearer bob"}, {"authorization": "bearer bob"}]
)
async def test_the_token_comes_with_connection_init(payload: dict[str, str]) -> None:
    async with serving() as served, served.socket() as socket:
        await socket.init(payload)
        result, _ = await socket.run("{ viewer }")
        assert result["payload"]["data"] == {"viewer": "bob"}


async def test_the_token_may_come_with_the_handshake() -> None:
    async with serving() as served:
        headers = {"Authorization": "Bearer carol"}
        async with served.socket(additional_headers=headers) as socket:
            await socket.init(None)
            result, _ = await socket.run("{ viewer }")
            assert result["payload"]["data"] == {"viewer": "carol"}


async def test_a_bad_token_closes_with_4403() -> None:
    async with serving() as served, served.socket() as socket:
        await socket.send({"type": "connection_init", "payload": {"token": "mallory"}})
        assert await socket.closed() == (4403, "Forbidden")


async def test_silence_before_connection_init_closes_with_4408() -> None:
    async with (
        serving(Limits(connection_init_timeout=0.05)) as served,
        served.socket() as socket,
    ):
        with anyio.fail_after(60):
            assert (await socket.closed())[0] == 4408


async def test_subscribe_before_connection_init_closes_with_4401() -> None:
    async with serving() as served, served.socket() as socket:
        await socket.subscribe(EVENTS)
        assert (await socket.closed())[0] == 4401


async def test_a_second_connection_init_closes_with_4429() -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.send({"type": "connection_init"})
        assert (await socket.closed())[0] == 4429


async def test_an_id_in_use_closes_with_4409() -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.subscribe("subscription { held { __typename } }")
        await socket.receive()
        await socket.subscribe(EVENTS)
        assert (await socket.closed())[0] == 4409


async def test_a_foreign_subprotocol_closes_with_4406() -> None:
    async with serving() as served, served.socket(subprotocols=None) as socket:
        assert (await socket.closed())[0] == 4406


async def test_ping_is_answered_and_the_server_pings_by_itself() -> None:
    limits = Limits(ping_interval=0.05, connection_init_timeout=1.0)
    async with serving(limits) as served, served.acknowledged() as socket:
        await socket.send({"type": "ping", "payload": {"any": "thing"}})
        with anyio.fail_after(60):
            kinds = {(await socket.receive())["type"] for _ in range(4)}
        assert kinds == {"pong", "ping"}
        await socket.send({"type": "pong"})
        assert (await socket.run("{ ping }"))[0]["payload"]["data"] == {"ping": "pong"}


async def test_complete_closes_the_generator_and_frees_the_id() -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.subscribe("subscription { held { __typename } }")
        await socket.receive()
        await socket.send({"type": "complete", "id": "1"})
        assert (await socket.run("{ ping }"))[-1]["type"] == "complete"
        assert (served.watched.opened, served.watched.closed) == (1, 1)


async def test_operations_per_connection_are_limited() -> None:
    limits = Limits(operations_per_connection=1)
    async with serving(limits) as served, served.acknowledged() as socket:
        await socket.subscribe("subscription { held { __typename } }", "held")
        await socket.receive()
        (message,) = await socket.run("{ ping }", "more")
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_connections_per_user_are_limited_and_given_back() -> None:
    async with serving(Limits(connections_per_user=1)) as served:
        async with (
            served.acknowledged("alice"),
            served.acknowledged("bob"),
            served.socket() as socket,
        ):
            await socket.send({"type": "connection_init", "payload": {"token": "alice"}})
            assert await socket.closed() == (4429, "Too many connections")
        async with served.acknowledged("alice") as socket:
            assert (await socket.run("{ ping }"))[0]["type"] == "next"


async def test_a_flood_of_messages_closes_the_socket() -> None:
    limits = Limits(messages_per_second=0.01, message_burst=10)
    async with serving(limits) as served, served.acknowledged() as socket:
        for _ in range(10):
            await socket.send({"type": "pong"})
        assert await socket.closed() == (4429, "Too many messages")


async def _handshake(served: Served, origin: str) -> int:
    try:
        async with served.socket(origin=origin):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_pages_of_other_origins_are_refused_unless_configured() -> None:
    async with serving(allowed_origins=("https://friend.example",)) as served:
        assert await _handshake(served, "https://evil.example") == 403
        assert await _handshake(served, "https://friend.example") == 101
        assert await _handshake(served, f"http://{served.address}") == 101


async def test_a_stream_that_breaks_ends_with_a_masked_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as served, served.acknowledged() as socket:
        first, last = await socket.run("subscription { broken }")
        assert first["payload"] == {"data": {"broken": 0}}
        (error,) = last["payload"]
        assert error["message"] == "Something went wrong on our side."
        assert error["extensions"]["code"] == "INTERNAL"
        (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert error["extensions"]["errorId"] in record.getMessage()
        assert SECRET not in str(last)


async def test_a_stream_that_cannot_start_is_a_typed_error() -> None:
    async with serving() as served, served.acknowledged() as socket:
        (message,) = await socket.run("subscription { missing }")
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"] == {
            "code": "GENERATION_NOT_FOUND",
            "retryable": False,
        }


async def test_a_client_that_vanishes_closes_its_generators() -> None:
    async with serving() as served, served.acknowledged() as socket:
        for id in ("a", "b"):
            await socket.subscribe("subscription { held { __typename } }", id)
            await socket.receive()
        socket.connection.transport.abort()
        with anyio.fail_after(60):
            await served.watched.until_closed(2)


async def test_the_log_shows_no_message_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn.error")
    async with serving() as served, served.acknowledged("a-secret-token") as socket:
        await socket.run("{ ping }")
    assert "a-secret-token" not in caplog.text
    assert "ping" not in caplog.text

"""The JWKS cache, against a real HTTP server."""

import anyio
import httpx
import pytest
from jwt import PyJWK

from adapters.auth.keys import RemoteKeys
from tests.adapters.auth.cache import DAY, INTERVAL, LIFESPAN, Clock, cache, lookups
from tests.adapters.auth.provider import JwksServer, SigningKey, jwks_server


async def test_nothing_is_fetched_before_a_key_is_needed() -> None:
    async with jwks_server(SigningKey("a")) as server, cache(server, Clock()):
        assert server.requests == 0


async def test_concurrent_first_checks_share_one_fetch() -> None:
    async with jwks_server(SigningKey("a")) as server, cache(server, Clock()) as keys:
        found = await lookups(keys, ["a"] * 50)
        assert all(key is not None and key.key_id == "a" for key in found)
        assert server.requests == 1


async def test_a_rotated_key_is_picked_up_and_the_withdrawn_one_dropped() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("old")) as server, cache(server, clock) as keys:
        assert await keys.key("old") is not None
        server.publish(SigningKey("new"))
        assert await keys.key("new") is None
        clock.now += INTERVAL
        assert await keys.key("new") is not None
        assert await keys.key("old") is None
        assert server.requests == 2


async def test_a_flood_of_unknown_keys_causes_one_fetch_per_interval() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server, cache(server, clock) as keys:
        for expected in (1, 2, 3):
            assert set(await lookups(keys, [f"forged-{n}" for n in range(200)])) == {None}
            assert await keys.key("forged") is None
            assert server.requests == expected
            clock.now += INTERVAL


async def test_failures_are_spaced_like_successes() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server, cache(server, clock) as keys:
        server.status = "503 Service Unavailable"
        assert await lookups(keys, ["a"] * 20) == [None] * 20
        assert await keys.key("a") is None
        assert server.requests == 1
        server.status = "200 OK"
        clock.now += INTERVAL
        assert await keys.key("a") is not None


async def test_known_keys_serve_on_while_the_provider_is_down() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server, cache(server, clock) as keys:
        assert await keys.key("a") is not None
        server.status = "500 Internal Server Error"
        for failures in (1, 2, 3):
            clock.now += LIFESPAN + INTERVAL
            assert await keys.key("a") is not None
            assert (
                await keys.key("unknown") is None
            )  # waits for the fetch that the line above began
            assert server.requests == 1 + failures
        assert await keys.key("a") is not None


async def test_keys_that_nobody_vouched_for_in_a_day_are_dropped() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server, cache(server, clock) as keys:
        assert await keys.key("a") is not None
        server.status = "500 Internal Server Error"
        clock.now += DAY + 1
        assert await keys.key("a") is None


async def test_a_slow_provider_delays_nobody_whose_key_is_known() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server, cache(server, clock, 3600.0) as keys:
        assert await keys.key("a") is not None
        server.hold()
        clock.now += LIFESPAN + 1
        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(keys.key, "unknown")
                await server.received(2)
                assert None not in await lookups(keys, ["a"] * 100)
                assert not server.gate.is_set()
                server.gate.set()


async def test_a_caller_that_gives_up_leaves_the_fetch_to_the_others() -> None:
    async with jwks_server(SigningKey("a")) as server, cache(server, Clock()) as keys:
        server.hold()
        found: list[PyJWK | None] = []

        async def ask() -> None:
            found.append(await keys.key("a"))

        with anyio.fail_after(60):
            async with anyio.create_task_group() as patient, anyio.create_task_group() as hasty:
                hasty.start_soon(keys.key, "a")
                await server.received(1)
                patient.start_soon(ask)
                hasty.cancel_scope.cancel()
                server.gate.set()
        assert [key and key.key_id for key in found] == ["a"]
        assert server.requests == 1


async def test_closing_ends_a_fetch_that_hangs() -> None:
    clock = Clock()
    async with jwks_server(SigningKey("a")) as server:
        with anyio.fail_after(60):
            async with cache(server, clock, timeout=3600.0) as keys:
                await keys.key("a")
                server.hold()
                clock.now += LIFESPAN + 1
                await keys.key("a")
                await server.received(2)


async def test_an_error_inside_the_block_passes_by_as_it_is() -> None:
    async def fail_while_fetching(server: JwksServer) -> None:
        async with httpx.AsyncClient(trust_env=False) as http, RemoteKeys(server.url, http) as keys:
            server.hold()
            with anyio.move_on_after(0):
                await keys.key("a")
            raise LookupError

    async with jwks_server(SigningKey("a")) as server:
        with pytest.raises(LookupError):
            await fail_while_fetching(server)


async def test_a_provider_that_never_answers_is_given_up() -> None:
    async with jwks_server(SigningKey("a")) as server, cache(server, Clock(), 0.05) as keys:
        server.hold()
        with anyio.fail_after(60):
            assert await keys.key("a") is None


async def test_a_refused_connection_is_a_failure_like_any_other() -> None:
    async with jwks_server(SigningKey("a")) as server:
        pass
    async with cache(server, Clock()) as keys:
        assert await keys.key("a") is None

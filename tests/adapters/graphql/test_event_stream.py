"""GraphQL over SSE and multipart, on a real socket."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest
from httpx_sse import ServerSentEvent, aconnect_sse

from adapters.graphql.limits import Limits
from tests.adapters.graphql.serving import SSE, Served, serving

EVENTS = "subscription($n: Int!) { events(count: $n) { __typename ... on Numbered { seq } } }"
HELD = "subscription { held { __typename } }"


def asked(query: str = EVENTS, **variables: object) -> dict[str, Any]:
    """A request body."""
    return {"query": query, "variables": variables or {"n": 3}}


async def events(
    served: Served, client: httpx.AsyncClient, headers: dict[str, str] = SSE, **request: Any
) -> list[ServerSentEvent]:
    """Every event of one stream."""
    method = "GET" if "params" in request else "POST"
    async with aconnect_sse(client, method, served.url, headers=headers, **request) as source:
        assert source.response.status_code == 200
        return [event async for event in source.aiter_sse()]


async def test_every_event_carries_its_cursor_and_the_stream_completes() -> None:
    async with serving() as served, served.client() as client:
        first, *rest = await events(served, client, json=asked())
        assert (first.event, first.id, first.retry) == ("next", "c1", 1000)
        assert first.json() == {"data": {"events": {"__typename": "Text", "seq": 1}}}
        assert [(event.event, event.id) for event in rest] == [
            ("next", "c2"),
            ("next", "c3"),
            ("complete", "c3"),
        ]


async def test_last_event_id_resumes_and_takes_precedence_over_the_argument() -> None:
    async with serving() as served, served.client() as client:
        query = 'subscription { events(count: 3, after: "c1") { ... on Numbered { seq } } }'
        got = await events(served, client, {**SSE, "Last-Event-ID": "c2"}, json={"query": query})
        assert [event.id for event in got if event.event == "next"] == ["c3"]
        got = await events(served, client, json={"query": query})
        assert [event.id for event in got if event.event == "next"] == ["c2", "c3"]


async def test_a_subscription_by_get() -> None:
    async with serving() as served, served.client() as client:
        got = await events(served, client, params={"query": EVENTS, "variables": '{"n":1}'})
        assert [event.event for event in got] == ["next", "complete"]


async def test_queries_stream_one_result_and_mutations_need_post() -> None:
    async with serving() as served, served.client() as client:
        result, last = await events(served, client, json={"query": "mutation { touch }"})
        assert result.json() == {"data": {"touch": True}}
        assert last.event == "complete"
        query = {"query": "mutation { touch }"}
        response = await client.get(served.url, params=query, headers=SSE)
        assert response.status_code == 405


async def test_headers_keep_proxies_from_buffering() -> None:
    async with serving() as served, served.client() as client:
        response = await client.post(served.url, json=asked(), headers=SSE)
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { missing }", "GENERATION_NOT_FOUND"),
        ("subscription { broken(after: 0) }", "INTERNAL"),
    ],
)
async def test_an_operation_that_fails_is_one_next_with_errors(query: str, code: str) -> None:
    async with serving() as served, served.client() as client:
        result, last = await events(served, client, json={"query": query})
        assert result.json()["errors"][0]["extensions"]["code"] == code
        assert last.event == "complete"


async def test_comments_keep_an_idle_stream_alive() -> None:
    async with serving(Limits(heartbeat_interval=0.05)) as served, served.client() as client:
        body = {"query": HELD}
        async with client.stream("POST", served.url, json=body, headers=SSE) as response:
            lines = response.aiter_lines()
            with anyio.fail_after(60):
                assert await _count(lines, ":", 3) == 3


async def _count(lines: AsyncIterator[str], wanted: str, times: int) -> int:
    count = 0
    async for line in lines:
        count += line == wanted
        if count == times:
            break
    return count


async def test_a_client_that_leaves_closes_the_generator() -> None:
    async with serving() as served, served.client() as client:
        body = {"query": HELD}
        async with aconnect_sse(client, "POST", served.url, json=body, headers=SSE) as source:
            assert (await anext(source.aiter_sse())).id == "c1"
        with anyio.fail_after(60):
            await served.watched.until_closed(1)


async def test_streams_of_one_user_are_limited_and_given_back() -> None:
    async with serving(Limits(connections_per_user=1)) as served, served.client() as client:
        body = {"query": HELD}
        async with aconnect_sse(client, "POST", served.url, json=body, headers=SSE):
            refused = await client.post(served.url, json=asked(), headers=SSE)
            assert refused.status_code == 429
            assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        with anyio.fail_after(60):
            await served.watched.until_closed(1)
        assert (await events(served, client, json=asked()))[-1].event == "complete"


async def test_multipart_subscriptions_have_one_part_per_result() -> None:
    async with serving() as served, served.client() as client:
        accept = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"
        headers = {**SSE, "Accept": accept}
        response = await client.post(served.url, json=asked(n=2), headers=headers)
        assert 'boundary="graphql"' in response.headers["content-type"]
        preamble, *parts, ending = response.text.split("\r\n--graphql")
        assert (preamble, ending) == ("", "--\r\n")
        bodies = [part.split("\r\n\r\n", 1)[1] for part in parts]
        assert bodies[0] == '{"payload":{"data":{"events":{"__typename":"Text","seq":1}}}}'
        assert len(bodies) == 3
        assert bodies[2] == "{}"

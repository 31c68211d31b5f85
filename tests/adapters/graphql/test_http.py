"""GraphQL over HTTP: single results, on a real socket."""

import logging
from typing import Any

import httpx
import pytest

from adapters.graphql.limits import Limits
from tests.adapters.graphql.serving import BEARER, JSON, SSE, serving
from tests.adapters.graphql.small_schema import SECRET

RESPONSE = "application/graphql-response+json"


def errors(response: httpx.Response) -> Any:
    """The errors of a response that has no data."""
    body = response.json()
    assert "data" not in body
    assert all(error["message"] and error["extensions"]["code"] for error in body["errors"])
    return body["errors"]


async def test_a_query_and_a_mutation_by_post_and_a_query_by_get() -> None:
    async with serving() as served, served.client() as client:
        client.headers.update(BEARER)
        response = await client.post(served.url, json={"query": "{ viewer }"})
        assert (response.status_code, response.json()) == (200, {"data": {"viewer": "alice"}})
        response = await client.post(served.url, json={"query": "mutation { touch }"})
        assert response.json() == {"data": {"touch": True}}
        response = await client.get(
            served.url,
            params={
                "query": "query Q($t: String!) { echo(text: $t) }",
                "variables": '{"t":"hi"}',
                "operationName": "Q",
            },
        )
        assert response.json() == {"data": {"echo": "hi"}}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, application/json", RESPONSE),
        (f"application/json;q=0.5, {RESPONSE};q=0.9", RESPONSE),
        (f"{RESPONSE};q=0.1, application/json", "application/json"),
    ],
)
async def test_the_media_type_is_the_one_the_client_prefers(
    accept: str | None, media_type: str
) -> None:
    async with serving() as served, served.client() as client:
        del client.headers["accept"]
        headers = {"Accept": accept} if accept else {}
        response = await client.post(served.url, json={"query": "{ ping }"}, headers=headers)
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ ping", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('query A($n: Int!) { echo(text: "a", count: $n) }', "GRAPHQL_VALIDATION_FAILED"),
        ("{ ping } { ping }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_bad_document_is_400_or_200_as_the_media_type_demands(
    query: str, code: str
) -> None:
    async with serving() as served, served.client() as client:
        for accept, status in ((RESPONSE, 400), ("application/json", 200)):
            headers = {**BEARER, "Accept": accept}
            response = await client.post(served.url, json={"query": query}, headers=headers)
            assert response.status_code == status
            assert errors(response)[0]["extensions"]["code"] == code


@pytest.mark.parametrize("headers", [JSON, SSE, {**BEARER, "Accept": RESPONSE}])
async def test_a_bad_token_is_401_with_a_graphql_error(headers: dict[str, str]) -> None:
    async with serving() as served, served.client() as client:
        forged = {**headers, "Authorization": "Bearer mallory"}
        response = await client.post(served.url, json={"query": "{ ping }"}, headers=forged)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert errors(response)[0]["extensions"]["code"] == "UNAUTHENTICATED"


BODIES = {
    "a number": (b"7", 400),
    "an array": (b'[{"query":"{ping}"}]', 400),
    "garbage": (b"\xff\x00{", 400),
    "empty": (b"", 400),
    "deep": (b'{"query":"{ping}","variables":{"a":' + b"[" * 100_000, 400),
    "a long integer": (b'{"query":"{ping}","variables":{"a":%b}}' % (b"1" * 5_000), 400),
    "no query": (b"{}", 400),
    "query a number": (b'{"query":1}', 400),
    "variables an array": (b'{"query":"{ping}","variables":[1]}', 400),
    "extensions a text": (b'{"query":"{ping}","extensions":"x"}', 400),
    "half a surrogate pair": (b'{"query":"\\ud800"}', 400),
    "oversize": (b'{"query":"%b"}' % (b" " * 1_100_000), 413),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES.keys())
async def test_a_bad_body_is_a_graphql_error_and_no_traceback(
    body: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served, served.client() as client:
        headers = {**JSON, "Content-Type": "application/json"}
        response = await client.post(served.url, content=body, headers=headers)
        assert response.status_code == status
        errors(response)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_body_of_undeclared_length_is_cut_at_the_limit() -> None:
    async def chunks() -> Any:
        for _ in range(40):
            yield b" " * 50_000

    async with serving() as served, served.client() as client:
        headers = {**JSON, "Content-Type": "application/json"}
        response = await client.post(served.url, content=chunks(), headers=headers)
        assert response.status_code == 413


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
async def test_what_a_page_can_send_without_asking_is_415(content_type: str) -> None:
    async with serving() as served, served.client() as client:
        headers = {**JSON, "Content-Type": content_type}
        response = await client.post(served.url, content='{"query":"{ping}"}', headers=headers)
        assert response.status_code == 415
        errors(response)


async def test_methods_and_kinds_that_do_not_fit_are_refused() -> None:
    async with serving() as served, served.client() as client:
        client.headers.update(JSON)
        mutation = await client.get(served.url, params={"query": "mutation { touch }"})
        assert (mutation.status_code, mutation.headers["allow"]) == (405, "GET, POST")
        errors(mutation)
        missing = await client.get(served.url)
        assert missing.status_code == 400
        broken = await client.get(served.url, params={"query": "{ping}", "variables": "[1]"})
        assert broken.status_code == 400
        subscription = await client.post(
            served.url, json={"query": "subscription { events { __typename } }"}
        )
        assert subscription.status_code == 406
        assert "text/event-stream" in errors(subscription)[0]["message"]
        html = await client.get(served.url, headers={"Accept": "text/html"})
        assert html.status_code == 406


async def test_an_expected_failure_keeps_its_code_and_an_unforeseen_one_is_masked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as served, served.client() as client:
        query = "query Named($t: String!) { busy echo(text: $t) me { boom } }"
        asked = {"query": query, "variables": {"t": "my secret variable"}}
        response = await client.post(served.url, json=asked, headers=JSON)
        assert response.status_code == 200
        busy, masked = response.json()["errors"]
        assert busy["path"] == ["busy"]
        assert busy["extensions"] == {"code": "PROJECT_BUSY", "retryable": True}
        assert masked["message"] == "Something went wrong on our side."
        assert masked["extensions"]["code"] == "INTERNAL"
        assert SECRET not in response.text
        (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert masked["extensions"]["errorId"] in record.getMessage()
        assert query not in caplog.text
        assert "my secret variable" not in caplog.text


async def test_a_result_without_a_json_form_is_an_error_of_ours() -> None:
    async with serving() as served, served.client() as client:
        response = await client.post(served.url, json={"query": "{ half }"}, headers=JSON)
        assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_a_bug_in_authentication_is_a_masked_500() -> None:
    async with serving() as served, served.client() as client:
        headers = {**JSON, "Authorization": "Bearer crash"}
        response = await client.post(served.url, json={"query": "{ ping }"}, headers=headers)
        assert response.status_code == 500
        assert errors(response)[0]["extensions"]["code"] == "INTERNAL"
        async with served.socket() as socket:
            await socket.send({"type": "connection_init", "payload": {"token": "crash"}})
            assert (await socket.closed())[0] == 4500


async def test_a_rejected_document_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(Limits(document_characters=50)) as served, served.client() as client:
        for query in ("{ unheard_of }", "{ unheard_of", "{ unheard_of " + " " * 60 + "}"):
            response = await client.post(served.url, json={"query": query}, headers=JSON)
            errors(response)
    assert "unheard_of" not in caplog.text

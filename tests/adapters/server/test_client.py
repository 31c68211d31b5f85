"""How long the command line waits for a gateway's answers, and what it makes of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from adapters.server.client import GatewayClient, GatewayRefused, GatewayUnreachable

BODY = b'{"data": {"done": true}}'


@asynccontextmanager
async def slow_gateway(
    seconds: float, body: bytes = BODY
) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Answers every request with `body` after `seconds`, unless its client is gone before."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while await reader.read(65_536):
                        pass
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        yield http


async def test_an_answer_may_take_as_long_as_was_said() -> None:
    async with slow_gateway(0.5) as http:
        http.timeout = httpx.Timeout(0.2)
        client = GatewayClient(http, "token")
        assert await client.execute("{ done }", {}, patience=30) == {"done": True}


async def test_an_answer_that_takes_longer_is_told_in_words() -> None:
    async with slow_gateway(30) as http:
        with pytest.raises(GatewayUnreachable, match="ReadTimeout"):
            await GatewayClient(http, "token").execute("{ done }", {}, patience=0.1)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"errors": [{"message": "No.", "extensions": {"code": "X"}}]}', ("No.", "X")),
        (b'{"errors": [{"message": "No.", "extensions": null}]}', ("No.", None)),
        (b'{"errors": ["No."]}', ("the answer is not GraphQL", None)),
        (b'{"errors": {"message": "No."}}', ("the answer is not GraphQL", None)),
        (b'{"errors": true}', ("the answer is not GraphQL", None)),
        (b'{"data": null}', ("the answer has no data", None)),
        (b"<html>Bad gateway</html>", ("the answer is not GraphQL", None)),
    ],
)
async def test_an_answer_that_is_none_is_told_in_words(
    body: bytes, told: tuple[str, str | None]
) -> None:
    async with slow_gateway(0.05, body) as http:
        with pytest.raises(GatewayRefused) as refused:
            await GatewayClient(http, "token").execute("{ done }", {}, patience=30)
    assert (str(refused.value), refused.value.code) == told

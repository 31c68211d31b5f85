"""HTTP/1.1 in a few lines: a client that sends a target exactly as it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio
import msgspec


@dataclass(frozen=True)
class Reply:
    """A whole answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


async def exchange(
    port: int,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Reply:
    """Send one request on a connection of its own and read the answer to its end."""
    fields = {"Host": f"127.0.0.1:{port}", "Connection": "close", **(headers or {})}
    if body:
        fields["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    received = bytearray()
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
        with anyio.fail_after(60):
            async for piece in stream:
                received += piece
    start, _, content = bytes(received).partition(b"\r\n\r\n")
    status, *lines = start.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Reply(int(status.split()[1]), {name.lower(): value for name, _, value in pairs}, content)

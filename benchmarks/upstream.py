"""An execution endpoint that streams at a given pace: `python -m benchmarks.upstream`.

It speaks the contract of `schema/execution.py` as far as a run needs it. The message of a run is
its `Pace`; every piece of text begins with the moment it was written, so that whoever receives
it, in whatever process, can tell how long it was on its way.
"""

import asyncio
import json
import sys
import time

import msgspec
import uvloop

from schema.execution import HEARTBEAT_SECONDS, Done, ExecutionEvent, Status, Stream

PADDING = "one of the tokens of an answer"


class Pace(msgspec.Struct, frozen=True):
    """`rate` events a second for `seconds`, the first after `delay` seconds; rate 0 is silence."""

    rate: float
    seconds: float
    delay: float = 0.0


def text() -> str:
    """A piece of text written now: the reading of the system-wide monotonic clock, in
    nanoseconds, and something to carry."""
    return f"{time.monotonic_ns()} {PADDING}\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split(" ", 2)
        if (method, path) != ("POST", "/generate"):
            writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
            return
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields["content-length"]))
        await _run(writer, msgspec.json.decode(json.loads(body)["message"], type=Pace))
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the gateway left
    finally:
        writer.close()


async def _run(writer: asyncio.StreamWriter, pace: Pace) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    writer.write(head + _event(1, Status("working", progress=10)))
    if pace.rate == 0:
        for _ in range(int(pace.seconds / HEARTBEAT_SECONDS)):
            writer.write(b": alive\n\n")
            await asyncio.sleep(HEARTBEAT_SECONDS)
    loop = asyncio.get_running_loop()
    begin, number = loop.time() + pace.delay, 1
    for index in range(int(pace.rate * pace.seconds)):
        await asyncio.sleep(begin + index / pace.rate - loop.time())
        number += 1
        writer.write(_event(number, Stream(text(), 1)))
        if index % 50 == 0:
            await writer.drain()
    writer.write(_event(number + 1, Done("finished")))
    await writer.drain()


def _event(number: int, event: ExecutionEvent) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (number, msgspec.json.encode(event))


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", int(sys.argv[1]), backlog=256)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main())

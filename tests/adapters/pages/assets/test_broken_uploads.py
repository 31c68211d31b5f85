"""Uploads that never end, that nobody may send, or whose sender is gone."""

import gc
import logging
import os
from pathlib import Path
from typing import Final

import anyio
import pytest
from anyio.abc import SocketStream

from tests.adapters.pages.assets.forms import BOUNDARY, PNG, Part, form
from tests.adapters.pages.assets.served import UPLOAD, Library

_GIBIBYTE: Final = 2**30
_PIECE: Final = b"x" * 65_536
# What the kernel holds for both ends, and what is dropped of a body before the answer.
_MOST_SENT: Final = 48 * 2**20


def _head(library: Library, *lines: str, authorized: bool = True) -> bytes:
    fields = [
        f"POST {UPLOAD} HTTP/1.1",
        f"Host: 127.0.0.1:{library.port}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        *lines,
    ]
    if authorized:
        fields.append(f"Authorization: {library.bearer()['Authorization']}")
    return "\r\n".join([*fields, "", ""]).encode()


def _start_of_a_file() -> bytes:
    return form(Part("file", b"", "p.png", "image/png"))[1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


async def _answer(stream: SocketStream) -> bytes:
    received = bytearray()
    try:
        async for piece in stream:
            received += piece
    except anyio.BrokenResourceError:
        pass
    return bytes(received)


def _open_files() -> list[str]:
    """Files on disk that this process has open, removed ones too."""
    gc.collect()
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith(("/tmp", os.environ.get("TMPDIR", "/tmp"))):
            found.append(target)
    return sorted(found)


@pytest.mark.rule("http.body.streamed", "http.divergence.bodies-are-read-for-somebody")
@pytest.mark.parametrize("authorized", [True, False])
@pytest.mark.parametrize("chunked", [True, False])
async def test_a_gibibyte_is_not_read(library: Library, authorized: bool, chunked: bool) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {_GIBIBYTE}"
    piece = b"%x\r\n%s\r\n" % (len(_PIECE), _PIECE) if chunked else _PIECE
    sent, answers = 0, []
    with anyio.fail_after(60):
        async with await anyio.connect_tcp("127.0.0.1", library.port) as stream:
            await stream.send(_head(library, length, authorized=authorized))
            start = _start_of_a_file()
            await stream.send(b"%x\r\n%s\r\n" % (len(start), start) if chunked else start)

            async def listen() -> None:
                answers.append(await _answer(stream))
                group.cancel_scope.cancel()

            async with anyio.create_task_group() as group:
                group.start_soon(listen)
                try:
                    while sent < _GIBIBYTE:
                        await stream.send(piece)
                        sent += len(piece)
                except anyio.BrokenResourceError:
                    pass
    assert sent < _MOST_SENT
    for answer in filter(None, answers):
        assert answer.startswith(b"HTTP/1.1 413" if authorized else b"HTTP/1.1 401")
        assert b"connection: close" in answer
    assert (await library.listed(), library.files()) == ([], [])


@pytest.mark.rule("http.divergence.bodies-are-read-for-somebody")
async def test_a_client_that_waits_to_be_asked_is_answered_without_its_body(
    library: Library,
) -> None:
    head = _head(library, "Expect: 100-continue", "Content-Length: 1000000", authorized=False)
    with anyio.fail_after(60):
        async with await anyio.connect_tcp("127.0.0.1", library.port) as stream:
            await stream.send(head)
            answer = await _answer(stream)
    assert answer.startswith(b"HTTP/1.1 401")


@pytest.mark.rule("http.body.streamed")
async def test_a_refused_body_leaves_the_connection_usable(library: Library) -> None:
    _, body = form(Part("file", PNG * 1_000, "p.png", "image/png"))
    second = b"GET /api/assets/nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head = _head(library, f"Content-Length: {len(body)}", authorized=False)
    with anyio.fail_after(60):
        async with await anyio.connect_tcp("127.0.0.1", library.port) as stream:
            await stream.send(head + body + second)
            answer = await _answer(stream)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"HTTP/1.1 400" in answer


@pytest.mark.rule("http.body.streamed", "http.crashes")
@pytest.mark.parametrize("sent", [0, 1, 60, 500_000, 1_000_000])
async def test_an_upload_whose_connection_is_cut_leaves_nothing(
    library: Library, sent: int, caplog: pytest.LogCaptureFixture
) -> None:
    await library.uploaded("kept.png")
    before, kept = _open_files(), library.files()
    body = _start_of_a_file() + b"x" * 1_100_000
    with anyio.fail_after(60):
        for chunked in (False, True):
            length = "Transfer-Encoding: chunked" if chunked else "Content-Length: 1050000"
            start = b"F4240\r\n" + body[:sent] if chunked else body[:sent]
            stream = await anyio.connect_tcp("127.0.0.1", library.port)
            async with stream:
                await stream.send(_head(library, length) + start)
        # Whoever is served afterwards comes after the connections that were cut.
        while len(await library.listed()) != 1 or _open_files() != before:
            await anyio.lowlevel.checkpoint()
    assert library.files() == kept
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []

"""A stand-in for the service that draws: it answers every request with the same picture."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from typing import Any, Final

from PIL import Image

from tests.model_stub.gate import Gate
from tests.model_stub.http import Received, Response, receive

KEY: Final = "painter-key"
BACKGROUND: Final = (255, 0, 255)
SUBJECT: Final = (0, 0, 255)


class Painter:
    """`status` other than 200 is a failure; with `gate` it waits there before it answers.

    `prompts` are what it was asked to draw.
    """

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.gate: Gate | None = None
        self.prompts: list[str] = []
        self.keys: set[str] = set()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one answer."""
        # Who has stopped the drawing is not there to hear of it.
        with suppress(ConnectionError):
            try:
                received = await receive(reader)
                if received is not None:
                    await self._answer(received, Response(writer))
            finally:
                writer.close()
                await writer.wait_closed()

    async def _answer(self, received: Received, response: Response) -> None:
        assert received.path.endswith(":generateContent"), received.path
        self.keys.add(received.headers["x-goog-api-key"])
        self.prompts.append(received.json()["contents"][0]["parts"][0]["text"])
        if self.gate is not None:
            await self.gate.hold()
        drawn = {"mimeType": "image/png", "data": b64encode(picture()).decode()}
        answer: dict[str, Any] = {"candidates": [{"content": {"parts": [{"inlineData": drawn}]}}]}
        await response.send(json.dumps(answer).encode(), self.status)


def picture() -> bytes:
    """A blue square before the background that sprites are drawn on."""
    image = Image.new("RGB", (24, 24), BACKGROUND)
    image.paste(SUBJECT, (6, 6, 18, 18))
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


@asynccontextmanager
async def painting() -> AsyncGenerator[Painter, None]:
    """The service for the time of the block."""
    painter = Painter()
    server = await asyncio.start_server(painter.converse, "127.0.0.1", 0)
    painter.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield painter
    finally:
        server.close()
        await server.wait_closed()

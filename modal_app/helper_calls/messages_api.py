"""A small client of the Messages API: one question, one attempt, one bounded answer."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

import anyio
import httpx
import msgspec

from modal_app.helper_calls.connection import http_client
from modal_app.settings import Settings

PUBLIC_BASE_URL: Final = "https://api.anthropic.com"
API_VERSION: Final = "2023-06-01"
MAX_ANSWER_BYTES: Final = 256 * 1024
CONCURRENT_QUESTIONS: Final = 16

logger = logging.getLogger(__name__)


class ModelFailed(Exception):
    """The model was not reached, refused, took too long, or did not answer in its own form."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: `rules` are ours, `material` holds the words of others, marked.

    `seconds` is the time for everything; `tokens` bounds the answer.
    """

    name: str
    rules: str
    material: str
    seconds: float
    tokens: int


class Model(Protocol):
    """Something that answers questions."""

    async def ask(self, question: Question) -> str:
        """The text of the answer. Raises `ModelFailed`."""
        ...

    async def aclose(self) -> None:
        """Let go of the connections."""
        ...


class _Block(msgspec.Struct, frozen=True):
    type: str
    text: str = ""


class _Message(msgspec.Struct, frozen=True):
    content: list[_Block]


@dataclass(frozen=True, slots=True)
class MessagesApi:
    """Implements `Model`. At most `CONCURRENT_QUESTIONS` at a time; waiting counts as time."""

    http: httpx.AsyncClient
    base_url: str
    model: str
    key: str = field(repr=False)
    longest: float
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_QUESTIONS))

    @classmethod
    def configured(cls, settings: Settings) -> Self | None:
        """The model that the settings name; None without a key, or where no model is wanted."""
        if not uses_model(settings):
            return None
        base_url = (settings.api_base_url or PUBLIC_BASE_URL).rstrip("/")
        try:
            http = http_client(base_url, settings.network)
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            kind = type(error).__name__
            logger.error("the model cannot be reached as configured", extra={"kind": kind})
            return None
        key = settings.api_key or ""
        return cls(http, base_url, settings.helper_model, key, settings.helper_seconds)

    async def ask(self, question: Question) -> str:
        """See `Model.ask`."""
        try:
            with anyio.fail_after(min(question.seconds, self.longest)):
                async with self.free:
                    return _text_of(await self._exchange(question))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            _note(question, type(error).__name__)
            raise ModelFailed from error
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            _note(question, "unreadable answer")
            raise ModelFailed from error

    async def aclose(self) -> None:
        """See `Model.aclose`."""
        await self.http.aclose()

    async def _exchange(self, question: Question) -> bytes:
        body = {
            "model": self.model,
            "max_tokens": question.tokens,
            "system": question.rules,
            "messages": [{"role": "user", "content": question.material}],
        }
        headers = {
            "x-api-key": self.key,
            "anthropic-version": API_VERSION,
            "content-type": "application/json",
            "accept-encoding": "identity",
        }
        read = bytearray()
        async with self.http.stream(
            "POST",
            f"{self.base_url}/v1/messages",
            content=msgspec.json.encode(body),
            headers=headers,
            timeout=None,
        ) as response:
            if response.status_code != httpx.codes.OK:
                _note(question, f"status {response.status_code}")
                raise ModelFailed
            async for chunk in response.aiter_bytes():
                read += chunk
                if len(read) > MAX_ANSWER_BYTES:
                    _note(question, "answer too large")
                    raise ModelFailed
        return bytes(read)


def uses_model(settings: Settings) -> bool:
    """Whether questions go to a model: there is a key, and nobody asked to stay offline."""
    return bool(settings.api_key) and settings.agent != "offline"


def _text_of(answer: bytes) -> str:
    message = msgspec.json.decode(answer, type=_Message)
    return "".join(block.text for block in message.content if block.type == "text").strip()


def _note(question: Question, why: str) -> None:
    logger.warning("a model did not answer", extra={"question": question.name, "why": why})

"""Small questions to a model, asked where the key is: implements `HelperCalls`.

Asked once and never longer than the call may take there. Every answer is cut to what its type
promises, whoever gave it.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import anyio
import msgspec

from adapters.modal.channel import TRANSIENT, Channel
from schema.errors import DreamCoreError, ErrorCode
from schema.helper_calls import (
    CHAT_HAIKU,
    CHAT_SECONDS,
    DETECT_INTENT,
    DETECT_SKILLS,
    GENERATE_PUBLISH_INFO,
    INTENT_SECONDS,
    MAX_CHAT_HISTORY,
    MAX_CODE_CHARACTERS,
    MAX_SELECTED_SKILLS,
    MAX_SPEC_CHARACTERS,
    PUBLISH_INFO_SECONDS,
    SKILLS_SECONDS,
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.models import Dimension

Answer = TypeVar("Answer", Intent, SkillChoice, ChatAnswer, PublishInfo)

INTENTS: Final = frozenset({"edit", "chat", "restore"})
UNUSABLE: Final = "Failed to parse AI response"

# For the way there and back: the other side gives up first, and then still has an answer.
_MARGIN_SECONDS: Final = 2.0
_ANSWER_BYTES: Final = 64 * 1024
_RAW_CHARACTERS: Final = 200
_NAME_CHARACTERS: Final = 64
_MESSAGE_CHARACTERS: Final = 8_000
_SUGGESTIONS: Final = 3
_SUGGESTION_CHARACTERS: Final = 100
_TITLE_CHARACTERS: Final = 100
_TEXT_CHARACTERS: Final = 2_000
_TAGS: Final = 5
_TAG_CHARACTERS: Final = 50


@dataclass(frozen=True, slots=True)
class HelperRoutes:
    """The four routes beside one endpoint. All raise `DreamCoreError(EXECUTION_UNAVAILABLE)`."""

    channel: Channel

    async def detect_intent(self, message: str) -> Intent:
        """What the message wants; an intent that nobody knows is `edit`."""
        told = await self._ask(DETECT_INTENT, {"message": message}, Intent, INTENT_SECONDS)
        intent = told.intent if told.intent in INTENTS else "edit"
        return Intent(intent, told.raw_response[:_RAW_CHARACTERS], told.fallback)

    async def detect_skills(
        self, message: str, dimension: Dimension, *, has_code: bool
    ) -> SkillChoice:
        """The skills that suit the message, each once."""
        body = {
            "message": message,
            "dimension": dimension.value,
            # The contract has room for the code, and looks only at whether there is any.
            "existing_code": "present" if has_code else "",
        }
        told = await self._ask(DETECT_SKILLS, body, SkillChoice, SKILLS_SECONDS)
        names = (name for name in dict.fromkeys(told.skills) if 0 < len(name) <= _NAME_CHARACTERS)
        skills = tuple(names)[:MAX_SELECTED_SKILLS]
        return SkillChoice(skills, told.raw_response[:_RAW_CHARACTERS], told.fallback)

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """An answer in words; the spec and the history are cut to their bounds first."""
        spec = (request.game_spec or "")[:MAX_SPEC_CHARACTERS]
        history = request.conversation_history[-MAX_CHAT_HISTORY:]
        body = {"message": request.message, "game_spec": spec, "conversation_history": history}
        told = await self._ask(CHAT_HAIKU, body, ChatAnswer, CHAT_SECONDS)
        suggestions = _bounded(told.suggestions, _SUGGESTIONS, _SUGGESTION_CHARACTERS)
        text = told.message.strip()[:_MESSAGE_CHARACTERS]
        return ChatAnswer(text, suggestions, told.fallback or not text)

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        """Words for a game's page. Raises PROVIDER_FAILED when a model answered and they are
        of no use."""
        body = msgspec.structs.replace(
            request,
            game_code=request.game_code[:MAX_CODE_CHARACTERS],
            spec_content=request.spec_content[:MAX_SPEC_CHARACTERS],
        )
        try:
            told = await self._ask(GENERATE_PUBLISH_INFO, body, PublishInfo, PUBLISH_INFO_SECONDS)
        except DreamCoreError as error:
            if error.code is not ErrorCode.PROVIDER_FAILED:
                raise
            raise DreamCoreError(ErrorCode.PROVIDER_FAILED, UNUSABLE) from error
        return PublishInfo(
            told.title[:_TITLE_CHARACTERS],
            told.description[:_TEXT_CHARACTERS],
            told.how_to_play[:_TEXT_CHARACTERS],
            _bounded(told.tags, _TAGS, _TAG_CHARACTERS),
            told.fallback,
        )

    async def _ask(self, route: str, body: Any, kind: type[Answer], seconds: float) -> Answer:
        patience = min(seconds + _MARGIN_SECONDS, self.channel.limits.answer)
        try:
            with anyio.fail_after(patience):
                data = await self._answer(route, msgspec.json.encode(body))
            return msgspec.json.decode(data, type=kind)
        except TRANSIENT as broken:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from broken
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as unreadable:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from unreadable
        except DreamCoreError as refused:
            if refused.code is ErrorCode.PROVIDER_FAILED:
                raise
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from refused

    async def _answer(self, route: str, body: bytes) -> bytes:
        read = bytearray()
        async with self.channel.open("POST", route, body=body) as response:
            async for piece in response.aiter_raw():
                read += piece
                if len(read) > _ANSWER_BYTES:
                    raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        return bytes(read)


def _bounded(texts: tuple[str, ...], count: int, characters: int) -> tuple[str, ...]:
    stripped = (text.strip()[:characters] for text in texts)
    return tuple(dict.fromkeys(text for text in stripped if text))[:count]

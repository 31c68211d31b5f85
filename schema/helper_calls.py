"""Small questions to a model that the execution side answers: part of the contract between the two.

Each is `POST` with a JSON object, answered with one; `fallback` marks an answer by keyword rules,
given at once when no model is configured, or when the model failed or took too long.
Source: `contract/legacy-modal.md` §1.4.
"""

from typing import Final, Protocol

import msgspec

from schema.execution import HistoryMessage
from schema.models import Dimension

DETECT_INTENT: Final = "/detect_intent"
DETECT_SKILLS: Final = "/detect_skills"
CHAT_HAIKU: Final = "/chat_haiku"
GENERATE_PUBLISH_INFO: Final = "/generate_publish_info"

INTENT_SECONDS: Final = 5.0
SKILLS_SECONDS: Final = 15.0
CHAT_SECONDS: Final = 30.0
PUBLISH_INFO_SECONDS: Final = 30.0

MAX_CODE_CHARACTERS: Final = 3_000
MAX_SPEC_CHARACTERS: Final = 20_000
MAX_CHAT_HISTORY: Final = 10
MAX_SELECTED_SKILLS: Final = 5


class Intent(msgspec.Struct, frozen=True, omit_defaults=True):
    """`intent` is `edit`, `chat` or `restore`; anything else counts as `edit`."""

    intent: str
    raw_response: str = ""
    fallback: bool = False


class SkillChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Names of skills, the most important first, at most `MAX_SELECTED_SKILLS`."""

    skills: tuple[str, ...]
    raw_response: str = ""
    fallback: bool = False


class ChatRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question about a game. `conversation_history` is oldest first."""

    message: str
    game_spec: str | None = None
    conversation_history: tuple[HistoryMessage, ...] = ()


class ChatAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """With `fallback` the message is empty: only the gateway knows what can be said then."""

    message: str
    suggestions: tuple[str, ...] = ()
    fallback: bool = False


class PublishInfoRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a game is described from."""

    user_id: str
    project_id: str
    project_name: str
    game_code: str = ""
    spec_content: str = ""


class PublishInfo(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Words for a game's page."""

    title: str
    description: str
    how_to_play: str
    tags: tuple[str, ...]
    fallback: bool = False


class HelperCalls(Protocol):
    """The client of these routes. All raise `DreamCoreError(EXECUTION_UNAVAILABLE)`."""

    async def detect_intent(self, message: str) -> Intent: ...

    async def detect_skills(
        self, message: str, dimension: Dimension, *, has_code: bool
    ) -> SkillChoice: ...

    async def chat(self, request: ChatRequest) -> ChatAnswer: ...

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        """Also raises PROVIDER_FAILED when the model's answer is of no use."""
        ...

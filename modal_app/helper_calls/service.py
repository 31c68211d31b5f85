"""The four helper calls: a model's answer where there is one, else rules, marked as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from modal_app.helper_calls import answers, questions
from modal_app.helper_calls.catalogue import read_catalogue
from modal_app.helper_calls.messages_api import MessagesApi, Model, ModelFailed, Question
from modal_app.helper_calls.page_words import page_words
from modal_app.helper_calls.rules import selected, skills_by_words
from modal_app.settings import Settings
from schema.errors import DreamCoreError, ErrorCode
from schema.helper_calls import (
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.keywords import intent_of
from schema.models import Dimension

UNUSABLE: Final = "Failed to parse AI response"
MAX_RAW_CHARACTERS: Final = 500

_RAW_INTENT: Final = 100
_RAW_SKILLS: Final = 200


class UnusableAnswer(DreamCoreError):
    """The model answered, and not what was asked for; `raw` is how its answer begins."""

    def __init__(self, answer: str) -> None:
        super().__init__(ErrorCode.PROVIDER_FAILED, UNUSABLE)
        self.raw: Final = answer[:MAX_RAW_CHARACTERS]


@dataclass(frozen=True, slots=True)
class HelperCalls:
    """Without a `model` nothing is asked and nothing waits. `catalogue` is the skills' purposes
    by name: no other name is ever answered."""

    model: Model | None
    catalogue: Mapping[str, str]

    @classmethod
    def configured(cls, settings: Settings) -> Self:
        """What the settings say. Reads the skill set."""
        return cls(MessagesApi.configured(settings), read_catalogue())

    async def detect_intent(self, message: str) -> Intent:
        """What the message wants."""
        said = await self._said(questions.intent_question(message))
        intent = answers.intent_in(said)
        if intent is None:
            return Intent(intent_of(message), said[:_RAW_INTENT], fallback=True)
        return Intent(intent, said[:_RAW_INTENT])

    async def detect_skills(
        self, message: str, dimension: Dimension, *, has_code: bool
    ) -> SkillChoice:
        """The skills that suit the message, the foundation first."""
        said = await self._said(
            questions.skills_question(
                message, dimension, has_code=has_code, catalogue=self.catalogue
            )
        )
        chosen = answers.names_in(said)
        if chosen is None:
            ruled = skills_by_words(message, dimension, has_code=has_code, catalogue=self.catalogue)
            return SkillChoice(ruled, said[:_RAW_SKILLS], fallback=True)
        kept = selected(message, chosen, dimension, self.catalogue)
        return SkillChoice(kept, said[:_RAW_SKILLS])

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """An answer in words; an empty one, marked, where no model gives any."""
        said = await self._said(questions.chat_question(request))
        return answers.chat_in(said) if said else ChatAnswer("", fallback=True)

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        """Words for a game's page. Raises `UnusableAnswer`."""
        said = await self._said(questions.publish_question(request))
        if not said:
            return page_words(request)
        info = answers.publish_info_in(said)
        if info is None:
            raise UnusableAnswer(said)
        return info

    async def aclose(self) -> None:
        """Let go of the model's connections."""
        if self.model is not None:
            await self.model.aclose()

    async def _said(self, question: Question) -> str:
        """The model's text; empty where there is no model, nothing to ask about, or a failure."""
        if self.model is None or not question.material:
            return ""
        try:
            return await self.model.ask(question)
        except ModelFailed:
            return ""

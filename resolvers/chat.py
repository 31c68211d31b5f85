"""Answers to questions about a game."""

from dataclasses import dataclass

from resolvers.best_effort import best_effort
from resolvers.games import title_of_game
from resolvers.replies import reply_of
from resolvers.specs import spec_of
from schema.events import Reply
from schema.execution import HistoryMessage
from schema.helper_calls import MAX_CHAT_HISTORY, ChatAnswer, ChatRequest, HelperCalls
from schema.mirror import Mirror
from schema.models import Generation
from schema.ports import Store


@dataclass(frozen=True, slots=True)
class Chat:
    """Asks the model; what is known without one is said in its place."""

    store: Store
    mirror: Mirror
    helper_calls: HelperCalls

    async def reply(self, generation: Generation) -> Reply:
        """The answer to the generation's message."""
        spec = ""
        with best_effort("spec not read"):
            spec = await spec_of(self.mirror, generation.project_id)
        history = await self.store.history(generation.project_id, last=MAX_CHAT_HISTORY + 1)
        earlier = tuple(HistoryMessage(line.role, line.content) for line in history[:-1])
        answer = ChatAnswer("", fallback=True)
        with best_effort("no model to answer"):
            request = ChatRequest(generation.message, spec or None, earlier)
            answer = await self.helper_calls.chat(request)
        return reply_of(answer, await self._facts(generation.project_id))

    async def _facts(self, project_id: str) -> list[str]:
        facts = []
        if title := await title_of_game(self.mirror, project_id):
            facts.append(f"このゲームの名前は「{title}」です")
        with best_effort("files not counted"):
            if files := await self.mirror.files(project_id):
                facts.append(f"ファイルは{len(files)}個あります")
        return facts

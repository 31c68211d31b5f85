"""What is answered to a message that needs no run."""

from collections.abc import Iterable, Sequence
from typing import Final

from resolvers.intent import DIMENSION_ANSWERS
from schema.events import Completed, Event, Mode, Progress, Reply, RestoreProposed
from schema.helper_calls import ChatAnswer
from schema.models import Route

RESTORE_QUESTION: Final = RestoreProposed(
    "直前の変更を取り消して、前の状態に戻しますか？", "戻す", "キャンセル"
)
DIMENSION_QUESTION: Final = Reply("2Dゲームと3Dゲーム、どちらで作成しますか？", DIMENSION_ANSWERS)
RESTORE_ASKED: Final = "リストア確認"

MAX_SUGGESTIONS: Final = 4
SUGGESTION_CHARACTERS: Final = 60
_USUAL: Final = ("色を変えて", "もっと速くして", "難しくして")

_OPENINGS: Final = {
    Route.ASK_DIMENSION: Progress(3, "2D/3D判定中..."),
    Route.CHAT: Progress(10, "Claude Haikuで回答中..."),
}


def opening(route: Route) -> list[Event]:
    """What is said while the answer is sought."""
    return [_OPENINGS[route]] if route in _OPENINGS else []


def ended_by(said: Event) -> Completed:
    """The end of a generation that has said this."""
    match said:
        case Reply(message=message):
            return Completed(Mode.CHAT, message)
        case RestoreProposed():
            return Completed(Mode.RESTORE, RESTORE_ASKED)
        case _:
            raise AssertionError("only an answer ends a message without a run")


def reply_of(answer: ChatAnswer, facts: Sequence[str]) -> Reply:
    """The model's answer; without a model nobody can answer freely: that, and what is known."""
    if not answer.fallback and answer.message.strip():
        return Reply(answer.message, suggestions_of(answer.suggestions))
    known = "、".join(facts) or "まだゲームがありません"
    return Reply(
        f"いまは会話用のAIモデルが設定されていないため、わかることだけお答えします。{known}。",
        _USUAL,
    )


def suggestions_of(texts: Iterable[str]) -> tuple[str, ...]:
    """As buttons: short, and without the mark that divides them where they are kept."""
    clean = (" ".join(text.replace("、", " ").split()) for text in texts)
    kept = [text[:SUGGESTION_CHARACTERS] for text in clean if text]
    return tuple(dict.fromkeys(kept))[:MAX_SUGGESTIONS]

"""Skills by the words of a message: what holds where no model is asked.

Source: `contract/legacy-modal.md` §5.8, with the names of our own skills.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from modal_app.helper_calls.catalogue import FRAMES, P5, setup_for
from schema.helper_calls import MAX_SELECTED_SKILLS
from schema.models import Dimension

_P5: Final = re.compile(r"p5(?:\.?js)?\b|processing", re.IGNORECASE | re.ASCII)
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "audio": ("音", "bgm", "サウンド", "曲", "メロディ", "ミュート", "sound", "music", "audio"),
    "touch": (
        "操作",
        "タッチ",
        "スマホ",
        "スワイプ",
        "タップ",
        "ボタン",
        "touch",
        "swipe",
        "mobile",
    ),
    "images": ("画像", "イラスト", "写真", "スプライト", "アイコン", "image", "sprite", "picture"),
    "polish": (
        *("エフェクト", "パーティクル", "アニメ", "演出", "動き", "かっこ", "きれい", "派手"),
        *("effect", "particle", "animation", "polish", "juicy"),
    ),
}
_FOR_A_START: Final = ("touch", "polish")


def skills_by_words(
    message: str, dimension: Dimension, *, has_code: bool, catalogue: Iterable[str]
) -> tuple[str, ...]:
    """The foundation, what the words name, and for a first version what every game needs."""
    words = message.lower()
    named = [name for name, signs in _WORDS.items() if any(sign in words for sign in signs)]
    wanted = named if has_code else [*named, *_FOR_A_START]
    return selected(message, wanted, dimension, catalogue)


def selected(
    message: str, chosen: Iterable[str], dimension: Dimension, catalogue: Iterable[str]
) -> tuple[str, ...]:
    """Those of `chosen` that there are, behind the one foundation that suits, few enough."""
    names = tuple(chosen)
    setup = setup_for(dimension, p5=P5 in names or _P5.search(message) is not None)
    allowed = frozenset(catalogue)
    wanted = (setup, *(name for name in names if name not in FRAMES))
    kept = dict.fromkeys(name for name in wanted if name in allowed)
    return tuple(kept)[:MAX_SELECTED_SKILLS]

"""Every palette can be seen, and shows what was asked for."""

import pytest

from modal_app.agents.offline.palette import (
    COLOUR_VALUES,
    MOOD_PALETTES,
    Palette,
    contrast,
    painted,
    themed,
)
from modal_app.agents.offline.vocabulary import COLOURS, MOODS


def least_contrast(palette: Palette) -> float:
    foregrounds = (palette.ink, palette.primary, palette.secondary, palette.accent, palette.danger)
    grounds = (palette.background, palette.backdrop)
    return min(contrast(colour, ground) for colour in foregrounds for ground in grounds)


def test_every_word_for_a_mood_or_colour_has_a_palette() -> None:
    assert MOODS.keys() == MOOD_PALETTES.keys()
    assert COLOURS.keys() == COLOUR_VALUES.keys()


@pytest.mark.parametrize("mood", MOOD_PALETTES)
def test_a_mood_is_legible(mood: str) -> None:
    assert least_contrast(MOOD_PALETTES[mood]) >= 2.0


@pytest.mark.parametrize("name", COLOUR_VALUES)
def test_a_theme_is_legible(name: str) -> None:
    assert least_contrast(themed(name)) >= 2.4


@pytest.mark.parametrize("name", COLOUR_VALUES)
@pytest.mark.parametrize("mood", MOOD_PALETTES)
def test_any_background_under_any_mood_is_legible(mood: str, name: str) -> None:
    assert least_contrast(painted(MOOD_PALETTES[mood], "background", name)) >= 2.4


def test_a_theme_is_the_named_colour_where_it_can_be_seen() -> None:
    assert themed("red").primary == COLOUR_VALUES["red"]
    assert themed("pink").primary == COLOUR_VALUES["pink"]


def test_themes_differ() -> None:
    assert len({themed(name) for name in COLOUR_VALUES}) == len(COLOUR_VALUES)

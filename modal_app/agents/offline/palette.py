"""Colours: moods as a table, named colours turned into a whole palette, and kept legible."""

import colorsys
from typing import Annotated, Final

import msgspec

from modal_app.agents.offline.vocabulary import Role

Colour = Annotated[str, msgspec.Meta(pattern=r"\A#[0-9a-f]{6}\Z")]

_LEAST_CONTRAST: Final = 2.4
_HOT_HUES: Final = (0.08, 0.9)  # between them a hue is not a red


class Palette(msgspec.Struct, frozen=True):
    """What a game is painted with, as `#rrggbb`.

    `background` runs down to `backdrop`; `primary` is the player, `secondary` the targets and
    obstacles, `accent` what is worth having, `danger` what hurts, `ink` the text. `glow` makes
    things shine.
    """

    background: Colour
    backdrop: Colour
    ink: Colour
    primary: Colour
    secondary: Colour
    accent: Colour
    danger: Colour
    glow: bool = False


def _palette(colours: str, *, glow: bool = False) -> Palette:
    background, backdrop, ink, primary, secondary, accent, danger = (
        f"#{colour}" for colour in colours.split()
    )
    return Palette(background, backdrop, ink, primary, secondary, accent, danger, glow)


# background backdrop ink primary secondary accent danger
MOOD_PALETTES: Final[dict[str, Palette]] = {
    "neon": _palette("070716 220b45 f4f4ff 00f0ff ff2bd6 faff00 ff3860", glow=True),
    "pastel": _palette("fff1f7 d9ecff 4a4063 6f7fe8 e8749b c98a1b d64562"),
    "monochrome": _palette("0d0d0d 2a2a2a ffffff ffffff a6a6a6 dddddd c4c4c4"),
    "sunset": _palette("2b1055 93365a fff3e6 ffd166 ff9f6b fff1c1 ff6b81", glow=True),
    "ocean": _palette("04263f 0a5c7a eafaff 4de1ff 3fd6b8 ffe66d ff8080"),
    "forest": _palette("0f2417 2d5a35 f2f7e8 a8ef70 e0a458 ffe45e ff8a70"),
    "candy": _palette("ffe3f1 ffd6b8 5b1a4a d6248a 7b4dff c25e00 c81d3a"),
    "retro": _palette("0c140c 17290f d7ffd0 7cff5b 43bd3d d4ff3a ffb03a", glow=True),
    "snow": _palette("eef8ff c4e1f5 163a5f 1668b8 2c8ba6 c94f0a c2255c"),
    "fire": _palette("1d0503 5a1206 fff0dc ff8a1f ff5630 ffd000 ffe9d6", glow=True),
    "space": _palette("03040d 181a44 eef0ff 8fb8ff c77dff ffd166 ff6b80", glow=True),
    "dark": _palette("0b0d12 1e2431 e6e9ef 7aa2f7 9aa5ce e0af68 f7768e"),
}

COLOUR_VALUES: Final[dict[str, str]] = {
    "red": "#ff3b3b",
    "orange": "#ff8c1a",
    "yellow": "#ffe119",
    "green": "#2ecc4f",
    "cyan": "#22d3ee",
    "blue": "#3b82ff",
    "purple": "#a855f7",
    "pink": "#ff5fb0",
    "brown": "#b5793c",
    "gold": "#ffc83d",
    "white": "#ffffff",
    "black": "#000000",
    "grey": "#9aa3ad",
}

_LIGHT_BACKGROUNDS: Final = ("white", "yellow", "pink", "gold", "cyan")
_FIELDS: Final[dict[Role, str]] = {
    "player": "primary",
    "targets": "secondary",
    "treats": "accent",
    "text": "ink",
}


def themed(name: str) -> Palette:
    """A palette that is all about one named colour."""
    if name == "black":
        return msgspec.structs.replace(
            MOOD_PALETTES["monochrome"], background="#000000", backdrop="#0a0a0a"
        )
    if name == "white":
        return painted(MOOD_PALETTES["snow"], "background", "white")
    value = COLOUR_VALUES[name]
    hue, _, saturation = _hls(value)
    hot = not _HOT_HUES[0] < hue < _HOT_HUES[1]
    return _legible(
        Palette(
            background=_hex(hue, 0.06, saturation * 0.7),
            backdrop=_hex(hue, 0.17, saturation * 0.7),
            ink=_hex(hue, 0.95, 0.5),
            primary=value,
            secondary=_hex(hue + 0.09, 0.64, saturation * 0.8),
            accent=_hex(hue + 0.5, 0.68, 0.9),
            danger="#ffd9a0" if hot else "#ff5470",
            glow=True,
        )
    )


def painted(palette: Palette, role: Role, name: str) -> Palette:
    """`palette` with one role in a named colour; the others move only to stay visible."""
    if role != "background":
        return _legible(msgspec.structs.replace(palette, **{_FIELDS[role]: COLOUR_VALUES[name]}))
    hue, lightness, saturation = _hls(COLOUR_VALUES[name])
    if lightness in (0.0, 1.0):
        steps = (lightness, abs(lightness - 0.08))
    else:
        steps = (0.86, 0.74) if name in _LIGHT_BACKGROUNDS else (0.14, 0.28)
    top, bottom = (_hex(hue, step, saturation * 0.85) for step in steps)
    return _legible(
        msgspec.structs.replace(
            palette, background=top, backdrop=bottom, glow=palette.glow and steps[1] < 0.5
        )
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1..21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _legible(palette: Palette) -> Palette:
    """Every foreground moved away from the background until it can be seen."""
    grounds = (palette.background, palette.backdrop)
    names = ("ink", "primary", "secondary", "accent", "danger")
    return msgspec.structs.replace(
        palette, **{name: _apart(getattr(palette, name), grounds) for name in names}
    )


def _apart(colour: str, grounds: tuple[str, str]) -> str:
    hue, lightness, saturation = _hls(colour)
    step = -0.02 if max(map(_luminance, grounds)) > 0.3 else 0.02
    while min(contrast(colour, ground) for ground in grounds) < _LEAST_CONTRAST:
        lightness += step
        if not 0 <= lightness <= 1:
            return "#000000" if step < 0 else "#ffffff"
        colour = _hex(hue, lightness, saturation)
    return colour


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_channels(colour))


def _hex(hue: float, lightness: float, saturation: float) -> str:
    channels = colorsys.hls_to_rgb(hue % 1.0, lightness, saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

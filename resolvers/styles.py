"""The visual styles a new game can have: ids and names are the frontend's, the guidelines ours.

Source of ids, names and order: `contract/legacy-ws.md` §3.
"""

from typing import Final

from schema.models import Dimension, StyleChoice, StylePreset

_TWO: Final = (
    ("retro", "レトロドット絵", "Pixel art on a coarse grid, at most 16 colours, hard edges."),
    ("neon", "ネオンサイバー", "Glowing outlines on near-black, cyan and magenta, soft bloom."),
    ("minimal", "ミニマル", "Flat geometric shapes, two colours and one accent, much space."),
    ("kawaii", "KAWAII", "Round characters with big eyes, candy colours, bouncy motion."),
    ("anime", "アニメ風", "Cel shading with bold outlines, speed lines, expressive faces."),
    ("pastel", "パステル", "Soft low-contrast tints, gentle gradients, rounded corners."),
    ("modern", "モダン", "Crisp flat design, one strong accent, subtle shadows, clear type."),
    ("cartoon", "カートゥーン", "Thick outlines, squash and stretch, saturated primaries."),
    ("futuristic", "フューチャー", "Cool metal and glass, thin light lines, holographic panels."),
    ("hand_drawn", "手描き風", "Wobbly pencil strokes, uneven fills, paper-white background."),
    ("dark", "ダーク", "Deep shadows, muted colours, a single light source, tension."),
    ("paper", "ペーパークラフト", "Layered cut paper with drop shadows and visible fibres."),
    ("watercolor", "水彩画風", "Bleeding translucent washes, soft edges, white showing through."),
    ("pop", "ポップアート", "Halftone dots, loud complementary colours, heavy black contours."),
    ("comic", "コミック風", "Inked panels, hatching, onomatopoeia bursts on impact."),
    ("nature", "ナチュラル", "Greens and earth tones, leaves, wood and water, calm motion."),
    (
        "dark_fantasy",
        "ダークファンタジー",
        "Gothic silhouettes, embers in fog, crimson and black.",
    ),
    ("medieval", "中世ファンタジー", "Stone, parchment and heraldry, warm torchlight, gold trim."),
    ("sci_fi", "SF", "Starfields, readouts and panels, blue-white light, precise lines."),
)
_THREE: Final = (
    ("kawaii", "KAWAII", "Chubby rounded models, toy proportions, soft pastel lighting."),
    ("lowpoly", "ローポリ", "Few large flat-shaded faces, no textures, clear silhouettes."),
    ("realistic", "リアル風", "Physically based materials, soft shadows, natural light."),
    ("toon", "トゥーン", "Stepped shading and outlined models, bright flat colours."),
    ("voxel", "ボクセル", "Everything from cubes on one grid, simple palette, ambient light."),
    ("arcade", "アーケード", "High contrast, big readable shapes, fast camera, flashy effects."),
    ("fantasy", "ファンタジー", "Magical glow, floating particles, lush colours, castles."),
    ("neon", "ネオン", "Emissive edges on dark surfaces, fog, reflective floor."),
    ("minimal", "ミニマル", "Primitive solids, one accent colour, plain background."),
    ("isometric", "アイソメトリック", "Orthographic camera at 45 degrees, tidy tile world."),
    ("mechanical", "スチームパンク", "Brass, rivets and gears, steam, warm lamps."),
    ("futuristic", "フューチャー", "White panels, glass and light strips, clean reflections."),
)

CATALOGUE: Final[dict[Dimension, tuple[StylePreset, ...]]] = {
    dimension: tuple(StylePreset(dimension, *entry) for entry in entries)
    for dimension, entries in ((Dimension.TWO, _TWO), (Dimension.THREE, _THREE))
}


def find_style(choice: StyleChoice) -> StylePreset | None:
    """The preset that a choice names, None when there is none."""
    presets = CATALOGUE[choice.dimension]
    return next((preset for preset in presets if preset.id == choice.preset_id), None)


def style_document(preset: StylePreset) -> str:
    """The text of a project's `STYLE.md` (`contract/legacy-ws.md` §2.8, step 3)."""
    return (
        f"# ビジュアルスタイル: {preset.name}\n\n"
        f"ID: {preset.id}\nDimension: {preset.dimension.value}\n\n{preset.guideline}\n"
    )

"""Names and types of uploads, by rule."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.asset_names import naming_of_image, naming_of_upload
from schema.assets import Upload
from schema.errors import DreamCoreError, ErrorCode

DIGEST = "0123456789abcdef" * 4
STORED = re.compile(r"[A-Za-z0-9_-]{1,32}_[0-9a-f]{16}(\.[a-z0-9]+)?")


def upload(original: str | None, media_type: str = "image/png", filename: str = "p.png") -> Upload:
    return Upload(b"", filename, media_type, original)


@pytest.mark.parametrize(
    ("original", "alias"),
    [
        ("player.png", "player.png"),
        ("Photo.PNG", "Photo_PNG.png"),
        ("プレイヤー.png", "_____.png"),
        ("🎮.png", "__.png"),
        ("Test Upload Image", "Test_Upload_Image"),
        (".png", "_png"),
        ("../../a/b.png", "b.png"),
        ("a" * 60 + ".png", "a" * 32 + ".png"),
        ("a" * 31 + "🎮.png", "a" * 31 + "_.png"),
        ("a\\b.png", "a_b.png"),
        ("a\0b.png", "a_b.png"),
        ("archive.tar.gif", "archive_tar.gif"),
        ("b.png/", "b.png"),
        ("..", "__"),
        ("/", "image"),
        (None, "p.png"),
        ("", "p.png"),
    ],
)
def test_aliases_follow_the_recorded_rule(original: str | None, alias: str) -> None:
    assert next(naming_of_upload(upload(original)).aliases(DIGEST)) == alias


def test_a_taken_alias_is_numbered_and_at_last_carries_the_hash() -> None:
    aliases = list(naming_of_upload(upload("a.png")).aliases(DIGEST))
    assert aliases[:3] == ["a.png", "a_2.png", "a_3.png"]
    assert aliases[-2:] == ["a_500.png", "a_0123456789abcdef.png"]
    assert len(aliases) == len(set(aliases)) == 501


@pytest.mark.parametrize(
    ("filename", "media_type", "original"),
    [
        ("p.png", "image/jpeg", "p.png"),
        ("blob", "image/png", "p.png"),
        ("blob", "image/png", None),
        ("photo.heic", "image/jpeg", "photo.heic"),
        ("photo.bmp", "image/jpeg", None),
        ("song.MP3", "audio/mpeg", None),
        ("song.ogg", "video/ogg", None),
        ("song.wav", "audio/x-wav", None),
        ("level.json", "application/json", None),
        ("level.json", "", None),
        ("logo.svg", "image/svg+xml; charset=utf-8", None),
        ("p.png", "text/html", "p.png"),
        ("p.png", "application/octet-stream", "no extension"),
    ],
)
def test_what_browsers_send_is_taken(filename: str, media_type: str, original: str | None) -> None:
    naming = naming_of_upload(upload(original, media_type, filename))
    assert naming.media_type.startswith(("image/", "audio/", "application/json", "application/ogg"))


@pytest.mark.parametrize(
    ("filename", "media_type", "original"),
    [
        ("x.txt", "text/plain", None),
        ("x.html", "text/html", None),
        ("x.html", "image/png", None),
        ("p.png", "image/png", "evil.html"),
        ("p.png", "image/png", "evil.HTM"),
        ("p.png", "image/png", "evil.png.xhtml"),
        ("p.png", "image/png", "evil.js"),
        ("p.png", "image/png", "evil.png\0.html"),
        ("p.png", "image/png", "evil.png "),
        ("p.png", "image/png", "evil."),
        ("evil.html", "image/png", "p.png"),
        ("noextension", "text/html", None),
        ("noextension", "", None),
        ("x.pngx", "", None),
        ("photo.heic", "image/heic", None),
        ("x", "text/x-png-json", None),
    ],
)
def test_what_is_not_on_the_list_is_refused(
    filename: str, media_type: str, original: str | None
) -> None:
    with pytest.raises(DreamCoreError) as raised:
        naming_of_upload(upload(original, media_type, filename))
    assert raised.value.code is ErrorCode.INVALID_FILE_TYPE


def test_the_name_that_is_shown_cannot_hide_its_end() -> None:
    shown = naming_of_upload(upload("a\u202egnp.\u2066exe\0\n.png")).shown
    assert shown == "agnp.exe.png"
    assert naming_of_upload(upload("👩‍🚀　絵.png")).shown == "👩‍🚀　絵.png"
    assert naming_of_upload(upload("\0/\0")).shown == "/"


@given(st.text(max_size=80), st.sampled_from(["", ".png", ".PNG", ".json", ".svg"]))
def test_whatever_the_name_it_is_safe_as_a_file_and_in_an_address(stem: str, end: str) -> None:
    with suppress(DreamCoreError):
        naming = naming_of_upload(upload(stem + end))
        assert STORED.fullmatch(naming.filename(DIGEST)) is not None
        naming.shown.encode()


@pytest.mark.parametrize(
    ("name", "alias", "media_type"),
    [
        ("hero.png", "hero.png", "image/png"),
        ("hero", "hero.png", "image/png"),
        ("Hero.PNG", "Hero.png", "image/png"),
        ("hero.webp", "hero.webp", "image/webp"),
        ("hero.JPG", "hero.jpg", "image/jpeg"),
        ("evil.html", "evil.png", "image/png"),
        ("evil.svg", "evil.png", "image/png"),
        ("../勇者.png", "__.png", "image/png"),
        ("", "image.png", "image/png"),
    ],
)
def test_generated_images_are_pictures(name: str, alias: str, media_type: str) -> None:
    naming = naming_of_image(name)
    assert (next(naming.aliases(DIGEST)), naming.media_type) == (alias, media_type)

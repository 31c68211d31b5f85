"""`assets/<name>` in a game's files becomes the address of the image, and nothing else changes."""

import pytest

from resolvers.asset_references import replace_asset_references

URL = "/user-assets/u/hero.png"
ONE = {"hero.png": URL}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<img src='assets/hero.png'>", f"<img src='{URL}'>"),
        ('<img src="./assets/hero.png">', f'<img src="{URL}">'),
        ('load("/assets/hero.png")', f'load("{URL}")'),
        ("url(../assets/hero.png)", f"url({URL})"),
        ("url(../../assets/hero.png)", f"url({URL})"),
        ("assets/hero.png", URL),
        ("a=`assets/hero.png?v=1`", f"a=`{URL}?v=1`"),
        ("「assets/hero.png」を使う。", f"「{URL}」を使う。"),
        ("assets/hero.pngを、assets/hero.png.", f"{URL}を、{URL}."),
        ("assets/hero.png assets/hero.png", f"{URL} {URL}"),
    ],
)
def test_every_way_to_name_a_file_of_the_project_is_replaced_whole(
    text: str, expected: str
) -> None:
    assert replace_asset_references(text, ONE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "my-assets/hero.png",
        "gameassets/hero.png",
        "https://cdn.example/assets/hero.png",
        "//cdn.example/assets/hero.png",
        "img/../assets/hero.png",
        "${base}/assets/hero.png",
        "assets/hero.png2",
        "assets/hero.png.map",
        "assets/heroXpng",
        "assets/Hero.png",
        "assets/other.png",
        "hero.png",
        "",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert replace_asset_references(text, ONE) == text


def test_of_names_that_begin_alike_the_longest_is_meant() -> None:
    urls = {"hero": "/a", "hero-2": "/b", "hero-2 big.png": "/c"}
    text = "assets/hero-2 big.png, assets/hero-2, assets/hero"
    for order in (urls, dict(reversed(urls.items()))):
        assert replace_asset_references(text, order) == "/c, /b, /a"


def test_names_and_addresses_are_taken_literally() -> None:
    urls = {"a+(1).png": r"/x/$&\1\g<0>.png", "勇者.png": "/y"}
    text = "assets/a+(1).png assets/勇者.png assets/aa1.png"
    assert replace_asset_references(text, urls) == r"/x/$&\1\g<0>.png /y assets/aa1.png"


def test_without_images_nothing_changes() -> None:
    assert replace_asset_references("assets/", {}) == "assets/"
    assert replace_asset_references("assets/", {"": "/x"}) == "assets/"


def test_an_address_that_was_put_in_is_not_replaced_again() -> None:
    urls = {"a.png": "assets/b.png", "b.png": "/c"}
    assert replace_asset_references("assets/a.png", urls) == "assets/b.png"

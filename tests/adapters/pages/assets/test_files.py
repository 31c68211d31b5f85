"""Who may read a file, as what it is sent, and that nothing of it acts on this origin."""

from datetime import timedelta
from typing import Final

import pytest

from schema.assets import Asset, key_of
from schema.identifiers import random_uuid
from tests.adapters.pages.assets.forms import GIF_AND_HTML, HTML, PNG, SVG_WITH_SCRIPT
from tests.adapters.pages.assets.served import Library
from tests.adapters.pages.served import ORIGIN, U1, U2

_LOCKED: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


async def _private(library: Library) -> tuple[str, str]:
    """Both addresses of a private asset of U1."""
    row = await library.uploaded("secret.png")
    address = f"/api/assets/{row['id']}"
    await library.send("PUT", f"{address}/publish", json={"isPublic": False})
    return address, row["url"]


@pytest.mark.rule(
    "http.guard.asset-reader",
    "http.assets.alias",
    "http.token.optional",
    "http.isolation",
    "http.divergence.private-is-not-public",
)
async def test_a_private_file_is_its_owners_alone(library: Library) -> None:
    for address, missing in zip(
        await _private(library), (b'{"error":"Asset not found"}', b"Not found"), strict=True
    ):
        for user_id in (None, U2):
            reply = await library.get(address, user_id)
            assert (reply.status_code, reply.content) == (404, missing)
        for bad in (f"{address}?access_token=garbage", f"{address}?access_token=a&access_token=b"):
            assert (await library.get(bad)).status_code == 404
        for reply in (
            await library.get(address, U1),
            await library.get(f"{address}?access_token={library.token()}"),
        ):
            assert (reply.status_code, reply.content) == (200, PNG)
            assert reply.headers["cache-control"] == "private, no-cache"
            assert "access-control-allow-origin" not in reply.headers


@pytest.mark.rule("http.token.optional", "http.assets.public")
async def test_a_bad_token_does_not_hide_what_is_public(library: Library) -> None:
    row = await library.uploaded()
    reply = await library.get(row["url"], headers={"Authorization": "Bearer garbage"})
    assert reply.status_code == 200


@pytest.mark.rule("http.origins", "http.divergence.games-read-assets")
async def test_everybody_may_read_that_there_is_no_file(library: Library) -> None:
    missing = (f"/user-assets/{U1}/nothing.png", "/global-assets/space/nothing.png")
    for address in (*missing, f"/api/assets/{random_uuid()}", *await _private(library)):
        reply = await library.get(address, headers={"Origin": "null"})
        assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (404, "*")
        reply = await library.get(address, headers={"Origin": ORIGIN})
        assert reply.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.rule("http.origins", "http.divergence.games-read-assets")
async def test_everybody_may_read_the_pixels_of_public_files_only(library: Library) -> None:
    url = (await library.uploaded())["url"]
    _, private = await _private(library)
    for origin in ("null", "https://elsewhere.example"):
        reply = await library.get(url, headers={"Origin": origin})
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in reply.headers
        reply = await library.get(private, U1, {"Origin": origin})
        assert "access-control-allow-origin" not in reply.headers
    for address in (url, private, "/api/assets/search"):
        reply = await library.get(address, U1, {"Origin": ORIGIN})
        assert reply.headers["access-control-allow-origin"] == ORIGIN
        assert reply.headers["vary"] == "Origin"
    listed = await library.get("/api/assets", U1, {"Origin": ORIGIN})
    assert "access-control-allow-origin" not in listed.headers


@pytest.mark.rule("http.options.prefixes", "http.origins")
@pytest.mark.parametrize(
    "address",
    ["/api/assets/x/y/z", "/api/assets/upload", f"/user-assets/{U1}/x", "/global-assets/a"],
)
async def test_browsers_that_ask_beforehand_are_answered(library: Library, address: str) -> None:
    reply = await library.send("OPTIONS", address, None, {"Origin": ORIGIN})
    assert (reply.status_code, reply.text) == (200, "OK")
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    reply = await library.send("OPTIONS", address, None, {"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.rule("http.file.parts", "http.file.headers", "http.head")
async def test_parts_heads_and_conditions(library: Library) -> None:
    url = (await library.uploaded(data=bytes(range(100))))["url"]
    whole = await library.get(url)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "public, max-age=0"
    head = await library.send("HEAD", url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "100", b"")
    part = await library.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/100"
    beyond = await library.get(url, headers={"Range": "bytes=100-"})
    assert beyond.status_code == 416
    for condition in (
        {"If-None-Match": whole.headers["etag"]},
        {"If-Modified-Since": whole.headers["last-modified"]},
    ):
        assert (await library.get(url, headers=condition)).status_code == 304


@pytest.mark.rule(
    "http.active-content",
    "http.assets.mismatch",
    "http.assets.file",
    "http.divergence.assets-are-inert",
)
@pytest.mark.parametrize(
    ("name", "declared", "data", "by_alias", "by_id"),
    [
        ("p.png", "image/png", PNG, "image/png", "image/png"),
        ("photo.png", "image/jpeg", PNG, "image/png", "image/jpeg"),
        ("p.gif", "image/gif", GIF_AND_HTML, "image/gif", "image/gif"),
        ("x.png", "text/html", HTML, "image/png", "image/png"),
        ("x.png", "image/png", HTML, "image/png", "image/png"),
        ("x.svg", "image/svg+xml", SVG_WITH_SCRIPT, "image/svg+xml", "image/svg+xml"),
        ("x.svg", "text/html", SVG_WITH_SCRIPT, "image/svg+xml", "image/svg+xml"),
        ("x.json", "text/html", HTML, *2 * ["application/json; charset=utf-8"]),
        ("s.mp3", "audio/mpeg", HTML, "audio/mpeg", "audio/mpeg"),
        ("s.ogg", "video/ogg", HTML, "audio/ogg", "audio/ogg"),
        ("photo.heic", "image/jpeg", PNG, "image/heic", "image/jpeg"),
        ("no extension", "image/png", HTML, "application/octet-stream", "image/png"),
    ],
)
async def test_nothing_that_was_uploaded_is_active(
    library: Library, name: str, declared: str, data: bytes, by_alias: str, by_id: str
) -> None:
    row = await library.uploaded(name, data, declared)
    for address, media_type in ((row["url"], by_alias), (f"/api/assets/{row['id']}", by_id)):
        reply = await library.get(address)
        assert reply.content == data
        assert reply.headers["content-type"] == media_type
        assert reply.headers["content-security-policy"] == _LOCKED
        assert reply.headers["x-content-type-options"] == "nosniff"
        download = media_type == "application/octet-stream"
        assert reply.headers.get("content-disposition") == ("attachment" if download else None)


@pytest.mark.rule("http.active-content", "http.divergence.assets-are-inert")
@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("a.html", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.js", "image/png\r\nX: y"),
        ("a.svgz", "image/png, text/html"),
    ],
)
async def test_rows_of_another_server_are_downloads(
    library: Library, filename: str, media_type: str
) -> None:
    asset = Asset(
        random_uuid(), U1, "", filename, filename, media_type, 4, "0" * 64, library.clock()
    )
    await library.store.assets.add_asset(asset, [filename])
    await library.cases.storage.write(key_of(asset), HTML)
    for address in (f"/user-assets/{U1}/{filename}", f"/api/assets/{asset.id}"):
        reply = await library.get(address)
        assert reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["content-disposition"] == "attachment"


@pytest.mark.rule("http.assets.alias", "http.assets.official", "http.guard.asset-reader")
async def test_files_are_there_from_when_to_when_the_row_says(library: Library) -> None:
    hour = timedelta(hours=1)
    now = library.clock()
    windows = {
        "always.png": (None, None, 200),
        "now.png": (now - hour, now + hour, 200),
        "later.png": (now + hour, None, 404),
        "over.png": (None, now - hour, 404),
    }
    for owner_id, category in ((U1, None), (None, "seasonal")):
        for alias, (begin, end, status) in windows.items():
            asset = Asset(
                random_uuid(), owner_id, "", alias, alias, "image/png", 3, "0" * 64, now,
                category=category, available_from=begin, available_until=end,
            )  # fmt: skip
            await library.store.assets.add_asset(asset, [alias])
            await library.cases.storage.write(key_of(asset), PNG)
            folder = f"/user-assets/{U1}" if owner_id else "/global-assets/seasonal"
            reply = await library.get(f"{folder}/{alias}")
            assert reply.status_code == status
            assert (await library.get(f"/api/assets/{asset.id}")).status_code == 200


@pytest.mark.rule("http.assets.file", "http.assets.alias", "http.error.text")
async def test_a_lost_file_is_not_found(library: Library) -> None:
    row = await library.uploaded()
    (path,) = [path for path in library.objects.rglob("*") if path.is_file()]
    path.unlink()
    by_id, by_alias = await library.get(f"/api/assets/{row['id']}"), await library.get(row["url"])
    assert (by_id.status_code, by_id.json()) == (404, {"error": "Asset file not found"})
    assert (by_alias.status_code, by_alias.text) == (404, "Not found")


@pytest.mark.rule("http.traversal", "http.assets.alias")
@pytest.mark.parametrize(
    "path", ["..%2f..%2fstore.db", "%00", "a%5cb", "%ff", "x" * 3_000, "%E2%80%AE"]
)
async def test_aliases_are_names_and_never_paths(library: Library, path: str) -> None:
    for folder in (f"/user-assets/{U1}", "/global-assets/seasonal"):
        assert (await library.get(f"{folder}/{path}")).status_code == 404

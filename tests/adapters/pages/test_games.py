"""Games over HTTP: who may have them, and what they get."""

import pytest

from tests.adapters.pages.served import GAME, INDEX, P1, P2, U1, U2, Served

EVERY_BYTE = bytes(range(256)) * 4


@pytest.mark.rule(
    "http.game.order",
    "http.token.missing",
    "http.token.invalid",
    "http.token.prefix",
    "http.token.repeated",
    "http.path.ids",
    "http.guard.order",
)
async def test_the_checks_come_in_their_order_with_their_words(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    mine = served.bearer()
    for target, headers, status, error in (
        ("/game/x/y/z", {}, 401, "No access token provided"),
        ("/game/x/y/z", {"Authorization": "Bearer garbage"}, 401, "Invalid or expired token"),
        ("/game/x/y/z", {"Authorization": mine["Authorization"].replace("Bearer", "bearer")}, 401,
         "No access token provided"),
        ("/game/x/y/z?access_token=", {}, 401, "No access token provided"),
        ("/game/x/y/z?access_token=a&access_token=b", {}, 401, "Invalid or expired token"),
        (f"/game/x/{P1}/../..", mine, 400, "Invalid ID format"),
        (f"/game/{U1}/{P1}x/", mine, 400, "Invalid ID format"),
        (f"/game/{U2}/{P2}/", mine, 403, "Access denied"),
        # Under the own id, but somebody else's project.
        (f"/game/{U1}/{P2}/../x", mine, 404, "Project not found"),
        (f"{GAME}/../x", mine, 400, "Invalid file path"),
    ):  # fmt: skip
        reply = await served.get(target, headers)
        assert (reply.status, reply.json) == (status, {"error": error})
        assert reply.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.rule("http.token.places")
async def test_a_token_in_the_header_wins_over_one_in_the_address(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    assert (await served.get(f"{GAME}/?access_token=bad", served.bearer())).status == 200
    reply = await served.get(
        f"{GAME}/?access_token={served.token()}", {"Authorization": "Bearer bad"}
    )
    assert reply.status == 401


@pytest.mark.rule("http.path.ids", "http.path.matching", "http.game.index")
async def test_ids_ignore_case(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    reply = await served.get(f"/GAME/{U1.upper()}/{P1.upper()}/", served.bearer())
    assert reply.status == 200


@pytest.mark.rule(
    "http.game.traversal",
    "http.traversal",
    "http.hidden-files",
    "http.divergence.dotfiles-are-hidden",
    "http.divergence.folders-are-missing",
)
async def test_no_address_leads_out_of_the_project(served: Served) -> None:
    await served.publish(
        {"index.html": INDEX, ".env": b"secret", "a/.b/c.js": b"secret", "js/app.js": b"1"}
    )
    for path in (
        *("../x", "%2e%2e/x", "..%2Fx", "js/..%2F..%2Fx", "js/../index.html"),
        *("..%5Cx", "js%5C..%5C..%5Cx", "%00", "index.html%00"),
    ):
        reply = await served.get(f"{GAME}/{path}", served.bearer())
        assert (reply.status, reply.json) == (400, {"error": "Invalid file path"})
    for path in (
        *(".env", "%2Eenv", ".git/config", "a/.b/c.js", "js", "js/", "%252e%252e/x", "%FF"),
        *("x" * 5_000, "x/" * 2_500 + "y", "index.html/", "index.html%0A"),
    ):
        reply = await served.get(f"{GAME}/{path}", served.bearer())
        assert (reply.status, reply.body) == (404, b"File not found")
        assert b"secret" not in reply.body
    for path in ("/js//app.js", "./js/./app.js"):
        assert (await served.get(f"{GAME}/{path}", served.bearer())).body == b"1"


@pytest.mark.rule(
    "http.game.types",
    "http.game.bytes",
    "http.divergence.games-are-bytes",
    "http.divergence.private-is-not-public",
)
async def test_files_come_as_they_are_with_their_types(served: Served) -> None:
    types = {
        "a.css": "text/css; charset=utf-8",
        "a.mjs": "application/javascript; charset=utf-8",
        "a.json": "application/json; charset=utf-8",
        "A.PNG": "image/png",
        "a.jpeg": "image/jpeg",
        "a.svg": "image/svg+xml; charset=utf-8",
        "a.mp3": "audio/mpeg",
        "a.woff2": "font/woff2",
        "a.wasm": "application/wasm",
        "a.glb": "model/gltf-binary",
        "a.level": "application/octet-stream",
        "level": "application/octet-stream",
        "日本 語.html": "text/html; charset=utf-8",
    }
    await served.publish(dict.fromkeys(types, EVERY_BYTE))
    for path, media_type in types.items():
        target = f"{GAME}/{path.replace('日本 語', '%E6%97%A5%E6%9C%AC%20%E8%AA%9E')}"
        reply = await served.get(target, served.bearer())
        assert (reply.status, reply.body) == (200, EVERY_BYTE)
        assert reply.headers["content-type"] == media_type
        assert reply.headers["cache-control"] == "private, no-cache"


@pytest.mark.rule("http.file.parts", "http.head", "http.divergence.games-are-bytes")
async def test_parts_and_conditions(served: Served) -> None:
    await served.publish({"a.mp3": EVERY_BYTE})
    target, mine = f"{GAME}/a.mp3", served.bearer()
    part = await served.get(target, {**mine, "Range": "bytes=-4"})
    assert (part.status, part.body) == (206, b"\xfc\xfd\xfe\xff")
    assert part.headers["content-range"] == "bytes 1020-1023/1024"
    assert (await served.get(target, {**mine, "Range": "bytes=5000-"})).status == 416
    tag = {"If-None-Match": part.headers["etag"]}
    assert (await served.get(target, {**mine, **tag})).status == 304
    head = await served.get(target, mine, "HEAD")
    assert (head.status, head.headers["content-length"], head.body) == (200, "1024", b"")
    await served.publish({"a.mp3": EVERY_BYTE * 2})
    assert (await served.get(target, {**mine, **tag})).status == 200


@pytest.mark.rule("http.game.injection", "http.game.index")
async def test_only_the_index_gets_the_script(served: Served) -> None:
    page = b"<html><head lang=ja></head><head><HEAD>\xff</html>"
    await served.publish({"index.html": page, "sub/index.html": page, "b.html": page})
    reply = await served.get(f"{GAME}/index.html", served.bearer())
    before, _, after = reply.body.partition(b"<script>")
    assert before == b"<html><head lang=ja></head><head>\n"
    assert after.endswith(b"</script>\n<HEAD>\xff</html>")
    assert b"gameError" in reply.body
    assert (await served.get(f"{GAME}/", served.bearer())).body == reply.body
    for path in ("sub/index.html", "b.html"):
        assert (await served.get(f"{GAME}/{path}", served.bearer())).body == page
    await served.publish({"index.html": b"<HEAD><p>a"})
    reply = await served.get(f"{GAME}/", served.bearer())
    assert reply.body.startswith(b"<HEAD>\n<script>")
    await served.publish({"index.html": b"<p>no head"})
    reply = await served.get(f"{GAME}/", served.bearer())
    assert reply.body.startswith(b"<script>")
    assert reply.body.endswith(b"<p>no head")


@pytest.mark.rule("http.game.welcome")
async def test_a_project_without_a_version_welcomes(served: Served) -> None:
    reply = await served.get(f"{GAME}/index.html", served.bearer())
    assert reply.status == 200
    page = reply.body.decode().partition("</script>")[2]
    assert "Welcome to Game Creator" in page
    assert len(page) < 2_000
    assert (await served.get(f"{GAME}/app.js", served.bearer())).body == b"File not found"
    opened = await served.get(await served.granted())
    assert opened.body == reply.body

"""Games over HTTP: who may have them, and what they get."""

from tests.adapters.pages.served import GAME, INDEX, ORIGIN, P1, P2, U1, U2, Served

EVERY_BYTE = bytes(range(256)) * 4


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


async def test_a_token_in_the_header_wins_over_one_in_the_address(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    assert (await served.get(f"{GAME}/?access_token=bad", served.bearer())).status == 200
    reply = await served.get(
        f"{GAME}/?access_token={served.token()}", {"Authorization": "Bearer bad"}
    )
    assert reply.status == 401


async def test_ids_ignore_case(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    reply = await served.get(f"/GAME/{U1.upper()}/{P1.upper()}/", served.bearer())
    assert reply.status == 200


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


async def test_a_project_without_a_version_welcomes(served: Served) -> None:
    reply = await served.get(f"{GAME}/index.html", served.bearer())
    assert reply.status == 200
    page = reply.body.decode().partition("</script>")[2]
    assert "Welcome to Game Creator" in page
    assert len(page) < 2_000
    assert (await served.get(f"{GAME}/app.js", served.bearer())).body == b"File not found"
    opened = await served.get(await served.granted())
    assert opened.body == reply.body


async def test_a_browser_is_sent_to_an_address_without_its_token(served: Served) -> None:
    version = await served.publish({"index.html": INDEX, "js/a b.js": b"old"})
    location = await served.granted("js/a%20b.js")
    assert location.startswith("/game/~")
    assert location.endswith(f"/{U1}/{P1}/js/a%20b.js")
    assert served.token().split(".")[1] not in location
    await served.publish({"js/a b.js": b"new"})
    # What a page began with it gets to its end.
    reply = await served.get(location)
    assert reply.body == b"old"
    assert version in location
    assert reply.headers["cache-control"] == "private, max-age=3600"
    assert (await served.get(await served.granted("js/a%20b.js"))).body == b"new"


async def test_programs_get_the_page_without_a_detour(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    address = f"{GAME}/index.html?t=1&access_token={served.token()}"
    html = {"Accept": "text/html"}
    assert (await served.get(address)).status == 200
    assert (await served.get(f"{GAME}/index.html", {**served.bearer(), **html})).status == 200
    sent = await served.get(address, html)
    assert (sent.status, sent.headers["cache-control"]) == (302, "no-store")


async def test_a_grant_opens_one_game_for_some_hours(served: Served) -> None:
    await served.publish({"index.html": INDEX, "a.js": b"1", ".env": b"secret"})
    _, _, grant, user, project, _ = (await served.granted()).split("/")
    base = f"/game/{grant}/{user}/{project}"
    assert (await served.get(f"{base}/a.js")).body == b"1"
    assert (await served.get(f"{base}/.env")).status == 404
    assert (await served.get(f"{base}/../x")).status == 400
    forged = grant[:-1] + ("0" if grant[-1] != "0" else "1")
    later = "~fffffffff" + grant[grant.index("-") :]
    for bad in (forged, later, "~", "~x", grant + "0", grant.upper(), "~" + "-".join("000")):
        reply = await served.get(f"/game/{bad}/{user}/{project}/a.js")
        assert reply.status in (401, 404)
        assert reply.body != b"1"
    for ids in (f"{user}/{P2}", f"{U2}/{project}", "x/y"):
        assert (await served.get(f"/game/{grant}/{ids}/a.js")).status in (400, 401)
    served.clock.now += 6 * 3_600
    assert (await served.get(f"{base}/a.js")).status == 200
    served.clock.now += 3_600
    reply = await served.get(f"{base}/a.js")
    assert (reply.status, reply.json) == (401, {"error": "Invalid or expired token"})


async def test_a_removed_project_is_gone_for_grants_too(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    location = await served.granted()
    await served.mirror.remove(P1)
    assert (await served.get(location)).status == 404


async def test_every_answer_is_locked_up(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    for target, headers in (
        (f"{GAME}/", served.bearer()),
        (f"{GAME}/no.svg", served.bearer()),
        (f"{GAME}/", {}),
        (await served.granted(), {}),
    ):
        answered = (await served.get(target, headers)).headers
        assert answered["content-security-policy"].startswith("sandbox allow-scripts ")
        assert "allow-same-origin" not in answered["content-security-policy"]
        assert answered["referrer-policy"] == "no-referrer"


async def test_other_origins_read_games_only_from_the_list(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    listed = {"Origin": ORIGIN}
    reply = await served.get(f"{GAME}/", {**served.bearer(), **listed})
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert reply.headers["vary"] == "Origin"
    for origin in ("null", "https://evil.example"):
        reply = await served.get(f"{GAME}/", {**served.bearer(), "Origin": origin})
        assert "access-control-allow-origin" not in reply.headers
    preflight = await served.get(f"{GAME}/a.js", listed, "OPTIONS")
    assert (preflight.status, preflight.body) == (200, b"OK")
    assert preflight.headers["access-control-allow-methods"] == "GET, OPTIONS"
    granted = await served.get(await served.granted(), {"Origin": "null"})
    assert granted.headers["access-control-allow-origin"] == "*"


async def test_a_thumbnail_is_public_and_its_first_format_wins(served: Served) -> None:
    target = f"/api/projects/{P1}/thumbnail?access_token=ignored"
    assert (await served.get(target)).body == b"Not found"
    await served.publish({"thumbnail.png": b"png"})
    reply = await served.get(target)
    assert (reply.body, reply.headers["content-type"]) == (b"png", "image/png")
    await served.publish({"thumbnail.webp": b"webp"})
    reply = await served.get(target)
    assert (reply.body, reply.headers["content-type"]) == (b"webp", "image/webp")
    condition = {"If-None-Match": reply.headers["etag"]}
    assert (await served.get(target, condition)).status == 304

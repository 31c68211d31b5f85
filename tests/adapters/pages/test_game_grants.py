"""Addresses of games that carry a grant, and what every answer of a game is locked up with."""

import pytest

from tests.adapters.pages.served import GAME, INDEX, ORIGIN, P1, P2, U1, U2, Served


@pytest.mark.rule("http.game.sub-resources", "http.divergence.games-load-their-files")
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


@pytest.mark.rule("http.game.query", "http.token.places")
async def test_programs_get_the_page_without_a_detour(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    address = f"{GAME}/index.html?t=1&access_token={served.token()}"
    html = {"Accept": "text/html"}
    assert (await served.get(address)).status == 200
    assert (await served.get(f"{GAME}/index.html", {**served.bearer(), **html})).status == 200
    sent = await served.get(address, html)
    assert (sent.status, sent.headers["cache-control"]) == (302, "no-store")


@pytest.mark.rule(
    "http.game.sub-resources", "http.divergence.games-load-their-files", "http.isolation"
)
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


@pytest.mark.rule("http.game.sub-resources")
async def test_a_removed_project_is_gone_for_grants_too(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    location = await served.granted()
    await served.mirror.remove(P1)
    assert (await served.get(location)).status == 404


@pytest.mark.rule("http.game.sandbox", "http.divergence.games-are-locked-up")
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


@pytest.mark.rule("http.origins", "http.options.prefixes")
async def test_other_origins_read_games_only_from_the_list(served: Served) -> None:
    await served.publish({"index.html": INDEX})
    listed = {"Origin": ORIGIN}
    reply = await served.get(f"{GAME}/", {**served.bearer(), **listed})
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert reply.headers["vary"] == "Origin"
    for origin in ("null", "https://evil.example"):
        reply = await served.get(f"{GAME}/", {**served.bearer(), "Origin": origin})
        assert "access-control-allow-origin" not in reply.headers
    for target in (f"{GAME}/a.js", "/game/x", "/GAME/"):
        preflight = await served.get(target, listed, "OPTIONS")
        assert (preflight.status, preflight.body) == (200, b"OK")
        assert preflight.headers["access-control-allow-methods"] == "GET, OPTIONS"
    assert (await served.get("/game/x")).status == 404
    granted = await served.get(await served.granted(), {"Origin": "null"})
    assert granted.headers["access-control-allow-origin"] == "*"


@pytest.mark.rule("http.thumbnail.public")
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

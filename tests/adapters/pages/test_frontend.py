"""The frontend's folder as browsers get it, and what of it they never get."""

import os
from pathlib import Path

import pytest

from tests.adapters.pages.exchange import exchange
from tests.adapters.pages.served import Served, serving

STRANGE = (
    "/../public/index.html",
    "/..%2F..%2Fetc%2Fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/images/%2e%2e/index.html",
    "/..%5C..%5Cetc%5Cpasswd",
    "/index.html%00.css",
    "/index.html%0A",
    "//etc/passwd",
    "/.env",
    "/%2Eenv",
    "/.git/config",
    "/index.html/",
    "/index.html/x",
    "/" + "x" * 5_000,
    "/" + "x/" * 2_500,
    "/%FF%FE",
)


@pytest.mark.rule(
    "http.page.index",
    "http.page.create",
    "http.page.project",
    "http.page.play",
    "http.page.others",
    "http.path.matching",
    "http.divergence.play-is-open",
)
async def test_clean_addresses_ignore_case_and_a_trailing_slash(served: Served) -> None:
    for target, page in {
        "/": "index",
        "/Create": "create",
        "/create/": "create",
        "/project/new?tab=1": "editor",
        "/PROJECT/x/": "editor",
        "/play/anything": "play",
        "/MyPage/": "mypage",
    }.items():
        reply = await served.get(target)
        assert (reply.status, reply.body.decode()) == (200, f"<title>{page}</title>ようこそ")
        assert reply.headers["content-type"] == "text/html; charset=UTF-8"
        assert reply.headers["cache-control"] == "public, max-age=0"
    assert (await served.get("/project/a/b")).status == 404


@pytest.mark.rule(
    "http.traversal", "http.hidden-files", "http.page.no-guessing", "http.error.unknown"
)
@pytest.mark.parametrize("target", STRANGE, ids=lambda target: target[:24])
async def test_strange_addresses_are_unknown(served: Served, target: str) -> None:
    reply = await served.get(target)
    assert reply.status == 404
    assert b"<pre>Cannot GET /" in reply.body
    assert reply.headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.rule("http.traversal", "http.crashes")
async def test_links_out_of_the_folder_and_pipes_are_not_there(
    served: Served, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (served.frontend / "out.txt").symlink_to(tmp_path / "secret.txt")
    (served.frontend / "up").symlink_to(tmp_path)
    (served.frontend / "in.css").symlink_to("style.css")
    os.mkfifo(served.frontend / "pipe.txt")
    for target in ("/out.txt", "/up/secret.txt", "/pipe.txt"):
        assert (await served.get(target)).status == 404
    assert (await served.get("/in.css")).body == b"style.css"


@pytest.mark.rule("http.error.unknown")
async def test_an_unknown_address_is_shown_harmless(served: Served) -> None:
    reply = await served.get("/%3Cscript%3Ealert(1)%3C/script%3E", method="DELETE")
    assert reply.status == 404
    assert b"Cannot DELETE /%3Cscript%3Ealert" in reply.body


@pytest.mark.rule("http.error.unknown", "http.absent.publish")
async def test_who_sends_much_to_an_unknown_address_hears_of_it(served: Served) -> None:
    for target in ("/api/projects/x/publish", "/nope"):
        reply = await exchange(served.port, "POST", target, body=bytes(5 * 2**20))
        assert reply.status == 404
        assert f"Cannot POST {target}".encode() in reply.body


@pytest.mark.rule("http.page.folder", "http.page.style-images")
async def test_a_folder_leads_to_its_slash_and_has_no_listing(served: Served) -> None:
    reply = await served.get("/images/styles?a=1")
    assert (reply.status, reply.headers["location"]) == (301, "/images/styles/?a=1")
    assert (await served.get("/images/")).status == 404
    (served.frontend / "images/index.html").write_text("pictures")
    assert (await served.get("/images/")).body == b"pictures"


@pytest.mark.rule("http.head", "http.file.headers")
async def test_head_tells_what_get_would_send(served: Served) -> None:
    for target in ("/", "/images/styles/2d/pop/neon.webp", "/nope", "/api/health"):
        get, head = await served.get(target), await served.get(target, method="HEAD")
        assert head.body == b""
        assert head.status == get.status
        for name in ("content-type", "etag", "last-modified", "accept-ranges"):
            if target != "/api/health" or name != "etag":
                assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.rule("http.file.headers")
async def test_what_a_browser_has_is_not_sent_again(served: Served) -> None:
    first = await served.get("/style.css")
    tag, date = first.headers["etag"], first.headers["last-modified"]
    assert tag.startswith('W/"')
    for condition in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", {tag}'},
        {"If-Modified-Since": date},
    ):
        reply = await served.get("/style.css", condition)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == tag
    for condition in (
        {"If-None-Match": '"other"', "If-Modified-Since": date},
        {"If-Modified-Since": "Mon, 01 Jan 1990 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert (await served.get("/style.css", condition)).body == b"style.css"


@pytest.mark.rule("http.file.parts", "http.page.style-images")
async def test_parts_of_a_file(served: Served) -> None:
    target, data = "/images/styles/2d/pop/neon.webp", bytes(range(256))
    for asked, start, stop in (("0-", 0, 256), ("10-19", 10, 20), ("-6", 250, 256)):
        reply = await served.get(target, {"Range": f"bytes={asked}"})
        assert (reply.status, reply.body) == (206, data[start:stop])
        assert reply.headers["content-range"] == f"bytes {start}-{stop - 1}/256"
    past = await served.get(target, {"Range": "bytes=256-"})
    assert (past.status, past.headers["content-range"]) == (416, "bytes */256")
    for whole in ("bytes=0-1,5-6", "lines=1-2", "bytes=9-1", "bytes=-", "x"):
        reply = await served.get(target, {"Range": whole})
        assert (reply.status, reply.body) == (200, data)
    stale = {"Range": "bytes=0-1", "If-Range": '"another version"'}
    assert (await served.get(target, stale)).status == 200


@pytest.mark.rule("http.options.methods")
async def test_options_tells_the_methods(served: Served) -> None:
    reply = await served.get("/api/config", method="OPTIONS")
    assert (reply.status, reply.headers["allow"], reply.body) == (200, "GET,HEAD", b"GET,HEAD")


@pytest.mark.rule("http.path.matching", "http.health", "http.config", "http.json.form")
async def test_api_addresses_ignore_case_and_a_trailing_slash(served: Served) -> None:
    health = await served.get("/API/Health/")
    assert health.status == 200
    assert health.json.keys() == {"status", "timestamp", "uptime"}
    config = await served.get("/api/config/")
    again = await served.get("/api/config", {"If-None-Match": config.headers["etag"]})
    assert again.status == 304


@pytest.mark.rule("http.page.index")
async def test_without_a_frontend_the_root_is_the_playground(tmp_path: Path) -> None:
    async with serving(tmp_path, with_frontend=False) as served:
        reply = await served.get("/")
        assert (reply.status, reply.headers["location"]) == (302, "/graphql")
        assert (await served.get("/create")).status == 404

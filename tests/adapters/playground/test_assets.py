from pathlib import Path

import anyio
import httpx
import pytest

import adapters.playground

STATIC = Path(adapters.playground.__file__).parent / "static"
ASSETS = sorted((STATIC / "assets").iterdir())
FOREIGN = ("sourceMappingURL", "npmjs", "/node_modules/", "/home/", "/tmp/", "file://")


def named(suffix: str) -> Path:
    return next(path for path in ASSETS if path.suffix == suffix)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".ttf", "font/ttf"),
    ],
)
async def test_files_are_served_whole_with_their_type_and_kept_for_good(
    site: httpx.AsyncClient, suffix: str, media_type: str
) -> None:
    file = named(suffix)
    answer = await site.get(f"/playground/assets/{file.name}")
    assert answer.status_code == 200
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "worker-src 'self'" in answer.headers["content-security-policy"]


async def test_a_file_that_the_client_has_is_not_sent_again(site: httpx.AsyncClient) -> None:
    path = f"/playground/assets/{named('.css').name}"
    tag = (await site.get(path)).headers["etag"]
    for condition in (tag, f'"other", W/{tag}', "*"):
        again = await site.get(path, headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert (await site.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_head_and_other_methods(site: httpx.AsyncClient) -> None:
    file = named(".js")
    path = f"/playground/assets/{file.name}"
    head = await site.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(file.stat().st_size)
    post = await site.post(path)
    assert (post.status_code, post.headers["allow"]) == (405, "GET, HEAD")
    assert post.json() == {"error": "Method Not Allowed"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "missing.js",
        "../index.html",
        "..%2findex.html",
        "%2e%2e/%2e%2e/pages.py",
        "..%5cindex.html",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "a%00.js",
    ],
)
async def test_no_path_leads_out_of_the_folder(site: httpx.AsyncClient, name: str) -> None:
    assert site.base_url.port is not None
    # Not by a client that would tidy the path first.
    async with await anyio.connect_tcp("127.0.0.1", site.base_url.port) as connection:
        line = f"GET /playground/assets/{name} HTTP/1.1"
        await connection.send(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join([chunk async for chunk in connection])
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 404 ")
    assert body == b'{"error":"Not Found"}'


def test_the_build_is_what_the_page_asks_for_and_names_no_machine() -> None:
    page = (STATIC / "index.html").read_text()
    assert "{{ configuration }}" in page
    for path in ASSETS:
        text = path.read_bytes().decode(errors="replace")
        assert [word for word in FOREIGN if word in text] == [], path.name
    names = {path.name for path in ASSETS}
    asked = {part.split('"')[0] for part in page.split("/playground/assets/")[1:]}
    assert asked
    assert asked <= names
    assert (STATIC / "licenses.md").stat().st_size > 0

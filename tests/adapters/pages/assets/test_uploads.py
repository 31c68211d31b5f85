"""Uploads at their limits, forms that are none, and many at once."""

from collections.abc import AsyncGenerator

import anyio
import pytest

from adapters.pages.assets.bodies import MAX_FORM_BYTES, MAX_TEXT_BYTES, MAX_TEXTS
from schema.assets import MAX_UPLOAD_BYTES
from tests.adapters.pages.assets.forms import BOUNDARY, HTML, PNG, Part, form
from tests.adapters.pages.assets.served import UPLOAD, Library
from tests.adapters.pages.served import P1, P2, U1

_FILE = Part("file", PNG, "p.png", "image/png")
_FORM = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.mark.rule("http.assets.size", "http.body.form")
@pytest.mark.parametrize("missing", [-1, 0, 1])
async def test_a_file_has_less_than_a_mebibyte(library: Library, missing: int) -> None:
    data = b"x" * (MAX_UPLOAD_BYTES + missing)
    reply = await library.post(Part("file", data, "p.png", "image/png"))
    if missing > 0:
        assert (reply.status_code, reply.json()) == (413, {"error": "File too large"})
        assert (await library.listed(), library.files()) == ([], [])
    else:
        assert (await library.get(reply.json()["asset"]["url"])).content == data


@pytest.mark.rule("http.body.streamed", "http.body.form")
@pytest.mark.parametrize("size", [MAX_FORM_BYTES, MAX_FORM_BYTES + 1, 3 * 2**20])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_browser_is_told_that_a_file_is_far_too_large(
    library: Library, size: int, chunked: bool
) -> None:
    content_type, body = form(Part("file", b"x" * size, "p.png", "image/png"))

    async def pieces() -> AsyncGenerator[bytes, None]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    content = pieces() if chunked else body
    headers = {"Content-Type": content_type}
    reply = await library.send("POST", UPLOAD, headers=headers, content=content)
    assert (reply.status_code, reply.json()) == (413, {"error": "File too large"})
    assert await library.listed() == []


@pytest.mark.rule(
    "http.assets.upload.order",
    "http.assets.types",
    "http.body.form",
    "http.divergence.bodies-are-refused-in-json",
    "http.divergence.uploads-are-harmless",
)
@pytest.mark.parametrize(
    ("parts", "status", "text"),
    [
        ([], 400, "No file uploaded"),
        ([Part("projectId", b"zzz")], 400, "No file uploaded"),
        ([Part("file", PNG)], 400, "No file uploaded"),
        ([Part("file", b"", "", "application/octet-stream")], 400, "No file uploaded"),
        ([Part("wrong", PNG, "p.png", "image/png")], 400, "Unexpected field"),
        ([_FILE, _FILE], 400, "Invalid form"),
        ([Part("tags", b"x", "t.png", "image/png")], 400, "Unexpected field"),
        ([Part(f"f{number}", b"") for number in range(MAX_TEXTS + 1)], 400, "Invalid form"),
        ([_FILE, Part("tags", b"x" * (MAX_TEXT_BYTES + 1))], 400, "Invalid form"),
        ([_FILE, Part("projectId", b"zzz")], 400, "Invalid project ID"),
        ([_FILE, Part("projectId", P2.encode())], 403, "Access denied to project"),
        ([Part("file", b"x", "x.txt", "text/plain")], 415, "Invalid file type"),
        ([Part("file", HTML, "p.html", "image/png")], 415, "Invalid file type"),
        ([_FILE, Part("originalName", b"evil.html")], 415, "Invalid file type"),
        ([_FILE, Part("tags", b"a\0b")], 400, "`tags` holds characters that no text has."),
        ([_FILE, Part("description", b"x" * 2_001)], 400, None),
        ([_FILE, Part("originalName", b"x" * 2_001)], 400, None),
    ],
)
async def test_what_is_no_upload_is_refused_in_json(
    library: Library, parts: list[Part], status: int, text: str | None
) -> None:
    reply = await library.post(*parts)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert text is None or reply.json() == {"error": text}
    assert (await library.listed(), library.files()) == ([], [])


@pytest.mark.rule("http.body.form", "http.divergence.bodies-are-refused-in-json")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        (f"multipart/form-data; boundary={'x' * 300}", b"x"),
        (_FORM, b""),
        (_FORM, b"no boundary at all"),
        (_FORM, form(_FILE)[1][:-14]),
        (_FORM, form(_FILE)[1].removesuffix(b"--boundary--\r\n")),
        (_FORM, b"--boundary\r\nContent-Type: image/png\r\n\r\nx\r\n--boundary--\r\n"),
        (_FORM, b"--boundary\r\n\0: x\r\n\r\nx\r\n--boundary--\r\n"),
        (_FORM, b"--boundary\r\n" + b"A: b\r\n" * 1_000 + b"\r\nx\r\n--boundary--\r\n"),
        (_FORM, b"--boundary\r\nA: " + b"b" * 100_000 + b"\r\n\r\nx\r\n--boundary--\r\n"),
        (f"{_FORM}; charset=unicode_escape", form(_FILE, Part("tags", rb"\ud800"))[1]),
        (f"{_FORM}; charset=idna", form(_FILE, Part("tags", b"a..b"))[1]),
    ],
)
async def test_malformed_forms_are_refused_in_json(
    library: Library, content_type: str, body: bytes
) -> None:
    headers = {"Content-Type": content_type}
    reply = await library.send("POST", UPLOAD, headers=headers, content=body)
    assert (reply.status_code, reply.json()) == (400, {"error": "Invalid form"})
    assert (await library.listed(), library.files()) == ([], [])


@pytest.mark.rule("http.assets.upload")
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", None])
async def test_without_a_form_there_is_no_file(library: Library, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = await library.send("POST", UPLOAD, headers=headers, content=b"{}")
    assert (reply.status_code, reply.json()) == (400, {"error": "No file uploaded"})


@pytest.mark.rule("http.body.streamed", "http.assets.upload")
async def test_fields_come_in_any_order_and_unknown_ones_are_ignored(library: Library) -> None:
    texts = [Part("originalName", "絵.png".encode()), Part("projectId", P1.upper().encode())]
    for parts in ([*texts, _FILE], [_FILE, *texts], [texts[0], _FILE, Part("x", b"y"), texts[1]]):
        reply = await library.post(*parts)
        assert reply.json()["asset"]["name"] == "絵.png"
    listed = await library.listed()
    assert [[project["id"] for project in row["projects"]] for row in listed] == [[P1]] * 3


@pytest.mark.rule("http.assets.names", "http.traversal")
@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("../../../etc/passwd.png", "passwd.png"),
        ("..\\..\\boot.png", "boot.png"),
        ("C:\\fakepath\\cat.png", "cat.png"),
        ("....png", "___.png"),
        (".htaccess.png", "_htaccess.png"),
        ("a\u202egnp.json", "a_gnp.json"),
        ("😀" * 40 + ".png", "_" * 32 + ".png"),
        ("x" * 1_990 + ".png", "x" * 32 + ".png"),
        ("con.png", "con.png"),
        ('"; drop table.png', "_22__drop_table.png"),
        ("é.png", "_.png"),
        ("e\u0301.png", "e_.png"),
    ],
)
async def test_names_become_harmless_and_the_file_is_found_by_them(
    library: Library, name: str, alias: str
) -> None:
    row = await library.uploaded(name)
    assert row["alias"] == alias
    assert (await library.get(row["url"])).content == PNG
    assert "/" not in row["filename"]
    assert "\u202e" not in row["filename"]
    (path,) = [path for path in library.objects.rglob("*") if path.is_file()]
    assert path.parent == library.objects / "users" / U1 / "assets"


@pytest.mark.rule("http.assets.names", "http.assets.no-dedupe")
async def test_twenty_uploads_of_one_name_at_once_get_twenty_aliases(library: Library) -> None:
    rows = []

    async def upload(number: int) -> None:
        rows.append((await library.uploaded("same.png", PNG + b"%d" % (number % 15)), number % 15))

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(upload, number)
    expected = {"same.png", *(f"same_{number}.png" for number in range(2, 21))}
    assert {row["alias"] for row, _ in rows} == expected
    for row, content in rows:
        assert (await library.get(row["url"])).content == PNG + b"%d" % content
    # Same content under the same name is the same file.
    assert len(library.files()) == 15


@pytest.mark.rule(
    "http.body.json",
    "http.body.limit",
    "http.divergence.bodies-are-refused-in-json",
    "http.divergence.bodies-are-read-for-somebody",
)
@pytest.mark.parametrize(
    ("content", "status", "text"),
    [
        (b"{", 400, "Invalid JSON"),
        (b"[]", 400, "Invalid JSON"),
        (b"null", 400, "Invalid JSON"),
        (b'{"tags":"\xff"}', 400, "Invalid JSON"),
        (b"[" * 60_000, 400, "Invalid JSON"),
        (b'{"tags":"%s"}' % (b"x" * 65_536), 413, "Request too large"),
        (b'{"tags":"\\ud800"}', 400, None),
    ],
)
async def test_bad_json_is_refused_in_json(
    library: Library, content: bytes, status: int, text: str | None
) -> None:
    address = f"/api/assets/{(await library.uploaded())['id']}"
    for target in (address, f"{address}/publish"):
        headers = {"Content-Type": "application/json; charset=utf-8"}
        reply = await library.send("PUT", target, headers=headers, content=content)
        assert reply.status_code == status
        assert text is None or reply.json() == {"error": text}

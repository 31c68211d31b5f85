import json
import re
from html.parser import HTMLParser

import httpx
import pytest

from tests.adapters.playground.conftest import TOKEN

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SCRIPT = '<script type="application/json" id="configuration">'


def configuration(page: str) -> dict[str, object]:
    """What the browser would find in the page's data element."""
    text = page.split(SCRIPT, 1)[1].split("</script>", 1)[0]
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.parametrize("path", ["/graphql", "/"])
async def test_a_browser_gets_the_page_where_a_program_gets_the_endpoint(
    site: httpx.AsyncClient, path: str
) -> None:
    page = await site.get(path, headers=BROWSER)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert "<title>DreamCore playground</title>" in page.text
    assert (await site.get(path)).text == "inner"


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("POST", "/graphql", BROWSER["Accept"]),
        ("GET", "/graphql?query={viewer{id}}", BROWSER["Accept"]),
        ("GET", "/graphql?query=", BROWSER["Accept"]),
        ("GET", "/graphql", "*/*"),
        ("GET", "/graphql", ""),
        ("GET", "/graphql", "text/html;q=0"),
        ("GET", "/graphql", "text/html;q=nonsense"),
        ("GET", "/graphql", "text/event-stream"),
        ("GET", "/graphql", "text/html;q=0.5, application/json"),
        ("GET", "/graphql/", BROWSER["Accept"]),
        ("GET", "/api/health", BROWSER["Accept"]),
        ("GET", "/playground", BROWSER["Accept"]),
    ],
)
async def test_everything_else_is_the_applications(
    site: httpx.AsyncClient, method: str, path: str, accept: str
) -> None:
    answer = await site.request(method, path, headers={"Accept": accept})
    assert answer.text == "inner"


async def test_the_page_may_only_talk_to_its_own_gateway_and_is_never_stored(
    site: httpx.AsyncClient,
) -> None:
    headers = (await site.get("/graphql", headers=BROWSER)).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self'; font-src 'self' data:; img-src 'self' data:; worker-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_head_says_what_get_would(site: httpx.AsyncClient) -> None:
    head = await site.head("/graphql", headers=BROWSER)
    page = await site.get("/graphql", headers=BROWSER)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == page.headers["content-length"]


async def test_the_page_holds_its_configuration_as_data_that_cannot_become_markup(
    site: httpx.AsyncClient,
) -> None:
    page = (await site.get("/graphql", headers=BROWSER)).text
    found = configuration(page)
    assert found["token"] == TOKEN
    assert found["endpoint"] == "/graphql"
    assert isinstance(found["examples"], list)
    assert "{{" not in page


async def test_the_page_runs_no_inline_script(site: httpx.AsyncClient) -> None:
    page = (await site.get("/graphql", headers=BROWSER)).text
    scripts = _Scripts()
    scripts.feed(page)
    assert [script for script in scripts.found if "src" not in script] == [
        {"type": "application/json", "id": "configuration"}
    ]
    assert not re.search(r"\son[a-z]+=", page.split(SCRIPT, 1)[0])


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "localhost.evil.example"},
        {"Host": "user@localhost"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_the_token_stays_here_when_the_page_may_be_a_strangers(
    site: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    page = await site.get("/graphql", headers={**BROWSER, **headers})
    assert page.status_code == 200
    assert configuration(page.text)["token"] is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3000", "127.0.0.1:3000", "[::1]:3000"])
async def test_the_developers_own_browser_gets_the_token(
    site: httpx.AsyncClient, host: str
) -> None:
    page = await site.get("/graphql", headers={**BROWSER, "Host": host})
    assert configuration(page.text)["token"] == TOKEN


class _Scripts(HTMLParser):
    """Collects the attributes of script elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append(dict(attrs))

"""Uploads into a gateway that is killed meanwhile."""

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.e2e.gateway import Gateway
from tests.e2e.installation import Installation

UPLOADS = 16
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(700_000)


def content(number: int) -> bytes:
    return PICTURE + str(number).encode()


async def upload(gateway: Gateway, number: int) -> str | None:
    """The address of the asset, None when the gateway died before it said so."""
    file = {"file": ("hero.png", content(number), "image/png")}
    headers = {"Authorization": f"Bearer {gateway.token}"}
    try:
        async with httpx.AsyncClient(base_url=gateway.url, timeout=30) as http:
            reply = await http.post("/api/assets/upload", files=file, headers=headers)
    except httpx.TransportError:
        return None
    url: str = reply.json()["asset"]["url"]
    return url


async def uploads_until_killed(gateway: Gateway) -> list[str]:
    """All at once; the gateway is killed as soon as one is answered."""
    answered: list[str] = []
    first = asyncio.Event()

    async def one(number: int) -> None:
        url = await upload(gateway, number)
        if url is not None:
            answered.append(url)
        first.set()

    async with asyncio.TaskGroup() as group:
        for number in range(UPLOADS):
            group.create_task(one(number))
        await first.wait()
        await gateway.killed()
    return answered


def files_of(data: Path) -> set[str]:
    objects = data / "gateway" / "objects"
    return {path.name for path in objects.rglob("*") if path.is_file()}


def rows_of(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "gateway" / "store.db")) as database:
        return {filename for (filename,) in database.execute("SELECT filename FROM assets")}


@pytest.mark.rule("http.assets.upload")
async def test_a_killed_gateway_leaves_no_orphan_and_loses_no_answered_upload(
    offline: Installation,
) -> None:
    async with offline.serving() as gateway:
        answered = await uploads_until_killed(gateway)
    assert answered
    async with offline.serving() as gateway:
        assert files_of(offline.data) == rows_of(offline.data)
        headers = {"Authorization": f"Bearer {gateway.token}"}
        wanted = {hashlib.sha256(content(number)).digest() for number in range(UPLOADS)}
        async with httpx.AsyncClient(base_url=gateway.url, timeout=30) as http:
            listed = (await http.get("/api/assets", headers=headers)).json()["assets"]
            urls = {asset["url"] for asset in listed}
            assert set(answered) <= urls
            for url in urls:
                found = await http.get(url)
                assert hashlib.sha256(found.content).digest() in wanted
        again = await upload(gateway, UPLOADS)
        assert again not in urls
        assert again is not None

"""A server for each test, and the frontend it serves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.pages.served import Served, serving

_PAGES = ("index", "create", "editor", "play", "mypage", "discover", "notifications", "publish")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """With small files under the names that the frontend has."""
    async with serving(tmp_path) as served:
        for name in _PAGES:
            (served.frontend / f"{name}.html").write_text(f"<title>{name}</title>ようこそ")
        for name in ("style.css", "auth.js", "lib/supabase.min.js", ".env", ".git/config"):
            (served.frontend / name).parent.mkdir(exist_ok=True)
            (served.frontend / name).write_text(name)
        image = served.frontend / "images/styles/2d/pop/neon.webp"
        image.parent.mkdir(parents=True)
        image.write_bytes(bytes(range(256)))
        yield served

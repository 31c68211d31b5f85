"""Somebody who sends random requests, and knows what the answer must be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Final
from urllib.parse import quote

from tests.adapters.pages.exchange import Reply
from tests.legacy.http_model import INVALID, MISSING, Expected, World

MALFORMED: Final = ("x", "..", "%00", "%0A", "%F0%9F%8E%AE", "' OR 1=1".replace(" ", "%20"))
NOISE: Final = ("", "", "", "t=1769483504000", "t=1?t=2", "a[]=1&a[b]=2", "%FF=%FE", "q" * 9_000)


@dataclass
class Asked:
    """A request; `expected` is None where only the rules for every answer hold.

    `methods` are those of the address. `learn` takes in what the answer did.
    """

    method: str
    target: str
    viewer: str | None
    expected: Expected | None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    methods: tuple[str, ...] = ("GET",)
    learn: Callable[[Reply], None] | None = None


@dataclass(frozen=True)
class Caller:
    """Who a request speaks for: `refusal` when it does for nobody."""

    viewer: str | None
    refusal: Expected
    headers: dict[str, str]
    query: str


@dataclass
class Visitor:
    """Chooses at random: callers, ids, and what to add to an address."""

    random: Random
    world: World
    token: Callable[[str, str | None], str]

    def caller(self) -> Caller:
        """Mostly one of the two users, with a good token in the header."""
        user = self.random.choice(self.world.users)
        good, form = self.token(user, None), self.random.random()
        if form < 0.75:
            return Caller(user, MISSING, {"Authorization": f"Bearer {good}"}, "")
        if form < 0.83:
            return Caller(user, MISSING, {}, f"access_token={good}")
        wrong = self.token(user, self.random.choice(["expired", "badiss", "badaud", "garbage"]))
        return self.random.choice(
            [
                Caller(None, MISSING, {}, ""),
                Caller(None, MISSING, {"Authorization": f"bearer {good}"}, ""),
                Caller(None, MISSING, {}, "access_token="),
                Caller(None, INVALID, {}, f"access_token={good}&access_token={good}"),
                Caller(None, INVALID, {"Authorization": f"Bearer {wrong}"}, f"access_token={good}"),
                Caller(None, INVALID, {}, f"access_token={wrong}"),
            ]
        )

    def target(self, path: str, *queries: str) -> str:
        """The path with these queries and perhaps some noise."""
        found = [query for query in (*queries, self.random.choice(NOISE)) if query]
        return f"{path}?{'&'.join(found)}" if found else path

    def identifier(self, own: Iterable[str], others: Iterable[str]) -> str:
        """One's own more often than not; also somebody else's, nobody's, or none at all."""
        mine, foreign = [*own], [*others]
        if mine and self.random.random() < 0.65:
            picked = self.random.choice(mine)
            return picked.upper() if self.random.random() < 0.1 else picked
        unknown = "550e8400-e29b-41d4-a716-446655440000"
        return self.random.choice([*mine, *foreign, unknown, self.random.choice(MALFORMED)])

    def project_id(self, viewer: str | None) -> str:
        """Of a project."""
        projects = self.world.projects.values()
        own = [project.id for project in projects if project.owner == viewer]
        return self.identifier(own, self.world.projects)

    def job_id(self, viewer: str | None) -> str:
        """Of a job."""
        own = [job.id for job in self.world.jobs.values() if job.owner == viewer]
        return self.identifier(own, self.world.jobs)

    def asset_id(self, viewer: str | None) -> str:
        """Of an asset, a deleted one too."""
        own = [asset.id for asset in self.world.assets.values() if asset.owner == viewer]
        return self.identifier(own, self.world.assets)


def escaped(text: str) -> str:
    """For an address."""
    return quote(text, safe="")

"""What the HTTP addresses must answer, told in the simplest way: what exists, and who may see it.

Source: `contract/legacy-http.md` §1.0 (guards), §1.6. A guard returns what it found, or the answer
that ends the request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from schema.identifiers import is_uuid
from tests.adapters.pages.exchange import Reply

Found = TypeVar("Found")


@dataclass(frozen=True)
class Expected:
    """An answer: its status, keys of its JSON, its bytes, and anything else that must be true."""

    status: int
    keys: Mapping[str, Any] | None = None
    body: bytes | None = None
    holds: Callable[[Reply], bool] | None = None


def refused(status: int, text: str) -> Expected:
    """A refusal in JSON."""
    return Expected(status, {"error": text})


def bare(text: str) -> Expected:
    """404 in plain words."""
    return Expected(404, body=text.encode())


MISSING: Final = refused(401, "No access token provided")
INVALID: Final = refused(401, "Invalid or expired token")


@dataclass
class KnownProject:
    """A project; `page` is its game's, `secret` in everything that is its own."""

    id: str
    owner: str
    secret: str
    page: bytes | None
    draft: dict[str, Any] | None = None
    thumbnail: bytes | None = None

    @property
    def name(self) -> str:
        """Shown to its owner alone."""
        return f"Game {self.secret}"


@dataclass
class KnownJob:
    """A job of a project; an `active` one is taken up at any moment."""

    id: str
    owner: str
    project: str
    status: str

    @property
    def statuses(self) -> tuple[str, ...]:
        """What its row may say."""
        return ("pending", "processing") if self.status == "active" else (self.status,)


@dataclass
class KnownAsset:
    """An uploaded file."""

    id: str
    owner: str
    alias: str
    shown: str
    stored: str
    data: bytes
    secret: str
    tags: str | None = None
    description: str | None = None
    public: bool = True
    deleted: bool = False
    projects: list[str] = field(default_factory=list)

    def matches(self, query: str) -> bool:
        """Whether a search finds it."""
        texts = (self.stored, self.shown, self.tags or "", self.description or "")
        return any(query.lower() in text.lower() for text in texts)


@dataclass
class World:
    """Two users and what they have; nobody else knows of it."""

    users: tuple[str, str]
    projects: dict[str, KnownProject] = field(default_factory=dict)
    jobs: dict[str, KnownJob] = field(default_factory=dict)
    assets: dict[str, KnownAsset] = field(default_factory=dict)

    def project(self, viewer: str, project_id: str) -> KnownProject | Expected:
        """PROJ."""
        if not is_uuid(project_id):
            return refused(400, "Invalid project ID")
        found = self.projects.get(project_id.lower())
        if found is None or found.owner != viewer:
            return refused(404, "Project not found")
        return found

    def job(self, viewer: str, job_id: str) -> KnownJob | Expected:
        """JOB."""
        if not is_uuid(job_id):
            return refused(400, "Invalid job ID")
        found = self.jobs.get(job_id.lower())
        if found is None:
            return refused(404, "Job not found")
        return found if found.owner == viewer else refused(403, "Access denied")

    def own_asset(self, viewer: str, asset_id: str) -> KnownAsset | Expected:
        """AOWN."""
        found = self.readable_asset(viewer, asset_id)
        if isinstance(found, KnownAsset) and found.owner != viewer:
            return refused(403, "Access denied")
        return found

    def readable_asset(self, viewer: str | None, asset_id: str) -> KnownAsset | Expected:
        """AACC."""
        if not is_uuid(asset_id):
            return refused(400, "Invalid asset ID")
        found = self.assets.get(asset_id.lower())
        if found is None or not _visible(found, viewer):
            return refused(404, "Asset not found")
        return found

    def aliased(self, viewer: str | None, owner: str, alias: str) -> KnownAsset | None:
        """By its public name."""
        named = [a for a in self.assets.values() if (a.owner, a.alias) == (owner.lower(), alias)]
        return next((asset for asset in named if _visible(asset, viewer)), None)

    def library(self, viewer: str) -> list[KnownAsset]:
        """The viewer's assets, newest first."""
        own = [a for a in self.assets.values() if a.owner == viewer and not a.deleted]
        return own[::-1]

    def files(self) -> set[str]:
        """Keys of everything that is stored; deleted assets keep theirs."""
        assets = {f"users/{a.owner}/assets/{a.stored}" for a in self.assets.values()}
        pictured = [project for project in self.projects.values() if project.thumbnail]
        return assets | {f"users/{p.owner}/projects/{p.id}/thumbnail" for p in pictured}

    def free_alias(self, owner: str, base: str, extension: str) -> str:
        """What an upload is called: numbered while the name is taken, by deleted ones too."""
        taken = {asset.alias for asset in self.assets.values() if asset.owner == owner}
        names = [base + extension, *(f"{base}_{n}{extension}" for n in range(2, 99))]
        return next(name for name in names if name not in taken)

    def hidden(self, viewer: str | None, request: str) -> set[str]:
        """What an answer must not hold, unless the request named it: ids and contents of others,
        but for public assets that are asked for."""
        found = {user for user in self.users if user != viewer}
        for project in self.projects.values():
            shown = project.thumbnail is not None and f"{project.id}/thumbnail" in request.lower()
            if project.owner != viewer and not shown:
                found |= {project.id, project.secret}
        found |= {job.id for job in self.jobs.values() if job.owner != viewer}
        for asset in self.assets.values():
            asked = asset.id in request.lower() or asset.alias in request
            if asset.owner != viewer and not (asked and asset.public and not asset.deleted):
                found |= {asset.id, asset.secret}
        return {text for text in found if text not in request.lower()}


def _visible(asset: KnownAsset, viewer: str | None) -> bool:
    return not asset.deleted and (asset.public or asset.owner == viewer)

"""What a random conversation says: all fourteen messages, with fields of every kind."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schema.identifiers import random_uuid
from tests.adapters.legacy.reference_world import Side, World
from tests.gateway.legacy_watcher import Frame

BROKEN: Final[list[tuple[str | bytes, str]]] = [
    ("", "Invalid message format"),
    ("null", "Invalid message format"),
    ('{"type":"ping"', "Invalid message format"),
    ('{"type":"ping","x":"\\ud800"}', "Invalid message format"),
    (b"\xff\x00", "Invalid message format"),
    ("[" * 20_000, "Invalid message format"),
    ("[]", "Unknown message type"),
    ("7", "Unknown message type"),
    ('{"type":{}}', "Unknown message type"),
    ('{"type":"jobUpdate","update":{"type":"ping"}}', "Unknown message type"),
]
WEIGHTS: Final = {
    "init": 1,
    "ping": 1,
    "selectProject": 3,
    "createProject": 1,
    "deleteProject": 1,
    "renameProject": 1,
    "getProjectInfo": 1,
    "message": 5,
    "cancel": 2,
    "getVersions": 1,
    "getVersionEdits": 1,
    "restoreVersion": 1,
    "getJobStatus": 1,
    "subscribeJob": 2,
}
CONTENTS: Final = ["2Dのゲームを作って", "なぜ？", "元に戻して", *["色を変えて"] * 4, "", None, 5]
SHAPES: Final[list[Frame]] = [
    *[{"skipStyleSelection": True}] * 4,
    {"skipStyleSelection": False},
    {"debugOptions": {"disableSkills": False, "useClaude": False}},
    {"autoFix": True},
    {"selectedStyle": {"dimension": "2d", "styleId": "retro"}},
]
_ABOUT_JOBS: Final = ("cancel", "getJobStatus", "subscribeJob")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Picks messages; `favoured` types come up more often by their factor."""

    random: random.Random
    users: list[str]
    favoured: Mapping[str, int]

    def message(self, world: World, side: Side) -> Frame:
        """A message of any type, with fields that are right, foreign, malformed or missing."""
        pick = self.random.choice
        weights = [weight * self.favoured.get(kind, 1) for kind, weight in WEIGHTS.items()]
        (kind,) = self.random.choices([*WEIGHTS], weights)
        frame: Frame = {"type": kind}
        if kind == "init":
            frame["user"] = pick([*self.users, side.user or self.users[0]])
        elif kind == "createProject":
            frame |= pick([{}, {"name": "新しいゲーム"}, {"name": None}])
        elif kind == "message":
            frame |= {"content": pick(CONTENTS), **pick(SHAPES)}
        elif kind in _ABOUT_JOBS:
            known = {name: job.owner for name, job in world.jobs.items()}
            frame |= pick([{}, *[{"jobId": self._identifier(side, known)}] * 4])
        else:
            known = {name: project.owner for name, project in world.projects.items()}
            frame["projectId"] = self._identifier(side, known | world.gone)
            frame["name"] = pick(["改名", "改名", "", None])
            frame |= self._version(world, frame["projectId"])
        return frame

    def _identifier(self, side: Side, owners: dict[str, str]) -> object:
        """One's own, more often than not."""
        own = [name for name, owner in owners.items() if owner == side.user]
        if own and self.random.random() < 0.7:
            return self.random.choice(own)
        return self.random.choice([*owners, random_uuid(), "x", 5, None])

    def _version(self, world: World, name: object) -> Frame:
        """One of the project's, more often than not."""
        project = world.projects.get(name) if isinstance(name, str) else None
        known = project.listed() if project else []
        version = self.random.choice([*known * 2, "fffffff", "xyz", None])
        return {"versionHash": version, "versionId": version}

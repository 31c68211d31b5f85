"""The forms of projects, versions and messages in frames (`contract/legacy-ws.md` §2).

Key order is that of the wire. What HTTP shares is in `resolvers/forms.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from resolvers.forms import Form, script_time, timestamp
from resolvers.illustration import IMAGES_SUBJECT
from schema.mirror import VersionRecord
from schema.models import ChatMessage, Project

LISTED_COMMITS: Final = 50
LISTED_VERSIONS: Final = 20
ABBREVIATED: Final = 7
_BOOKKEEPING: Final = ("Before restore", "Restored to", "Initial project setup", "Migration from")


def short_form(project: Project) -> Form:
    """A project in the answer to one request."""
    return {
        "id": project.id,
        "name": project.name,
        "createdAt": timestamp(project.created_at),
        "updatedAt": timestamp(project.updated_at),
    }


def history_form(message: ChatMessage) -> Form:
    """One line of the conversation."""
    return {"role": message.role, "content": message.content, "timestamp": timestamp(message.at)}


def version_forms(commits: Sequence[VersionRecord]) -> list[Form]:
    """The versions among `commits` (newest first): no bookkeeping, at most 20; 1 is the newest."""
    shown = [
        commit
        for commit in _with_their_images(commits)
        if not any(mark in commit.subject for mark in _BOOKKEEPING)
    ]
    return [
        {
            "id": commit.hash[:ABBREVIATED],
            "number": number,
            "message": " ".join(commit.subject.splitlines()),
            "timestamp": script_time(commit.at),
            "hash": commit.hash[:ABBREVIATED],
        }
        for number, commit in enumerate(shown[:LISTED_VERSIONS], 1)
    ]


def _with_their_images(commits: Iterable[VersionRecord]) -> Iterator[VersionRecord]:
    """A game and the images that were then drawn into it as one, under the game's subject.

    Browsers match versions with answers by their position, and take the second for what was there
    before the last message (`contract/legacy-http.md` §6.3, `contract/legacy-ws.md` §5.10).
    """
    remaining = iter(commits)
    for commit in remaining:
        game = next(remaining, None) if commit.subject == IMAGES_SUBJECT else None
        yield commit if game is None else replace(commit, subject=game.subject)

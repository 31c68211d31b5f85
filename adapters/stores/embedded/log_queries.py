"""What is asked of the file of the embedded log. Each query sees one moment of it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.stores.embedded.log_commands import from_micros, to_micros
from schema.events import Recorded
from schema.fold import Fold, decode_fold
from schema.stored_events import decode


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log has come; `trimmed` is the seq up to which a fold stands for the events."""

    log: int
    last_seq: int
    ended: bool
    trimmed: int

    @property
    def last_open_seq(self) -> int:
        """Seq of the last event that is not terminal: what a snapshot may stand for."""
        return self.last_seq - self.ended


@dataclass(frozen=True, slots=True)
class Folded:
    """The fold of a log up to seq `through`, whose event happened at `at`."""

    generation_id: str
    through: int
    at: datetime
    fold: Fold

    def frame(self) -> Recorded:
        """The snapshot as a reader gets it."""
        return Recorded(self.generation_id, self.through, self.at, self.fold.snapshot(), 1)


@dataclass(frozen=True, slots=True)
class History:
    """Stored events after a position; preceded by `folded` if some of them were trimmed."""

    folded: Folded | None
    events: list[Recorded]


NO_HEAD = Head(0, 0, False, 0)


def read_head(connection: sqlite3.Connection, generation_id: str) -> Head:
    """The head of a log; of an empty one when nothing is stored under this id."""
    row = connection.execute(
        "SELECT log, last_seq, ended_at IS NOT NULL, coalesce(through, 0)"
        " FROM heads LEFT JOIN snapshots USING (log) WHERE generation_id = ?",
        (generation_id,),
    ).fetchone()
    return Head(row[0], row[1], bool(row[2]), row[3]) if row else NO_HEAD


def read_page(
    connection: sqlite3.Connection, generation_id: str, after: int, limit: int
) -> list[Recorded]:
    """At most `limit` stored events after `after`."""
    head = read_head(connection, generation_id)
    return [recorded for recorded, _ in _events(connection, generation_id, head, after, limit)]


def read_history(
    connection: sqlite3.Connection, generation_id: str, after: int, limit: int, size: int
) -> History:
    """What a reader at `after` gets next: at most `limit` events, about `size` bytes of them."""
    head = read_head(connection, generation_id)
    folded = None
    if head.trimmed > after:
        folded = _read_fold(connection, generation_id, head, head.trimmed)
        after = head.trimmed
    events = []
    for recorded, length in _events(connection, generation_id, head, after, limit):
        events.append(recorded)
        size -= length
        if size <= 0:
            break
    return History(folded, events)


def read_fold(
    connection: sqlite3.Connection, generation_id: str, through: int | None = None
) -> Folded | None:
    """The state after event `through`, or at the end but for a terminal event.

    None when there is no event to stand for, or when the log is trimmed beyond `through`.
    """
    head = read_head(connection, generation_id)
    wanted = head.last_open_seq if through is None else min(through, head.last_open_seq)
    if wanted == 0 or wanted < head.trimmed:
        return None
    return _read_fold(connection, generation_id, head, wanted)


def read_expired(connection: sqlite3.Connection, older_than: datetime, keep: int) -> list[str]:
    """Generations that ended before `older_than` and still have events to trim, except the
    `keep` that ended last."""
    rows = connection.execute(
        "SELECT generation_id FROM (SELECT * FROM heads WHERE ended_at IS NOT NULL"
        " ORDER BY ended_at DESC, log DESC LIMIT -1 OFFSET ?) LEFT JOIN snapshots USING (log)"
        " WHERE ended_at < ? AND last_seq - 1 > coalesce(through, 0)",
        (keep, to_micros(older_than)),
    )
    return [generation_id for (generation_id,) in rows.fetchall()]


def _read_fold(
    connection: sqlite3.Connection, generation_id: str, head: Head, through: int
) -> Folded:
    fold, at = Fold(), 0
    if head.trimmed:
        at, stored = connection.execute(
            "SELECT at, fold FROM snapshots WHERE log = ?", (head.log,)
        ).fetchone()
        fold = decode_fold(stored)
    for seq, at, kind, payload in connection.execute(  # noqa: B007
        "SELECT seq, at, kind, payload FROM events WHERE log = ? AND seq <= ? ORDER BY seq",
        (head.log, through),
    ):
        fold.add(seq, decode(kind, payload))
    return Folded(generation_id, through, from_micros(at), fold)


def _events(
    connection: sqlite3.Connection, generation_id: str, head: Head, after: int, limit: int
) -> Iterator[tuple[Recorded, int]]:
    rows = connection.execute(
        "SELECT seq, at, kind, payload FROM events WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?",
        (head.log, after, limit),
    )
    for seq, at, kind, payload in rows:
        event = decode(kind, payload)
        yield Recorded(generation_id, seq, from_micros(at), event, seq), len(payload)

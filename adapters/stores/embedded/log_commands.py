"""What the writer does to the file. Each command runs inside a transaction of the writer's and
raises `StaleWriter` before it changed anything, so a refused one spares its neighbours."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from schema.errors import StaleWriter
from schema.events import Event, Recorded
from schema.fold import Fold, encode_fold
from schema.ports import Lease

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The inverse of `to_micros`."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, slots=True)
class Acquire:
    """Raise the epoch of a generation's log; its answer is the lease."""

    generation_id: str

    def __call__(self, connection: sqlite3.Connection) -> Lease:
        epoch, last_seq, source_id, closed = connection.execute(
            "INSERT INTO heads (generation_id, epoch) VALUES (?, 1)"
            " ON CONFLICT (generation_id) DO UPDATE SET epoch = epoch + 1"
            " RETURNING epoch, last_seq, source_id, ended_at IS NOT NULL",
            (self.generation_id,),
        ).fetchall()[0]
        return Lease(self.generation_id, epoch, last_seq, source_id, bool(closed))


@dataclass(frozen=True, slots=True)
class Append:
    """Store events with their upstream position; its answer is the events at their places.

    `rows` are the encoded `events`, one `(kind, payload)` each; `ends` says that the last one
    is terminal.
    """

    generation_id: str
    events: Sequence[Event]
    rows: Sequence[tuple[str, str]]
    after_seq: int
    epoch: int
    source_id: str | None
    ends: bool

    def __call__(self, connection: sqlite3.Connection) -> list[Recorded]:
        now = datetime.now(UTC)
        at, first = to_micros(now), self.after_seq + 1
        heads = connection.execute(
            "UPDATE heads SET last_seq = last_seq + ?, source_id = coalesce(?, source_id),"
            " ended_at = ? WHERE generation_id = ? AND epoch = ? AND last_seq = ?"
            " AND ended_at IS NULL RETURNING log",
            (
                len(self.rows),
                self.source_id,
                at if self.ends else None,
                self.generation_id,
                self.epoch,
                self.after_seq,
            ),
        ).fetchall()
        if not heads:
            raise StaleWriter(f"{self.generation_id} after {self.after_seq} in {self.epoch}")
        log = heads[0][0]
        connection.executemany(
            "INSERT INTO events (log, seq, at, kind, payload) VALUES (?, ?, ?, ?, ?)",
            [(log, seq, at, *row) for seq, row in enumerate(self.rows, first)],
        )
        return [
            Recorded(self.generation_id, seq, now, event, seq)
            for seq, event in enumerate(self.events, first)
        ]


@dataclass(frozen=True, slots=True)
class Trim:
    """Put a fold in the place of the events up to `through`; `at` is the time of the last one."""

    generation_id: str
    through: int
    at: datetime
    fold: Fold

    def __call__(self, connection: sqlite3.Connection) -> None:
        (log,) = connection.execute(
            "SELECT log FROM heads WHERE generation_id = ?", (self.generation_id,)
        ).fetchone()
        connection.execute(
            "INSERT INTO snapshots (log, through, at, fold) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (log) DO UPDATE"
            " SET through = excluded.through, at = excluded.at, fold = excluded.fold"
            " WHERE excluded.through > through",
            (log, self.through, to_micros(self.at), encode_fold(self.fold)),
        )
        connection.execute("DELETE FROM events WHERE log = ? AND seq <= ?", (log, self.through))

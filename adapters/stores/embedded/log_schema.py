"""The file of the embedded log: its tables, its version, its connections."""

import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Final

VERSION: Final = 1

# Pages of write-ahead log from which on a commit checkpoints by itself: a bound for the case that
# the checkpointer never finds the writer idle. 64 MiB.
_LONGEST_WAL: Final = 16_384

# Snapshots are rows of their own because every append rewrites the row of its head.
_TABLES: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE heads (
  log INTEGER PRIMARY KEY,
  generation_id TEXT NOT NULL UNIQUE,
  epoch INTEGER NOT NULL,
  last_seq INTEGER NOT NULL DEFAULT 0,
  source_id TEXT,
  ended_at INTEGER
) STRICT;
CREATE INDEX heads_ended ON heads (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE events (
  log INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
  log INTEGER PRIMARY KEY,
  through INTEGER NOT NULL,
  at INTEGER NOT NULL,
  fold TEXT NOT NULL
) STRICT;
PRAGMA user_version = {VERSION};
COMMIT;
"""


class UnknownLogVersion(Exception):
    """The file was written by a release of another format; nothing in it was touched."""


def connect_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes; creates the tables in an empty file.

    Raises `UnknownLogVersion`, or sqlite3.Error when the file cannot be opened.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with ExitStack() as undo:
        undo.callback(connection.close)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise UnknownLogVersion(
                f"{path.name} has format {version}; this release reads format {VERSION}"
            )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LONGEST_WAL}")
        if version == 0:
            connection.executescript(_TABLES)
        undo.pop_all()
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection

"""The three shapes of query the embedded store makes; each runs on the database's thread."""

import sqlite3
from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from adapters.stores.embedded.store_tables import Row
from schema.errors import DreamCoreError, ErrorCode
from schema.models import Page

Item = TypeVar("Item")


def insert(connection: sqlite3.Connection, table: str, columns: str, row: Row) -> None:
    """Insert `row`, whose values belong to `columns`."""
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", row)


def find(
    connection: sqlite3.Connection,
    model: Callable[[sqlite3.Row], Item],
    query: str,
    *parameters: str | None,
) -> Item | None:
    """The first row of `query` as a model, or None."""
    row = connection.execute(query, parameters).fetchone()
    return None if row is None else model(row)


def page(
    connection: sqlite3.Connection,
    model: Callable[[sqlite3.Row], Item],
    query: str,
    scope: str,
    *,
    first: int,
    after: str | None,
    present: str = "",
    matches: Callable[[sqlite3.Row], bool] | None = None,
) -> Page[Item]:
    """At most `first` rows of `query`, newest first, behind the row with the id `after`.

    `query` ends in a condition with one parameter, `scope`. Rows made in the same microsecond
    follow their ids, so no row is skipped or repeated between pages. `present`, a further
    condition, and `matches` leave rows out, which remain positions. Raises
    `DreamCoreError(INVALID_CURSOR)` when `after` is no row of `query`, ValueError for a negative
    `first` (SQLite would take it for no limit).
    """
    if first < 0:
        raise ValueError("first must not be negative")
    behind, parameters = present, [scope]
    if after is not None:
        last = connection.execute(f"{query} AND id = ?", (scope, after)).fetchone()
        if last is None:
            raise DreamCoreError(ErrorCode.INVALID_CURSOR)
        behind += " AND (created_at, id) < (?, ?)"
        parameters += [last["created_at"], last["id"]]
    found = connection.execute(f"{query}{behind} ORDER BY created_at DESC, id DESC", parameters)
    rows = list(islice(filter(matches, found), first + 1))
    found.close()
    return Page(tuple(model(row) for row in rows[:first]), has_next=len(rows) > first)

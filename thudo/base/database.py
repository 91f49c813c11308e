"""Several statements in one trip to the server."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import connection, transaction
from psycopg import RawCursor

_gathered: ContextVar[list[tuple[str, Sequence[Any]]] | None] = ContextVar("gathered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Gather the write()s inside and send them as one statement when the block ends.

    Each slice keeps its own INSERT; filing's nine become one prepared statement, which costs a
    third of nine. They all see the tables as they were before, and a failing one (IntegrityError
    and its like, raised at the end of the block) undoes them all. Nests: the outermost sends.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: list[tuple[str, Sequence[Any]]] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    _send(gathered)


class _Elsewhere(list[tuple[str, Sequence[Any]]]):
    """What write() and together() gather goes to a function; nothing is kept or sent."""

    def __init__(self, take: Callable[[str, Sequence[Any]], None]) -> None:
        super().__init__()
        self._take = take

    def append(self, piece: tuple[str, Sequence[Any]]) -> None:
        self._take(*piece)


@contextmanager
def diverted(take: Callable[[str, Sequence[Any]], None]) -> Iterator[None]:
    """Hand every write() of the block to `take` instead of the server (tables kept in memory)."""
    token = _gathered.set(_Elsewhere(take))
    try:
        yield
    finally:
        _gathered.reset(token)


def write(statement: str, values: Sequence[Any]) -> None:
    """Run one INSERT whose result nobody needs, inside a transaction.

    Goes past Django's cursor wrapper: on the filing path that wrapper costs as much as the
    statement itself. `values` are what psycopg adapts (Jsonb for JSON).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("write() outside a transaction")
    gathered = _gathered.get()
    if gathered is None:
        _send([(statement, values)])
    elif not _joins_earlier_rows(gathered, statement, values):
        gathered.append((statement, values))


def _joins_earlier_rows(
    gathered: list[tuple[str, Sequence[Any]]], statement: str, values: Sequence[Any]
) -> bool:
    # PostgreSQL runs the INSERTs of one WITH in no promised order (in fact backwards), but keeps
    # that of the rows of one VALUES: so a table's rows, the journal's above all, stay in order.
    head, _, row = statement.partition(" VALUES ")
    if not row or not row.endswith(")"):
        return False
    for place, (earlier, some) in enumerate(gathered):
        if earlier.startswith(f"{head} VALUES ") and earlier.endswith(")"):
            gathered[place] = (f"{earlier}, {row}", [*some, *values])
            return True
    return False


def _send(pieces: list[tuple[str, Sequence[Any]]]) -> None:
    if not pieces:
        return
    statement = _joined(tuple(piece for piece, _ in pieces))
    values = [value for _, some in pieces for value in some]
    # A raw cursor takes $1, $2: psycopg parses %s anew each time in a statement this long.
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True)


@lru_cache(maxsize=256)
def _joined(pieces: tuple[str, ...]) -> str:
    if len(pieces) == 1:
        return _numbered(pieces[0])
    named = ", ".join(f"w{place} AS ({piece})" for place, piece in enumerate(pieces))
    return _numbered(f"WITH {named} SELECT 1")


def _numbered(statement: str) -> str:
    places = count(1)
    return re.sub("%s", lambda _: f"${next(places)}", statement)

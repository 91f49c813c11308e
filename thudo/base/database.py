"""Several statements in one trip to the server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def pipeline() -> Iterator[None]:
    """Send the statements inside without waiting for each: one round trip for all.

    Nothing inside may read a result. A failed statement raises django.db.IntegrityError (or its
    like) when the block ends. Nests: the outermost block sends.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def write(statement: str, values: Sequence[Any]) -> None:
    """Run one INSERT or UPDATE whose result nobody needs, inside a transaction.

    Goes past Django's cursor wrapper: on the filing path that wrapper costs as much as the
    statement itself. `values` are what psycopg adapts (Jsonb for JSON).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("write() outside a transaction")
    connection.connection.execute(statement, values)

"""Rows from memory into the server: COPY in its binary format, one stream a table.

The journal's rows come last, with positions that follow on the sequencer's, under its own lock: a
sequencer that runs meanwhile waits a moment and goes on after them.
"""

import json
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql

from thudo.journal.actions import COLUMNS, SEQUENCER_LOCK
from thudo.simulation.actions.memory import TABLES
from thudo.simulation.actions.memory.switch import COMPUTED

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NONE = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Pack = Callable[[Any], bytes]


def copy_packed(
    rows: Mapping[type[Model], Iterable[bytes]], entries: list[tuple[datetime, bytes]]
) -> None:
    """Write packed rows, then packed entries with the next positions, by instant."""
    for model in TABLES:
        if rows.get(model):
            _copy_rows(model, rows[model])
    # Stable: what one matter did at one instant stays in its order.
    entries.sort(key=itemgetter(0))
    if entries:
        _copy_entries(entries)


def pack_entry(entry: tuple[Any, ...]) -> bytes:
    """A journal row as COPY takes it, but for its position, which comes last."""
    at, action, kind, subject, version, actor, body, salt, digest = entry
    return b"".join((
        b"\0\x0a", _instant(at), _text(action), _text(kind), _text(subject),
        struct.pack("!ii", 4, version), _text(actor), _bytes(body), _bytes(salt), _bytes(digest),
    ))  # fmt: skip


def _copy_rows(model: type[Model], rows: Iterable[bytes]) -> None:
    columns = columns_of(model)
    table = model._meta.db_table
    computed = COMPUTED.get(model, {})
    blob = _HEAD + b"".join(rows)
    _copy_in(_staged(table, columns, computed) if computed else table, columns, blob)
    if computed:
        _move(table, columns, computed)


@cache
def columns_of(model: type[Model]) -> list[str]:
    """The columns that are written; a serial key is the server's to give."""
    table = TABLES[model]
    return [name for name in table.columns if not (table.has_serial and name == table.key)]


@cache
def head_of(model: type[Model]) -> bytes:
    """What stands before the values of a row: how many there are."""
    return struct.pack("!h", len(columns_of(model)))


def _staged(table: str, columns: list[str], computed: dict[str, str]) -> str:
    """A table of this session that holds, where the server computes, what it computes from."""
    stage = f"stage_{table}"
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
                sql.Identifier(stage),
                sql.SQL(", ").join(
                    sql.SQL("''::text AS {}" if name in computed else "{}").format(
                        sql.Identifier(name)
                    )
                    for name in columns
                ),
                sql.Identifier(table),
            )
        )
    return stage


def _move(table: str, columns: list[str], computed: dict[str, str]) -> None:
    values = [
        sql.SQL(cast("Any", computed[name].replace("%s", "{}"))).format(sql.Identifier(name))
        if name in computed
        else sql.Identifier(name)
        for name in columns
    ]
    stage = sql.Identifier(f"stage_{table}")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join(values), stage,
            )
        )  # fmt: skip
        cursor.execute(sql.SQL("DROP TABLE {}").format(stage))


def _copy_in(table: str, columns: Sequence[str], blob: bytes) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cast("Any", cursor).copy(statement) as copy:
        copy.write(blob)
        copy.write(_END)


_TAKE = """
SELECT pg_advisory_xact_lock(%s)
"""
_BEGIN = """
INSERT INTO journal_sequence (id, position, snapshot, server) VALUES (1, 0, '', '')
ON CONFLICT DO NOTHING
"""
_MOVE = "UPDATE journal_sequence SET position = position + %s WHERE id = 1 RETURNING position"


def _copy_entries(entries: list[tuple[datetime, bytes]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [SEQUENCER_LOCK])
        cursor.execute(_BEGIN)
        cursor.execute(_MOVE, [len(entries)])
        first = cursor.fetchone()[0] - len(entries) + 1
    rows = [
        packed + b"\0\0\0\x08" + position.to_bytes(8, "big")
        for position, (_, packed) in enumerate(entries, first)
    ]
    _copy_in("journal_entry", [*COLUMNS.split(", "), "position"], _HEAD + b"".join(rows))


def _text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(4, "big") + raw


def _bytes(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + bytes(value)


def _json(value: Any) -> bytes:
    raw = json.dumps(value).encode()
    return (len(raw) + 1).to_bytes(4, "big") + b"\x01" + raw


def _instant(value: datetime) -> bytes:
    return b"\0\0\0\x08" + ((value - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)


def _whole(size: int) -> Pack:
    head = size.to_bytes(4, "big")
    return lambda value: head + int(value).to_bytes(size, "big", signed=True)


_PACKS: dict[str, Pack] = {
    "TextField": _text,
    "SearchVectorField": _text,
    "BinaryField": _bytes,
    "JSONField": _json,
    "DateTimeField": _instant,
    "UUIDField": lambda value: b"\0\0\0\x10" + value.bytes,
    "FloatField": lambda value: b"\0\0\0\x08" + struct.pack("!d", value),
    "BooleanField": lambda value: b"\0\0\0\x01" + (b"\x01" if value else b"\0"),
    "SmallIntegerField": _whole(2),
    "IntegerField": _whole(4),
    "BigIntegerField": _whole(8),
    "BigAutoField": _whole(8),
}


@cache
def pack_of(model: type[Model], name: str) -> Pack:
    """How a value of a column is packed; None is packed too."""
    field = cast("Field[Any, Any]", model._meta.get_field(name))
    while field.is_relation:
        field = cast("Any", field).target_field
    pack = _PACKS[field.__class__.__name__]
    return lambda value: _NONE if value is None else pack(value)


def is_empty(tables: Iterable[str]) -> bool:
    """Whether none of these tables has a row."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table)))
            if cursor.fetchone():
                return False
    return True

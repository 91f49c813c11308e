"""The only writers of the journal: `record` inside a deed, and the sequencer after its commit."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from thudo.base.database import write
from thudo.journal import queries
from thudo.journal.models import Follower, Sequence
from thudo.journal.rules import (
    SALT_BYTES,
    JournalEntry,
    Subject,
    entry_body,
    matches,
    read_snapshot,
    sealed_hash,
)

COLUMNS = "at, action, subject_kind, subject_id, subject_version, actor, body, salt, hash"
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT = f"INSERT INTO journal_entry ({COLUMNS}) VALUES "  # noqa: S608
# "thudo" as a number: one sequencer in a database at a time.
SEQUENCER_LOCK = 0x746875646F
BATCH = 5000


class RecordedOutsideTransaction(Exception):
    """record() was called outside the transaction of the change that it tells of."""


class UnknownAction(Exception):
    """No slice has a sentence for this action (ACTIONS in its lifecycle.py or rules.py)."""


class Record(NamedTuple):
    """One entry to be: the arguments of `record`."""

    action: str
    subject: Subject
    actor: str
    at: datetime
    data: Mapping[str, Any]


def record(
    action: str, *, subject: Subject, actor: str, at: datetime, data: Mapping[str, Any]
) -> None:
    """Write one entry in the deed's own transaction: as its last statement, taking no lock.

    `data` holds every field that the deed changed, none of them personal (see `rules.seal`).
    Returns nothing, so base.database.together() may gather it. Raises RecordedOutsideTransaction,
    UnknownAction, rules.NotCanonical.
    """
    record_all((Record(action, subject, actor, at, data),))


def record_all(records: Iterable[Record]) -> None:
    """Write several entries in one statement, numbered in the order given."""
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction
    rows = [entry_row(*one) for one in records]
    if rows:
        statement = _INSERT + ", ".join([_ROW] * len(rows))
        write(statement, [value for row in rows for value in row])


def entry_row(
    action: str, subject: Subject, actor: str, at: datetime, data: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The values of COLUMNS, for a deed that writes its entry within a larger statement."""
    if action not in queries.sentences():
        raise UnknownAction(action)
    body = entry_body(action, subject, actor, at, data)
    salt = os.urandom(SALT_BYTES)
    return (at, action, *subject, actor, body, salt, sealed_hash(salt, body))


def sequence_entries() -> int:
    """Give committed entries the next positions; how many got one (at most BATCH).

    PgQ's difference of snapshots: an entry without a position whose transaction had not ended in
    the last snapshot and is visible in the present one. Positions and snapshot are written
    together, so a reader of positions never skips an entry that commits late, and a long
    transaction delays only its own entries. Two at once: one works, the other returns 0.
    """
    try:
        with transaction.atomic():
            return _sequence_in_snapshot()
    except (OperationalError, IntegrityError) as error:
        # The other one committed between our snapshot and our lock: its work stands. It shows as
        # a conflict on the sequence's row or, when we came to an entry first, on its position.
        if isinstance(error.__cause__, errors.SerializationFailure | errors.UniqueViolation):
            return 0
        raise


_SEQUENCE = """
SELECT position, snapshot, server, pg_current_snapshot()::text,
       (SELECT system_identifier::text FROM pg_control_system()),
       pg_try_advisory_xact_lock(%s),
       -- Fresh statistics may say that half the table waits; the partial index is always right.
       set_config('enable_seqscan', 'off', true)
FROM journal_sequence WHERE id = 1 AND NOT pg_is_in_recovery()
"""
# Joined by where the row lies: by number, statistics of an emptier table gave a plan that compared
# each waiting entry with every other one, and the sequencer stood still (4,000 took over 10 s).
_POSITION = """
UPDATE journal_entry AS entry SET position = %(last)s + waiting.place
FROM (
    SELECT ctid AS row, row_number() OVER (ORDER BY number) AS place
    FROM journal_entry
    WHERE position IS NULL AND (transaction >= %(xmax)s OR transaction = ANY(%(running)s))
    ORDER BY number LIMIT %(batch)s
) AS waiting
WHERE entry.ctid = waiting.row
"""


def _sequence_in_snapshot() -> int:
    with connection.cursor() as cursor:
        # In a test's own transaction the isolation is the test's.
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_SEQUENCE, [SEQUENCER_LOCK])
        found = cursor.fetchone()
        if found is None:
            return _begin_sequence()
        last, snapshot, server, present, this_server, is_ours, _ = found
        if not is_ours:
            return 0
        # A snapshot means nothing in another server (restored dump): there all that waits is new.
        span = read_snapshot(snapshot if server == this_server else "")
        cursor.execute(
            _POSITION,
            {"last": last, "xmax": span.xmax, "running": list(span.running), "batch": BATCH},
        )
        count: int = cursor.rowcount
        if count:
            # With a full batch there may be more behind it in the same difference: keep the old one.
            kept = (snapshot, server) if count == BATCH else (present, this_server)
            Sequence.objects.filter(id=1).update(
                position=last + count, snapshot=kept[0], server=kept[1]
            )
        return count


def _begin_sequence() -> int:
    # Absent in a new database, on a standby (which must not write), after a test's flush.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_sequence (id, position, snapshot, server)"
            " SELECT 1, 0, '', '' WHERE NOT pg_is_in_recovery() ON CONFLICT DO NOTHING"
        )
    return 0


@transaction.atomic
def deliver(
    name: str,
    react: Callable[[list[JournalEntry]], None],
    *,
    patterns: tuple[str, ...] = ("*",),
    limit: int = 500,
) -> int:
    """Give one follower its next entries and move its place, both or neither; how many it passed.

    0 when there is nothing new or another process is at it. Whatever `react` raises undoes the
    batch, which comes again: a follower sees an entry at least once, and its rows exactly once.
    """
    place = _take_place(name)
    if place is None:
        return 0
    entries = queries.entries_after(place, limit)
    if not entries:
        return 0
    wanted = [e for e in entries if any(matches(p, e.action) for p in patterns)]
    if wanted:
        react(wanted)
    Follower.objects.filter(name=name).update(position=entries[-1].position)
    return len(entries)


@transaction.atomic
def place_follower(name: str, position: int) -> None:
    """Let a follower go on after `position`: 0 to read everything again."""
    Follower.objects.update_or_create(name=name, defaults={"position": position})


def _take_place(name: str) -> int | None:
    row = Follower.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if row:
        return row.position
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_follower (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING",
            [name],
        )
        return 0 if cursor.rowcount else None

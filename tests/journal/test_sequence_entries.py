"""The sequencer under fire: every entry once, no hole, no waiting for a long transaction."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction

from tests.journal.conftest import AT
from thudo.journal import actions, queries
from thudo.journal.actions import Record, record_all, sequence_entries
from thudo.journal.models import Entry, Sequence
from thudo.journal.rules import JournalEntry, Subject

WRITERS, THINGS = 16, 12


@dataclass
class Storm:
    """What the writers committed (key -> instant), and what the reader saw, in order."""

    stop: threading.Event = field(default_factory=threading.Event)
    committed: dict[str, float] = field(default_factory=dict)
    seen: list[tuple[JournalEntry, float]] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    long_is_open: threading.Event = field(default_factory=threading.Event)

    def start(self, work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as fault:
                self.faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread


class Undone(Exception):
    """A writer changed its mind."""


def _perhaps_undo(dice: random.Random, share: float) -> None:
    if dice.random() < share:
        raise Undone


@pytest.fixture
def things(transactional_db: None) -> Iterator[None]:
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE storm_thing (id int PRIMARY KEY, version int NOT NULL)")
    cursor.execute("INSERT INTO storm_thing SELECT n, 0 FROM generate_series(0, 99) n")
    yield
    connection.cursor().execute("DROP TABLE storm_thing")


def _change(thing: int, key: str) -> Record:
    """A deed's change: the row first (and its lock), then the entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE storm_thing SET version = version + 1 WHERE id = %s RETURNING version", [thing]
        )
        (version,) = cursor.fetchone() or (0,)
    subject = Subject("thing", str(thing), version)
    return Record("thing.changed", subject, "clock", AT, {"key": key})


def _write(storm: Storm, name: str) -> None:
    dice = random.Random(name)
    count = 0
    while not storm.stop.is_set():
        count += 1
        keys: list[str] = []
        try:
            with transaction.atomic():
                _several(dice, f"{name}-{count}", keys)
                _perhaps_undo(dice, 0.15)
        except Undone:
            continue
        storm.committed |= dict.fromkeys(keys, time.monotonic())


def _several(dice: random.Random, name: str, keys: list[str]) -> None:
    """One to four things in a fixed order, some in savepoints, some of those rolled back."""
    for thing in sorted(dice.sample(range(THINGS), dice.randint(1, 4))):
        key = f"{name}-{thing}"
        try:
            with transaction.atomic(savepoint=dice.random() < 0.5):
                record_all([_change(thing, key)])
                # Without a savepoint, undoing here would undo everything.
                _perhaps_undo(dice, 0.2 if connection.savepoint_ids[-1] else 0)
        except Undone:
            continue
        keys.append(key)
        time.sleep(dice.random() * 0.003)


def _write_long(storm: Storm, seconds: float) -> None:
    with transaction.atomic():
        record_all([_change(99, "long")])
        storm.long_is_open.set()
        time.sleep(seconds)
    storm.committed["long"] = time.monotonic()


def _sequence(storm: Storm) -> None:
    while not storm.stop.is_set():
        sequence_entries()
        time.sleep(0.02)


def _read(storm: Storm) -> None:
    position = 0
    while not storm.stop.is_set():
        entries = queries.entries_after(position)
        storm.seen += [(entry, time.monotonic()) for entry in entries]
        position = entries[-1].position if entries else position
        time.sleep(0.01)


def _rage(seconds: float, long: float, began: Callable[[], None] = lambda: None) -> Storm:
    storm, after = Storm(), Storm()
    readers = [after.start(lambda: _read(after))]
    readers += [after.start(lambda: _sequence(after)) for _ in range(2)]
    writers = [storm.start(lambda: _write_long(storm, long))]
    assert storm.long_is_open.wait(timeout=60)
    began()
    writers += [storm.start(lambda n=n: _write(storm, f"w{n}")) for n in range(WRITERS)]  # type: ignore[misc]
    time.sleep(seconds)
    storm.stop.set()
    for thread in writers:
        thread.join()
    deadline = time.monotonic() + 10
    while len(after.seen) < len(storm.committed) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    after.stop.set()
    for thread in readers:
        thread.join()
    assert not storm.faults + after.faults
    return Storm(committed=storm.committed, seen=after.seen)


def _judge(storm: Storm) -> list[float]:
    """Each entry's seconds from commit to reader, ascending."""
    entries = [entry for entry, _ in storm.seen]
    assert len(storm.committed) > 100
    assert sorted(e.data["key"] for e in entries) == sorted(storm.committed)
    assert [e.position for e in entries] == list(range(1, len(entries) + 1))
    assert Entry.objects.filter(position=None).count() == 0
    versions = defaultdict(list)
    for entry in entries:
        versions[entry.subject.id].append(entry.subject.version)
    assert all(v == list(range(1, len(v) + 1)) for v in versions.values())
    # All of these began after the long transaction: had anybody waited for it, none were here yet.
    assert sum(at < storm.committed["long"] for _, at in storm.seen) > 50
    return sorted(at - storm.committed[e.data["key"]] for e, at in storm.seen)


def test_sixteen_writers_and_a_long_one_for_three_seconds(things: None) -> None:
    _judge(_rage(3, long=2.5))


def test_with_statistics_of_an_empty_journal_nothing_is_lost(things: None) -> None:
    _judge(_rage(3, long=2.5, began=_analyze))


@pytest.mark.django_db(transaction=True)
def test_with_statistics_of_an_empty_journal_no_entry_is_held_against_another() -> None:
    storm = Storm()
    writer = storm.start(lambda: _write_one_and_wait(storm))
    assert storm.long_is_open.wait(timeout=60)
    _analyze()
    storm.stop.set()
    writer.join()
    with transaction.atomic():
        record_all(
            Record("thing.changed", Subject("thing", str(n), 1), "clock", AT, {})
            for n in range(500)
        )

    read = _rows_read_by_the_plan()

    assert not storm.faults
    # A few steps pass each on; every one held against every other was 1,256,007.
    assert read < 10 * 501


def _write_one_and_wait(storm: Storm) -> None:
    with transaction.atomic():
        record_all([Record("thing.changed", Subject("thing", "long", 1), "clock", AT, {})])
        storm.long_is_open.set()
        storm.stop.wait(timeout=60)


def _analyze() -> None:
    """It sees one page and no row while the first transaction is open: a true accident."""
    connection.cursor().execute("ANALYZE journal_entry")


def _rows_read_by_the_plan() -> int:
    """By all steps of the sequencer's statement together, those thrown away included."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {actions._POSITION}"
    values = {"last": 0, "xmax": 0, "running": [], "batch": actions.BATCH}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(explain, values)
        (plan,) = cursor.fetchone() or ([],)
    return _rows_read(plan[0]["Plan"])


def _rows_read(step: dict[str, Any]) -> int:
    own = step["Actual Rows"] + step.get("Rows Removed by Join Filter", 0)
    return int(own * step["Actual Loops"]) + sum(map(_rows_read, step.get("Plans", ())))


@pytest.mark.audit
def test_sixteen_writers_and_a_ten_second_one(things: None) -> None:
    waits = _judge(_rage(12, long=10))
    p50, p99 = (waits[int(len(waits) * share)] for share in (0.5, 0.99))
    print(f"{len(waits)} entries, commit to reader p50 {p50:.3f} s p99 {p99:.3f} s")


@pytest.mark.django_db(transaction=True)
def test_full_batches_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 3)
    subjects = [Subject("thing", str(n), 1) for n in range(8)]
    with transaction.atomic():
        record_all(Record("thing.changed", s, "clock", AT, {}) for s in subjects)

    counts = [sequence_entries() for _ in range(5)]

    assert counts == [0, 3, 3, 2, 0]
    assert [e.subject.id for e in queries.entries_after(0)] == [s.id for s in subjects]


@pytest.mark.django_db(transaction=True)
def test_an_idle_round_writes_nothing() -> None:
    with transaction.atomic():
        record_all([Record("thing.changed", Subject("thing", "1", 1), "clock", AT, {})])
    sequence_entries()
    sequence_entries()

    with transaction.atomic(), connection.cursor() as cursor:
        sequence_entries()
        # A transaction gets a number with its first write only.
        cursor.execute("SELECT pg_current_xact_id_if_assigned()")
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db(transaction=True)
def test_in_another_server_everything_that_waits_is_taken() -> None:
    Sequence.objects.create(id=1, position=40, snapshot="900000000:900000000:", server="another")
    with transaction.atomic():
        record_all([Record("thing.changed", Subject("thing", "1", 1), "clock", AT, {})])

    given = sequence_entries()

    assert given == 1
    assert queries.latest_position() == 41

"""Recording: inside the deed's transaction, named, append-only."""

import time
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.journal.conftest import AT
from thudo.base.database import together
from thudo.journal import actions, queries, rules
from thudo.journal.actions import Record, record, record_all
from thudo.journal.models import Entry
from thudo.journal.rules import Subject

SQL = Path(actions.__file__).parent / "sql"


def _change(version: int = 1, thing: str = "7", **data: object) -> None:
    record(
        "thing.changed", subject=Subject("thing", thing, version), actor="clock", at=AT, data=data
    )


@pytest.mark.django_db
def test_an_entry_keeps_the_exact_bytes_that_its_hash_is_of() -> None:
    _change(state="open")

    entry = Entry.objects.get()
    body, salt = bytes(entry.body), bytes(entry.salt)
    assert body == rules.entry_body(
        "thing.changed", Subject("thing", "7", 1), "clock", AT, {"state": "open"}
    )
    assert rules.sealed_hash(salt, body) == bytes(entry.hash)
    assert entry.position is None


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(actions.RecordedOutsideTransaction):
        _change()


@pytest.mark.django_db
def test_an_action_that_no_slice_names_is_refused() -> None:
    with pytest.raises(actions.UnknownAction):
        record("thing.eaten", subject=Subject("thing", "7", 1), actor="clock", at=AT, data={})


@pytest.mark.django_db
def test_several_entries_go_in_one_statement_and_keep_their_order() -> None:
    subjects = [Subject("thing", str(n), 1) for n in range(40)]

    record_all(Record("thing.changed", s, "clock", AT, {}) for s in subjects)

    ids = Entry.objects.order_by("number").values_list("subject_id", flat=True)
    assert list(ids) == [s.id for s in subjects]


@pytest.mark.django_db
def test_recording_runs_in_a_pipeline() -> None:
    with together():
        _change(1)
        _change(2)

    assert [e.subject.version for e in queries.entries_about("thing", "7")] == [1, 2]


@pytest.mark.django_db
def test_gathered_with_others_entries_keep_their_order() -> None:
    with together():
        for version in range(1, 6):
            _change(version)

    numbers = Entry.objects.order_by("number").values_list("subject_version", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_entry",
        "UPDATE journal_entry SET actor = 'nobody'",
        "UPDATE journal_entry SET position = NULL",
        "UPDATE journal_entry SET position = 4, body = 'x'",
    ],
)
def test_an_entry_cannot_be_changed(statement: str) -> None:
    _change()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_a_position_is_given_once() -> None:
    _change()
    cursor = connection.cursor()
    cursor.execute("UPDATE journal_entry SET position = 1")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("UPDATE journal_entry SET position = 2")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_entry SET actor = 'nobody'",
    ],
)
def test_the_applications_role_may_not_even_try(statement: str) -> None:
    _change()
    cursor = connection.cursor()
    _become_application(cursor)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_applications_role_records_and_sequences() -> None:
    cursor = connection.cursor()
    _become_application(cursor)

    _change()
    actions.sequence_entries()
    given = actions.sequence_entries()

    assert given == 1
    cursor.execute("RESET ROLE")


@pytest.mark.django_db
def test_recording_is_cheap() -> None:
    data = {"state": "open", "unit": "p-hoan-kiem", "service": "road-hole", "version": 3}
    began = time.process_time()

    for _ in range(300):
        actions.entry_row("thing.changed", Subject("thing", "7", 1), "clock", AT, data)

    # Aim 60 µs; the bound is loose because the machine is shared.
    assert (time.process_time() - began) / 300 < 0.0003


def _become_application(cursor: object) -> None:
    cursor.execute("CREATE ROLE thudo_app")  # type: ignore[attr-defined]
    cursor.execute((SQL / "privileges_v1.sql").read_text("utf-8"))  # type: ignore[attr-defined]
    cursor.execute("SET LOCAL ROLE thudo_app")  # type: ignore[attr-defined]

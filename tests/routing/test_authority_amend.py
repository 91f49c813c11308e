"""The exclusion constraint and the deed that writes the matrix."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thudo.routing.actions import Wanted, write_authority
from thudo.routing.models import Authority

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WORDS = {"vi": "vì", "en": "because"}


def wanted(unit: str, starts: date, ends: date | None = None) -> Wanted:
    return Wanted("noise", "city", unit, starts, ends, "Order 1", WORDS)


def write(*rows: Wanted, at: datetime = AT) -> int:
    return write_authority(rows, pack_version=1, at=at)


def spans() -> list[tuple[str, date, date | None]]:
    rows = Authority.objects.exclude(valid__isempty=True).order_by("valid")
    return [(row.unit, row.valid.lower, row.valid.upper) for row in rows]


def test_two_units_never_hold_one_scope_on_one_day() -> None:
    write(wanted("a", date(2025, 1, 1)))

    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.create(
            service="noise", scope="city", unit="b", valid=DateRange(date(2027, 1, 1), None),
            legal_basis="", reason={}, pack_version=1,
        )  # fmt: skip


def test_the_first_load_writes_the_whole_history() -> None:
    write(wanted("a", date(2025, 1, 1), date(2025, 7, 1)), wanted("b", date(2025, 7, 1)))

    assert spans() == [("a", date(2025, 1, 1), date(2025, 7, 1)), ("b", date(2025, 7, 1), None)]


def test_writing_the_same_again_adds_nothing() -> None:
    rows = [wanted("a", date(2025, 1, 1), date(2025, 7, 1)), wanted("b", date(2025, 7, 1))]

    assert [write(*rows), write(*rows), write(*rows, at=datetime(2026, 9, 1, tzinfo=UTC))] == [
        2,
        0,
        0,
    ]


def test_history_is_not_rewritten() -> None:
    write(wanted("a", date(2025, 1, 1)))

    write(wanted("b", date(2025, 1, 1)))

    assert spans() == [("a", date(2025, 1, 1), AT.date()), ("b", AT.date(), None)]


def test_a_change_in_the_future_waits_for_its_day() -> None:
    write(wanted("a", date(2025, 1, 1)))

    write(wanted("a", date(2025, 1, 1), date(2027, 1, 1)), wanted("b", date(2027, 1, 1)))

    assert spans() == [
        ("a", date(2025, 1, 1), AT.date()),
        ("a", AT.date(), date(2027, 1, 1)),
        ("b", date(2027, 1, 1), None),
    ]


def test_a_row_that_had_not_begun_vanishes_without_a_trace_in_time() -> None:
    write(wanted("a", date(2025, 1, 1), date(2027, 1, 1)), wanted("b", date(2027, 1, 1)))

    write(wanted("a", date(2025, 1, 1), date(2027, 1, 1)), wanted("c", date(2027, 1, 1)))

    assert spans()[-1] == ("c", date(2027, 1, 1), None)
    assert Authority.objects.filter(unit="b", valid__isempty=True).exists()


def test_a_scope_that_the_pack_drops_ends() -> None:
    write(wanted("a", date(2025, 1, 1)))

    write()

    assert spans() == [("a", date(2025, 1, 1), AT.date())]

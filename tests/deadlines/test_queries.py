"""What a process knows of calendars, terms and duty: the newest, without a statement per question."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from tests.deadlines.calendars import OFF_2026, OFFICE, WEEK, hanoi_time
from thudo.deadlines import queries
from thudo.deadlines.models import Calendar, DutyShift, Term

pytestmark = pytest.mark.django_db

FILED = hanoi_time("2026-02-13 16:45")
LOADED = hanoi_time("2026-01-01 00:00")


@pytest.fixture(autouse=True)
def city() -> Iterator[None]:
    load_calendar(1)
    term("intake", 480, source="QĐ 1207, 8 giờ")
    term("handling", 240, urgency="urgent")
    term("acknowledge", 15, measure="elapsed")
    every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for starts, ends, post in [(7, 19, "ward.duty"), (19, 7, "ward.night")]:
        DutyShift.objects.create(
            unit="ward", days=every_day, starts=time(starts), ends=time(ends),
            post=post, valid_from=date(2026, 1, 1),
        )  # fmt: skip
    queries.forget()
    yield
    queries.forget()


def load_calendar(version: int, *more_off: str) -> None:
    Calendar.objects.create(
        code="office", version=version, time_zone="Asia/Ho_Chi_Minh", week=WEEK, loaded_at=LOADED,
        exceptions={day: {"hours": []} for day in [*OFF_2026, *more_off]}
        | {"2026-01-10": {"hours": OFFICE}},
    )  # fmt: skip


def term(clock: str, minutes: int, *, measure: str = "working", **more: str) -> None:
    Term.objects.create(
        clock=clock, minutes=minutes, measure=measure, valid_from=date(2025, 3, 1),
        **{"source": "pack", **more},
    )  # fmt: skip


def due(clock: str, **more: object) -> queries.Due:
    given = {"service": "trees", "urgency": "urgent", "calendar": "office", "start": FILED, **more}
    return queries.due(clock, **given)  # type: ignore[arg-type]


def test_a_due_instant_comes_with_its_reasons() -> None:
    intake = due("intake")

    assert intake.due_at == hanoi_time("2026-02-23 16:45")
    assert (intake.minutes, intake.measure) == (480, "working")
    assert (intake.source, intake.calendar, intake.calendar_version) == (
        "QĐ 1207, 8 giờ",
        "office",
        1,
    )


def test_urgent_before_tet_is_acknowledged_that_evening_though_its_terms_end_after_it() -> None:
    assert due("acknowledge").due_at == hanoi_time("2026-02-13 17:00")
    assert queries.duty_post("ward", FILED) == "ward.duty"
    assert due("handling", start=due("intake").due_at).due_at == hanoi_time("2026-02-24 11:45")


def test_an_order_with_a_term_of_its_own_needs_no_term_of_the_pack() -> None:
    assert due("order", minutes=60).due_at == hanoi_time("2026-02-23 08:45")


def test_what_the_pack_lacks_is_said() -> None:
    with pytest.raises(queries.NoTerm, match="handling"):
        due("handling", urgency="normal")
    with pytest.raises(queries.NoSuchCalendar):
        due("intake", calendar="night")


def test_questions_cost_no_statement_within_a_second(django_assert_num_queries) -> None:
    due("intake")

    with django_assert_num_queries(0):
        due("handling")
        queries.duty_post("ward", FILED)
        queries.used("office", FILED, hanoi_time("2026-02-23 10:00"), measure="working")


def test_a_new_version_is_noticed_after_a_second_with_one_statement(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    due("intake")
    monkeypatch.setattr(queries._keeper, "checked", 0.0)
    with django_assert_num_queries(1):
        due("intake")

    load_calendar(2, "2026-02-23")
    monkeypatch.setattr(queries._keeper, "checked", 0.0)

    assert due("intake").due_at == hanoi_time("2026-02-24 16:45")
    assert queries.stale_calendars() == {"office": 2}
    assert queries.due_after("office", FILED, 60, measure="working") == (
        hanoi_time("2026-02-24 08:45"),
        2,
    )


def test_an_unchanged_calendar_keeps_its_laid_out_years(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = queries.calendar_of("office")
    term("check", 120)
    monkeypatch.setattr(queries._keeper, "checked", 0.0)

    assert queries.calendar_of("office") is kept
    assert due("check").minutes == 120


def test_every_hour_of_the_year_has_somebody_on_duty() -> None:
    assert queries.uncovered("ward", 2027) == []
    assert len(queries.uncovered("nobody", 2026)) == 1

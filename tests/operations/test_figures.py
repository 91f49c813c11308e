"""Figures that cannot be dressed: what is late counts, and anybody can reckon them again."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.operations.cast import DAY, HOUR, case_of, finish, judge, report
from tests.town import CAST, HARBOUR, MONDAY
from thudo.cases import actions as deeds
from thudo.cases.models import Case
from thudo.operations import actions
from thudo.operations.queries import counting, export, figures
from thudo.operations.queries.conditions import month_bounds
from thudo.operations.queries.figures import Figures
from thudo.operations.rules import Filters

pytestmark = pytest.mark.usefixtures("small_town")
MARCH = "2026-03"
END = MONDAY + 28 * DAY


def by_area(*, at: datetime) -> dict[str, Figures]:
    """The figures of each ward, everything counted up to `at`."""
    actions.rebuild(at=at)
    return figures.figures_by_area(MARCH, at=at)


def city(*, at: datetime) -> Figures:
    """The figures of the city, everything counted up to `at`."""
    return sum(by_area(at=at).values(), Figures())


@pytest.fixture
def march(small_town: object) -> None:
    """Nine cases of March: kept, broken and open, broken and ended, private, waiting, gone."""
    for n in range(3):
        finish(report(at=MONDAY + n * HOUR), at=MONDAY + (n + 1) * HOUR)
    report()
    finish(report(), at=MONDAY + 15 * DAY)
    report(public=False)
    asked = case_of(report())
    deeds.accept_case(asked, actor=CAST.handler, at=MONDAY + HOUR)
    deeds.ask_petitioner(asked, text="Which side?", actor=CAST.handler, at=MONDAY + 2 * HOUR)
    report(point=HARBOUR)
    gone = case_of(report())
    Case.objects.filter(pk=gone.pk).update(state="withdrawn", closed_at=MONDAY + HOUR)


def as_csv() -> str:
    out = io.StringIO()
    pen = csv.writer(out)
    pen.writerow(export.COLUMNS)
    pen.writerows(export.rows(export.small_cells()))
    return out.getvalue()


@pytest.mark.usefixtures("march")
def test_in_time_counts_every_promise_that_fell_due_not_only_ended_ones() -> None:
    found = city(at=END)

    # Due: three kept, one broken and ended late, three never ended (one of them private). Not due:
    # the one waiting for its petitioner, and the one taken back.
    assert (found.due, found.kept) == (7, 3)
    assert (found.open, found.late, found.done) == (4, 3, 4)


@pytest.mark.usefixtures("march")
def test_the_sentence_of_the_front_page_has_the_same_two_numbers() -> None:
    found = city(at=END)
    assert figures.city_word(MARCH) == figures.Word(found.due, found.kept)


@pytest.mark.usefixtures("march")
def test_every_figure_has_a_list_with_the_same_count() -> None:
    of_ward = by_area(at=END)
    behind = {
        "open": Filters(state="open"),
        "late": Filters(state="late"),
        "waiting": Filters(state="waiting"),
        "done": Filters(state="done", month=MARCH),
        "due": Filters(month=MARCH, promise="due"),
        "kept": Filters(month=MARCH, promise="kept"),
        "results": Filters(month=MARCH, verdict="result"),
        "rated": Filters(month=MARCH, verdict="rated"),
        "satisfied": Filters(month=MARCH, verdict="satisfied"),
    }
    for area, found in of_ward.items():
        for name, filters in behind.items():
            narrowed = Filters(**{**filters.given, "area": area})
            assert counting.count_of(narrowed, at=END).shown == getattr(found, name), (area, name)


@pytest.mark.usefixtures("march")
def test_an_outsider_reckons_the_same_from_the_open_table() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv())))
    cases = [row for row in rows if row["case_first"] == "true"]
    ended = {"answered", "resolved", "refused", "merged", "withdrawn"}
    open_now = [row for row in cases if row["state"] not in ended]
    late = [
        row for row in open_now
        if row["state"] != "awaiting_supplement" and instant(row["promised_at"]) < END
    ]  # fmt: skip
    items = [list(promises_due(row)) for row in cases]

    found = city(at=END)

    assert len(rows) == 9
    assert len(open_now) == found.open
    assert len(late) == found.late
    assert sum(1 for kept in items if kept) == found.due
    assert sum(1 for kept in items if kept and all(kept)) == found.kept


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def promises_due(row: dict[str, str]) -> Iterator[bool]:
    """The printed formula, written anew: whether each promise that fell due in March was kept."""
    if row["state"] == "":
        return
    promises = [tuple(map(instant, pair.split("/"))) for pair in row["promises"].split()]
    results = [instant(text) for text in row["results"].split()]
    waits = [pair.split("/") for pair in row["waits"].split()]
    gone = row["state"] in {"merged", "withdrawn"}
    start, end = month_bounds(MARCH)
    for n, (made, due) in enumerate(promises):
        if not (start <= due < end and due <= END) or gone:
            continue
        replaced = promises[n + 1][0] if n + 1 < len(promises) else None
        kept = any(made <= at <= min(due, replaced or due) for at in results)
        in_force = replaced is None or replaced > due
        waited = any(instant(a) <= due and (not b or instant(b) >= due) for a, b in waits)
        if kept or (in_force and not waited):
            yield kept


def test_a_new_promise_after_a_broken_one_does_not_wash_it_away() -> None:
    case = case_of(report())
    deeds.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    broken = case.promised_at
    deeds.extend_deadline(
        case, text="The asphalt is late.", due_at=broken + 9 * DAY, actor=CAST.head,
        at=broken + HOUR,
    )  # fmt: skip

    found = city(at=broken + 2 * HOUR)

    assert (found.due, found.kept, found.late) == (1, 0, 0)


def test_a_promise_moved_before_its_hour_is_not_a_broken_one() -> None:
    case = case_of(report())
    deeds.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    due = case.promised_at
    deeds.extend_deadline(
        case, text="The asphalt is late.", due_at=due + 9 * DAY, actor=CAST.head, at=MONDAY + DAY
    )

    assert city(at=due + HOUR).due == 0


def test_verdicts_are_shown_beside_how_many_gave_one() -> None:
    first, second, _third = report(), report(), report()
    finish(first, at=MONDAY + HOUR)
    finish(second, at=MONDAY + HOUR)
    judge(first, "satisfied", at=MONDAY + DAY)

    found = city(at=END)

    assert (found.results, found.rated, found.satisfied, found.not_satisfied) == (2, 1, 1, 0)


def test_today_counts_open_soon_late_and_done() -> None:
    case = case_of(report())
    finish(report(), at=MONDAY + HOUR)

    assert figures.today(MONDAY + 4 * HOUR) == figures.Today(1, 0, 0, 1)
    assert figures.today(case.promised_at - HOUR) == figures.Today(1, 1, 0, 0)
    assert figures.today(case.promised_at + timedelta(seconds=1)) == figures.Today(1, 0, 1, 0)


def test_an_empty_city_has_figures_of_nothing() -> None:
    assert city(at=END) == Figures()
    assert figures.previous_month("2026-01") == "2025-12"


def test_the_table_has_a_row_for_every_petition_and_tells_no_private_one() -> None:
    secret = report("Only the desk may read this", public=False, place="Alley 9")
    for _ in range(4):
        report()

    text = as_csv()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 5
    assert secret.number not in text
    assert "Alley" not in text
    private = next(row for row in rows if row["visibility"] == "private")
    assert (private["number"], private["service"], private["area"]) == ("", "road_damage", "w1")


def test_a_ward_with_few_of_a_kind_in_a_month_is_told_as_the_city() -> None:
    for _ in range(5):
        report()
    report(point=HARBOUR)

    rows = list(csv.DictReader(io.StringIO(as_csv())))

    assert sorted(row["area"] for row in rows) == ["town"] + ["w1"] * 5
    assert export.small_cells().rows == 1


def test_the_table_is_read_in_batches_without_losing_or_doubling_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "_BATCH", 3)
    filed = [report(at=MONDAY).number for _ in range(7)]

    rows = list(csv.DictReader(io.StringIO(as_csv())))

    assert sorted(row["number"] for row in rows) == sorted(filed)


def test_figures_take_two_statements_however_many_wards(
    django_assert_num_queries: object,
) -> None:
    report()
    report(point=HARBOUR)
    city(at=END)
    with django_assert_num_queries(2):  # type: ignore[operator]
        figures.city_figures(MARCH, at=END)

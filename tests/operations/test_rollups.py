"""The kept figures are those of a count of every case, whatever happened and in whatever pieces."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.operations.cast import DAY, HOME, HOUR, case_of, finish, report
from tests.town import CAST, HARBOUR, MONDAY
from thudo.accounts.rules import Actor
from thudo.cases import actions as deeds
from thudo.cases.models import Case
from thudo.journal.actions import sequence_entries
from thudo.journal.followers import FOLLOWERS, deliver
from thudo.journal.models import Sequence
from thudo.operations import actions, followers
from thudo.operations.models import MEASURES, Mark, Reckoning, Rollup, Tally
from thudo.petitions import actions as petitions
from thudo.petitions.models import Petition

pytestmark = pytest.mark.usefixtures("small_town")
END = MONDAY + 28 * DAY
CELL = ("month", "area", "service", "unit", "is_public", *MEASURES)
Rows = set[tuple[object, ...]]


@pytest.fixture(autouse=True)
def counted_from_the_start(small_town: object) -> None:
    sequence_entries()
    actions.rebuild(at=MONDAY - DAY)


def follow(limit: int = 500) -> None:
    """The worker's rounds, until nothing is left."""
    # All is one transaction here, which may have begun before the last snapshot ended.
    Sequence.objects.update(snapshot="")
    sequence_entries()
    while deliver(actions.FOLLOWER, limit):
        pass


def rollups() -> Rows:
    rows = Rollup.objects.values_list(*CELL)
    return {row for row in rows if any(row[5:])}


def tallies() -> Rows:
    return set(Tally.objects.values_list("case", *CELL))


def everything() -> tuple[Rows, Rows, Rows]:
    return rollups(), tallies(), set(Mark.objects.values_list())


def count_anew() -> tuple[Rows, Rows, Rows]:
    row = Reckoning.objects.get()
    actions.rebuild(at=row.at)
    return everything()


def judge(petition: Petition, value: str, *, at: datetime) -> None:
    opened = Actor("resident", opened=frozenset({petition.number}))
    petitions.judge_petition(petition, case_of(petition), value=value, actor=opened, at=at)


def a_month_of_work() -> list[Callable[[], object]]:
    """Steps of several cases, in the order of their instants."""
    kept, late, private, home = (
        report(),
        report(),
        report(public=False),
        report(home=True, point=HOME),
    )
    twin, moved, prompt = report(), report(point=HARBOUR), report()
    return [
        lambda: finish(prompt, at=MONDAY + HOUR),
        lambda: finish(kept, at=MONDAY + HOUR),
        lambda: petitions.merge_petition(
            case_of(twin), case_of(late), actor=CAST.intake, at=MONDAY + 2 * HOUR
        ),
        lambda: petitions.hide_petition(
            home, text="A face in it.", actor=CAST.intake, at=MONDAY + 3 * HOUR
        ),
        lambda: judge(kept, "not_satisfied", at=MONDAY + DAY),
        lambda: actions.advance(at=MONDAY + 9 * DAY),
        lambda: finish(late, at=MONDAY + 10 * DAY, outcome="answered"),
        lambda: judge(late, "satisfied", at=MONDAY + 11 * DAY),
        lambda: finish(private, at=MONDAY + 12 * DAY),
        lambda: actions.advance(at=MONDAY + 20 * DAY),
        lambda: petitions.show_petition(home, actor=CAST.intake, at=MONDAY + 21 * DAY),
        lambda: finish(moved, at=MONDAY + 22 * DAY),
    ]


@pytest.mark.parametrize("limit", [1, 500])
def test_step_by_step_is_the_same_as_all_at_once(limit: int) -> None:
    for step in a_month_of_work():
        step()
        follow(limit)
        assert actions.check(at=END) == 0
    actions.advance(at=END)

    assert everything() == count_anew()
    assert sum(Rollup.objects.values_list("due", flat=True)) == 6
    assert sum(Rollup.objects.values_list("kept", flat=True)) == 1


def test_a_promise_falls_due_without_anything_happening() -> None:
    case = case_of(report())
    follow()
    assert sum(Rollup.objects.values_list("due", flat=True)) == 0

    actions.advance(at=case.promised_at)

    assert sum(Rollup.objects.values_list("due", flat=True)) == 1
    assert actions.check(at=END) == 0


def test_many_promises_of_one_instant_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    for hour in (0, 0, 0, 1, 1):
        report(at=MONDAY + hour * HOUR)
    follow()

    turns = 1
    while actions.advance(at=END):
        turns += 1

    assert turns == 3
    assert sum(Rollup.objects.values_list("due", flat=True)) == 5


def test_an_entry_that_changes_no_figure_writes_none() -> None:
    case = case_of(report())
    deeds.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    follow()
    before = list(Tally.objects.values_list("pk", flat=True))

    deeds.note_progress(
        Case.objects.get(pk=case.pk), text="Two men are on their way.", actor=CAST.handler,
        at=MONDAY + 2 * HOUR,
    )  # fmt: skip
    follow()

    assert list(Tally.objects.values_list("pk", flat=True)) == before


def test_the_map_marks_what_is_open_or_ended_this_week() -> None:
    ended, still_open = report(), report(point=HARBOUR)
    report(public=False)
    finish(ended, at=MONDAY + HOUR)
    follow()
    assert set(marked()) == {case_of(ended).pk, case_of(still_open).pk}

    actions.advance(at=MONDAY + 9 * DAY)

    assert marked() == [case_of(still_open).pk]


def test_what_was_changed_behind_the_journal_is_found_in_the_night() -> None:
    case = case_of(report())
    follow()
    Case.objects.filter(pk=case.pk).update(area="w2")

    assert actions.check(at=END) == 2
    assert (Reckoning.objects.get().checked_at, Reckoning.objects.get().differences) == (END, 2)

    actions.rebuild(at=END)
    assert actions.check(at=END) == 0


def test_another_formula_counts_everything_again() -> None:
    report()
    follow()
    Reckoning.objects.update(formula=0)
    Rollup.objects.all().delete()

    actions.advance(at=END)

    assert actions.check(at=END) == 0
    assert sum(Rollup.objects.values_list("opened", flat=True)) == 1


def test_before_the_first_count_nothing_is_kept() -> None:
    Reckoning.objects.all().delete()
    report()
    follow()
    assert not Rollup.objects.exists()
    assert actions.check(at=END) == 0

    actions.advance(at=END)

    assert sum(Rollup.objects.values_list("opened", flat=True)) == 1


def marked() -> list[object]:
    return list(Mark.objects.values_list("pk", flat=True))


def test_the_follower_is_the_one_that_is_placed() -> None:
    assert FOLLOWERS[actions.FOLLOWER].react is followers.count_cases

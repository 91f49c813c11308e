"""The public list: who is in it, what is found, how its pages follow."""

from datetime import timedelta

import pytest

from tests.operations.cast import DAY, HOME, HOUR, case_of, finish, judge, report
from tests.town import CAST, HARBOUR, MONDAY
from thudo.cases import actions as deeds
from thudo.cases import lifecycle
from thudo.operations import actions, rules
from thudo.operations.queries import counting, listing
from thudo.operations.rules import Filters
from thudo.petitions.models import Petition, PetitionCase
from thudo.petitions.queries.public import public_view

pytestmark = pytest.mark.usefixtures("small_town")
LATER = MONDAY + 30 * DAY


ALL = Filters()


def count(filters: Filters) -> counting.Count:
    actions.rebuild(at=LATER)
    return counting.count_of(filters, at=LATER)


def numbers(filters: Filters = ALL, **more: object) -> list[str]:
    actions.rebuild(at=LATER)
    return [row.number for row in listing.page_of(filters, at=LATER, **more).rows]  # type: ignore[arg-type]


def test_the_newest_comes_first_and_pages_follow_both_ways() -> None:
    filed = [report(at=MONDAY + n * HOUR).number for n in range(7)][::-1]

    first = listing.page_of(Filters(), at=LATER, limit=3)
    second = listing.page_of(Filters(), at=LATER, limit=3, older=first.older)
    third = listing.page_of(Filters(), at=LATER, limit=3, older=second.older)
    back = listing.page_of(Filters(), at=LATER, limit=3, newer=third.newer)

    assert [r.number for p in (first, second, third) for r in p.rows] == filed
    assert (first.newer, third.older) == ("", "")
    assert back.rows == second.rows


def test_a_cursor_that_was_never_given_is_refused() -> None:
    for cursor in ("x", "AAAA", "é", "MjAyNi0wMy0wMnxhfGI"):
        with pytest.raises(listing.BadCursor):
            listing.page_of(Filters(), at=LATER, older=cursor)


def test_private_hidden_and_withdrawn_ones_are_never_rows() -> None:
    public = report()
    report(public=False)
    hidden, withdrawn = report(), report()
    Petition.objects.filter(pk=hidden.pk).update(is_hidden=True)
    Petition.objects.filter(pk=withdrawn.pk).update(handling="withdrawn")

    assert numbers() == [public.number]


def test_private_ones_are_counted_but_not_where_they_could_be_found_out() -> None:
    report()
    report("My neighbour's name is in it", public=False)

    assert count(Filters(area="w1")) == counting.Count(1, 2)
    assert count(Filters(area="w1", service="road_damage")).total is None
    assert count(Filters(q="neighbour")) == counting.Count(0, None)


def test_words_are_found_with_and_without_accents() -> None:
    found = report("Ổ gà lớn trước cổng trường", place="12 Khương Đình")
    report("Đèn đường hỏng", place="Phố Huế")

    for q in ("ổ gà", "o ga", "KHUONG DINH", '"khương đình"', "12 khuong dinh cong truong"):
        assert numbers(Filters(q=q)) == [found.number], q
    assert numbers(Filters(q='"đình khương"')) == []


def test_filters_narrow_by_ward_service_and_state() -> None:
    here, there = report(), report(point=HARBOUR)
    done = finish(report(), at=MONDAY + HOUR)

    assert numbers(Filters(area="w2")) == [there.number]
    assert numbers(Filters(state="done")) == [done.label]
    assert set(numbers(Filters(state="late"))) == {here.number, there.number}
    assert numbers(Filters(group="streets", state="closed")) == [done.label]
    assert numbers(Filters(service="noise")) == []


def test_a_case_waiting_for_its_petitioner_is_not_late() -> None:
    case = case_of(report())
    deeds.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    deeds.ask_petitioner(case, text="Which side?", actor=CAST.handler, at=MONDAY + 2 * HOUR)

    assert numbers(Filters(state="late")) == []
    assert numbers(Filters(state="waiting")) == [case.label]


def test_merged_petitions_stand_once_with_how_many_they_are() -> None:
    first, second = report(), report(at=MONDAY + HOUR)
    into, other = case_of(first), case_of(second)
    deeds.merge_case(other, into, actor=CAST.intake, at=MONDAY + 2 * HOUR)
    PetitionCase.objects.create(petition=second, case=into, position=2)
    into.numbers = [first.number, second.number]
    into.save()

    rows = listing.page_of(Filters(), at=LATER).rows

    assert [(row.number, row.petitions) for row in rows] == [(first.number, 2)]
    assert count(Filters()) == counting.Count(1, 1)


def test_a_row_tells_no_more_than_the_public_view() -> None:
    home = report(place="Alley 4, house 7", home=True, point=HOME)
    street = report()

    for petition in (home, street):
        row = listing.rows_of([petition.number], at=LATER)[petition.number]
        view = public_view(petition)
        assert (row.place, row.area, row.service) == (view.place, view.area, view.service)
    assert listing.rows_of([home.number], at=LATER)[home.number].place == ""


def test_the_verdict_of_the_petitioner_stands_in_the_row() -> None:
    petition = report()
    finish(petition, at=MONDAY + HOUR)
    judge(petition, "acceptable", at=MONDAY + DAY)

    assert listing.page_of(Filters(), at=LATER).rows[0].verdict == "acceptable"


def test_every_filter_makes_a_list_and_a_count() -> None:
    report()
    for state in rules.STATES:
        for filters in (
            Filters(state=state),
            Filters(state=state, month="2026-03", on="2026-03-02"),
        ):
            assert len(numbers(filters)) == count(filters).shown
    for promise in rules.PROMISES:
        filters = Filters(month="2026-03", promise=promise)
        assert len(numbers(filters)) == count(filters).shown
    for verdict in rules.VERDICTS:
        filters = Filters(month="2026-03", verdict=verdict)
        assert len(numbers(filters)) == count(filters).shown


def test_the_words_of_states_are_those_of_the_lifecycle() -> None:
    assert rules.CLOSED | rules.GONE == lifecycle.CLOSED
    assert rules.PAUSED == lifecycle.AWAITING_SUPPLEMENT
    assert rules.BEFORE_INTAKE == lifecycle.BEFORE_INTAKE
    assert set(rules._BEHIND) == lifecycle.OPEN


def test_shapes_follow_the_promise_and_never_call_an_answer_done() -> None:
    soon = MONDAY + DAY
    shape = {
        state: rules.shape_of(state, MONDAY + 2 * DAY, at=MONDAY, soon_at=soon)
        for state in lifecycle.STATES
    }
    assert [state for state, found in shape.items() if found == "done"] == ["resolved"]
    assert shape["answered"] == shape["awaiting_supplement"] == "wait"
    late = rules.shape_of("in_progress", MONDAY - timedelta(minutes=1), at=MONDAY, soon_at=soon)
    assert late == "late"
    assert rules.shape_of("in_progress", soon, at=MONDAY, soon_at=soon) == "soon"


def test_classes_of_a_map_keep_zero_apart() -> None:
    limits = rules.classes([0, 0, 1, 1, 2, 3, 5, 40])
    assert limits[0] == 0
    assert limits[-1] == 40
    assert len(limits) <= 5
    assert [rules.class_of(value, limits) for value in (0, 1, 40)] == [1, 2, len(limits)]
    assert rules.classes([0, 0]) == [0]


def test_hits_of_a_search_are_counted_so_far_and_then_said_to_be_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counting, "MOST", 2)
    for n in range(3):
        report(at=MONDAY + n * HOUR)

    assert count(Filters(q="hole")) == counting.Count(2, None, is_least=True)
    assert count(Filters(q="hole school")).is_least
    assert not count(Filters(q="asphalt")).is_least

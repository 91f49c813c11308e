"""The precedence of the matrix, as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.routing.rules.authority import Cell, NoUnitAnswers, choose, receiver, scopes_for

DAY = date(2026, 3, 2)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
names = st.text("abcdef", min_size=1, max_size=3)


def cell(unit: str = "u", starts: date | None = None, ends: date | None = None) -> Cell:
    return Cell(1, unit, starts, ends)


def test_conduct_goes_before_asset_before_the_smallest_area_before_the_city() -> None:
    assert scopes_for(["w1", "d1"], ["road:arterial", "lamp:x"], "ward-1") == (
        "about:ward-1", "asset:road:arterial", "asset:lamp:x", "area:w1", "area:d1", "city",
    )  # fmt: skip
    assert scopes_for([]) == ("city",)


@given(st.lists(names, unique=True, max_size=4), st.sets(st.integers(0, 9)), days)
def test_the_first_scope_with_a_valid_row_wins(areas: list[str], held: set[int], day: date) -> None:
    scopes = scopes_for(areas, ["road:a"], "x")
    rows = {scope: [cell(scope)] for place, scope in enumerate(scopes) if place in held}

    if rows:
        assert choose(rows, scopes, day).unit == next(scope for scope in scopes if scope in rows)
    else:
        with pytest.raises(NoUnitAnswers):
            choose(rows, scopes, day)


@given(days, days, days)
def test_a_row_holds_from_its_first_day_to_before_its_last(a: date, b: date, day: date) -> None:
    starts, ends = min(a, b), max(a, b) + timedelta(days=1)

    assert cell("u", starts, ends).holds_on(day) == (starts <= day < ends)


@given(st.lists(days, min_size=1, max_size=5, unique=True), days)
def test_of_rows_that_follow_one_another_exactly_one_holds(turns: list[date], day: date) -> None:
    turns.sort()
    edges = [None, *turns, None]
    rows = {"city": [cell(str(i), edges[i], edges[i + 1]) for i in range(len(edges) - 1)]}

    assert choose(rows, ["city"], day).unit == str(sum(turn <= day for turn in turns))


def test_two_rows_of_one_scope_are_no_answer() -> None:
    with pytest.raises(NoUnitAnswers) as refused:
        choose({"city": [cell("a"), cell("b")]}, ["city"], DAY)

    assert refused.value.found == 2


def test_an_ended_row_of_a_narrow_scope_lets_the_wider_one_answer() -> None:
    rows = {"area:w1": [cell("ward", None, DAY)], "city": [cell("city")]}

    assert choose(rows, scopes_for(["w1"]), DAY - timedelta(days=1)).unit == "ward"
    assert choose(rows, scopes_for(["w1"]), DAY).unit == "city"


@given(
    st.dictionaries(names, st.one_of(st.none(), names), max_size=6),
    names,
    st.lists(names, max_size=4),
)
def test_nobody_judges_himself_or_the_one_above_him(
    parents: dict[str, str | None], about: str, receivers: list[str]
) -> None:
    taker = receiver(about, receivers, parents)

    while taker is not None:
        assert taker != about
        above = parents.pop(taker, None)
        taker = above

"""States by the clock, streets by their names."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from thudo.advisories import rules

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GENERIC = frozenset({"pho", "duong"})


def state(kind: str, begins: float, ends: float | None, at: float, told: float = -10) -> str:
    """Hours around AT."""
    begins_at, ends_at = AT + begins * HOUR, None if ends is None else AT + ends * HOUR
    closes = rules.closes_at(kind, begins_at, ends_at, AT + told * HOUR)
    return rules.state_at(
        AT + at * HOUR, begins_at=begins_at, closes_at=closes, ended_at=None, withdrawn_at=None
    )


def test_a_cut_is_planned_then_runs_then_is_over_at_its_expected_end() -> None:
    assert [state("cut", 0, 4, at) for at in (-1, 0, 3.9, 4)] == [
        "planned", "running", "running", "ended",
    ]  # fmt: skip


def test_an_incident_runs_past_its_expected_end_until_its_unit_is_silent_for_a_day() -> None:
    assert state("incident", 0, 4, 5) == "running"
    assert state("incident", 0, 4, 27.9) == "running"
    assert state("incident", 0, 4, 28) == "ended"
    assert state("incident", 0, 4, 28, told=10) == "running"


def test_what_names_no_end_is_believed_for_a_day() -> None:
    assert state("cut", 0, None, 23) == "running"
    assert state("cut", 0, None, 25) == "ended"


@given(
    st.sampled_from(list(rules.KINDS)),
    st.integers(-1000, 1000),
    st.none() | st.integers(1, 500),
    st.integers(-1000, 1000),
)
def test_nothing_closes_before_it_begins(
    kind: str, begins: int, length: int | None, told: int
) -> None:
    begins_at = AT + begins * HOUR
    ends_at = None if length is None else begins_at + length * HOUR

    assert rules.closes_at(kind, begins_at, ends_at, AT + told * HOUR) > begins_at


def test_a_street_is_named_by_whole_words_without_the_word_for_street() -> None:
    assert rules.names_street("mat dien o khuong dinh tu sang", "pho khuong dinh", GENERIC)
    assert not rules.names_street("mat dien o khuong dinhh", "pho khuong dinh", GENERIC)
    assert not rules.names_street("anything", "pho", GENERIC)

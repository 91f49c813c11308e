"""The table of rights as pure values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.accounts.rules import (
    ACTS,
    HANDLER,
    INTAKE,
    RESIDENT,
    ROLES,
    Actor,
    Person,
    Scope,
    Seat,
    actor_of,
    may,
)

HERE, THERE = Scope(unit="ward-1"), Scope(unit="ward-2")
OFFICER = Actor("user:1", frozenset({HANDLER}), frozenset({"ward-1"}))
OPENER = Actor("resident", opened=frozenset({"5720000001"}))
HIS = Scope(unit="ward-1", numbers=frozenset({"5720000001"}))


def test_an_officer_acts_in_his_own_unit_only() -> None:
    assert may(OFFICER, "case.accept", HERE)
    assert not may(OFFICER, "case.accept", THERE)


def test_an_officer_never_reads_an_identity() -> None:
    assert not any(may(OFFICER, "petition.read_identity", thing) for thing in (HERE, HIS, None))
    assert may(Actor("user:2", frozenset({INTAKE})), "petition.read_identity")


def test_a_unit_that_held_a_case_may_still_read_it_but_not_act() -> None:
    before = Scope(unit="ward-2", units=frozenset({"ward-1"}))
    assert may(OFFICER, "case.read", before)
    assert not may(OFFICER, "case.answer", before)


def test_only_the_secret_judges() -> None:
    assert may(OPENER, "petition.judge", HIS)
    assert not may(RESIDENT, "petition.judge", HIS)
    assert not may(OFFICER, "petition.judge", HIS)


def test_a_misspelt_act_is_a_bug_and_not_a_right() -> None:
    with pytest.raises(KeyError):
        may(OFFICER, "case.acept", HERE)


@given(st.sampled_from(sorted(ACTS)), st.sampled_from(["ward-1", "ward-2", ""]))
def test_a_stranger_has_only_what_is_open_to_anybody(act: str, unit: str) -> None:
    allowed = may(RESIDENT, act, Scope(unit=unit))
    assert allowed == ACTS[act].anyone


@given(st.sampled_from(ROLES), st.sampled_from(sorted(ACTS)))
def test_no_role_without_a_unit_gains_from_an_empty_unit(role: str, act: str) -> None:
    right, actor = ACTS[act], Actor("user:3", frozenset({role}))
    assert may(actor, act, Scope()) == (right.anyone or role in right.city)


def test_the_roles_of_a_person_are_those_of_his_posts() -> None:
    seats = (Seat("w/deputy", "deputy", "ward-1"), Seat("d/intake", "intake", "desk"))

    actor = actor_of(Person(7, "Minh", seats=seats))

    assert actor.roles == {"head", "intake"}
    assert actor.units == {"ward-1", "desk"}

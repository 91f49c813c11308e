"""The whole way of one case by its deeds, and what each refuses."""

from datetime import timedelta

import pytest

from tests.town import CAST, MONDAY
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.cases import actions, lifecycle, queries
from thudo.cases.actions import Claim
from thudo.cases.actions.steps import CaseChanged
from thudo.cases.models import Case, Clock, Promise

HOUR = timedelta(hours=1)
DONE = "The hole before number 1 was filled with asphalt on Monday."


def clock(case: Case, kind: str) -> Clock:
    return Clock.objects.filter(case=case, kind=kind).latest("epoch")


def test_a_case_goes_from_intake_to_a_published_result(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY + HOUR)
    actions.note_progress(opened, text="Crew ordered.", actor=CAST.handler, at=MONDAY + 2 * HOUR)
    actions.answer_case(
        opened, Claim("resolved", DONE, proof=("photo",)), draw=0.5, actor=CAST.handler,
        at=MONDAY + 3 * HOUR,
    )  # fmt: skip
    actions.approve_answer(opened, actor=CAST.checker, at=MONDAY + 4 * HOUR)

    opened.refresh_from_db()
    assert opened.state == lifecycle.RESOLVED
    assert opened.closed_at == MONDAY + 4 * HOUR
    assert [c.kind for c in Clock.objects.filter(case=opened, stopped_at=None)] == []
    assert queries.answers_of(opened, published_only=True)[0].text == DONE


def test_intake_makes_the_promise_exact_and_never_later(opened: Case) -> None:
    latest = opened.promised_at

    actions.accept_case(opened, actor=CAST.handler, at=MONDAY + HOUR)

    assert opened.promised_at < latest
    assert opened.promised_at == clock(opened, "handling").due_at
    assert Promise.objects.filter(case=opened).count() == 2


def test_the_check_runs_on_the_desks_clock_and_not_on_the_handlers(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)
    actions.answer_case(
        opened, Claim("resolved", DONE, proof=("photo",)), draw=0.5, actor=CAST.handler,
        at=MONDAY + HOUR,
    )  # fmt: skip
    assert clock(opened, "handling").due_at is None
    assert clock(opened, "check").unit == "checking"

    actions.send_back_answer(
        opened, note="The photo shows another street.", actor=CAST.checker, at=MONDAY + 2 * HOUR
    )

    handling = clock(opened, "handling")
    assert opened.state == lifecycle.AWAITING_HANDLING
    assert handling.consumed == 60
    assert handling.due_at is not None


def test_resolved_needs_proof(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)

    with pytest.raises(Invalid) as refusal:
        actions.answer_case(
            opened, Claim("resolved", DONE), draw=0.5, actor=CAST.handler, at=MONDAY + HOUR
        )

    assert "files" in refusal.value.fields


def test_answered_but_not_resolved_needs_a_next_step_with_a_date(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)

    with pytest.raises(Invalid):
        actions.answer_case(
            opened, Claim("answered", DONE), draw=0.5, actor=CAST.handler, at=MONDAY + HOUR
        )


def test_asking_the_petitioner_pauses_the_clock_until_the_term_ends(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)
    actions.ask_petitioner(opened, text="Which gate?", actor=CAST.handler, at=MONDAY + HOUR)
    supplement = clock(opened, "supplement")
    assert supplement.due_at is not None
    assert clock(opened, "handling").due_at is None

    actions.fire_due_clocks(at=supplement.due_at + HOUR)

    opened.refresh_from_db()
    assert opened.state == lifecycle.IN_PROGRESS
    assert clock(opened, "handling").due_at is not None
    assert clock(opened, "supplement").stopped_at is not None


def test_the_second_hand_over_goes_to_the_arbiter_whose_word_binds(opened: Case) -> None:
    promised = opened.promised_at
    why = {"ground": "authority", "text": "This road is theirs."}
    actions.transfer_case(opened, unit="ward-2", **why, actor=CAST.handler, at=MONDAY)
    assert (opened.unit, opened.state) == ("ward-2", lifecycle.TRANSFERRED)

    actions.transfer_case(opened, unit="ward-1", **why, actor=CAST.other_handler, at=MONDAY + HOUR)
    assert opened.unit == "desk"

    actions.arbitrate_case(
        opened, unit="ward-1", text="The map says so.", actor=CAST.intake, at=MONDAY + 2 * HOUR
    )
    assert (opened.unit, opened.promised_at) == ("ward-1", promised)
    with pytest.raises(Refused):
        actions.transfer_case(opened, unit="ward-2", **why, actor=CAST.handler, at=MONDAY + HOUR)


def test_a_recheck_goes_above_the_unit_that_answered(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)
    claim = Claim("resolved", DONE, proof=("photo",))
    actions.answer_case(opened, claim, draw=0.5, actor=CAST.handler, at=MONDAY + HOUR)
    actions.approve_answer(opened, actor=CAST.checker, at=MONDAY + 2 * HOUR)
    petitioner = CAST.stranger.__class__("resident", opened=frozenset(opened.numbers))

    actions.recheck_case(opened, actor=petitioner, at=MONDAY + 3 * HOUR)
    assert (opened.unit, opened.state) == ("council", lifecycle.RECHECKING)

    actions.order_redo(
        opened, text="The hole is open again, see the photo.", actor=CAST.rechecker,
        at=MONDAY + 4 * HOUR,
    )  # fmt: skip
    assert (opened.unit, opened.state) == ("ward-1", lifecycle.REOPENED)
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY + 5 * HOUR)
    assert clock(opened, "handling").epoch == 2


def test_a_stale_page_is_refused(opened: Case) -> None:
    seen = opened.version
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)

    with pytest.raises(CaseChanged):
        actions.begin_case(opened, seen=seen, actor=CAST.handler, at=MONDAY)


@pytest.mark.parametrize("name", ["other_handler", "stranger", "checker", "leader", "drainer"])
def test_nobody_but_its_unit_may_take_it_in(opened: Case, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.accept_case(opened, actor=getattr(CAST, name), at=MONDAY)


def test_an_overdue_case_is_reported_one_level_up_once(opened: Case) -> None:
    intake = clock(opened, "intake")
    assert intake.due_at is not None

    fired = [actions.fire_due_clocks(at=intake.due_at + HOUR) for _ in range(3)]

    assert fired == [1, 0, 0]
    escalation = opened.escalations.get()
    assert (escalation.post, escalation.rung) == ("ward-1/head", 1)


def test_a_case_that_was_late_and_got_more_time_is_reported_anew(opened: Case) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=MONDAY)
    due = clock(opened, "handling").due_at
    assert due is not None
    actions.fire_due_clocks(at=due)
    opened.refresh_from_db()
    later = due + 24 * HOUR
    actions.extend_deadline(
        opened, text="The pipe comes late.", due_at=later, actor=CAST.head, at=due + HOUR
    )

    assert actions.fire_due_clocks(at=later) == 1

    told = opened.escalations.filter(clock="handling").order_by("at")
    assert [(row.epoch, row.rung) for row in told] == [(1, 1), (2, 1)]

"""What a sender does later: add, judge, take back, ask for a review; and who may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.petitions.conftest import COMPLAINT, file_hole, sender_of
from tests.town import CAST, MONDAY, Cast
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.cases import actions as cases
from thudo.cases import lifecycle
from thudo.cases.actions import Claim
from thudo.cases.models import Case, Clock, Note
from thudo.journal.queries import entries_about
from thudo.petitions import actions
from thudo.petitions.actions.following import AlreadyJudged
from thudo.petitions.models import Petition, Verdict

HOUR = timedelta(hours=1)
DONE = "The pavement before the school was laid again on Monday."


def case_of(petition: Petition) -> Case:
    return Case.objects.get(links__petition=petition)


def finish(petition: Petition) -> Case:
    """Take the case to a published result."""
    case = case_of(petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    claim = Claim("resolved", DONE, proof=("photo",))
    cases.answer_case(case, claim, draw=0.5, actor=CAST.handler, at=MONDAY + 2 * HOUR)
    cases.approve_answer(case, actor=CAST.checker, at=MONDAY + 3 * HOUR)
    return case


def judge(petition: Petition, value: str, actor: Actor | None = None) -> Verdict:
    return actions.judge_petition(
        petition, case_of(petition), value=value, text="Gọn gàng.",
        actor=actor or sender_of(petition), at=MONDAY + 4 * HOUR,
    )  # fmt: skip


@pytest.mark.parametrize("value", ["satisfied", "acceptable"])
def test_a_verdict_is_kept_and_journalled_without_its_words(small_town: Cast, value: str) -> None:
    petition, _secret = file_hole()
    case = finish(petition)

    judge(petition, value)

    entry = entries_about("petition", str(petition.pk))[-1]
    assert (entry.action, entry.data["value"], entry.data["unit"]) == (
        "petition.judged", value, "ward-1",
    )  # fmt: skip
    assert "Gọn gàng" not in str(entry.data)
    case.refresh_from_db()
    assert case.state == lifecycle.RESOLVED


def test_not_satisfied_opens_a_dated_recheck_above_the_unit(small_town: Cast) -> None:
    petition, _secret = file_hole()
    case = finish(petition)

    judge(petition, "not_satisfied")

    case.refresh_from_db()
    clock = Clock.objects.get(case=case, kind="recheck")
    assert (case.unit, case.state) == ("council", lifecycle.RECHECKING)
    assert clock.due_at == case.promised_at


def test_a_result_is_judged_once(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)
    judge(petition, "satisfied")

    with pytest.raises(AlreadyJudged):
        judge(petition, "acceptable")


def test_nothing_is_judged_before_a_result_is_published(small_town: Cast) -> None:
    petition, _secret = file_hole()

    with pytest.raises(Refused):
        judge(petition, "satisfied")


def test_an_unknown_verdict_is_refused(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)

    with pytest.raises(Invalid):
        judge(petition, "five_stars")


DEEDS: dict[str, Callable[[Petition, Actor], object]] = {
    "judge": lambda p, who: judge(p, "satisfied", who),
    "supplement": lambda p, who: actions.supplement_petition(p, text="Thêm.", actor=who, at=MONDAY),
    "withdraw": lambda p, who: actions.withdraw_petition(p, actor=who, at=MONDAY),
    "review": lambda p, who: actions.review_petition(p, actor=who, at=MONDAY),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", [CAST.stranger, CAST.handler, CAST.leader], ids=lambda a: a.key)
def test_only_the_secret_link_lets_one_act(small_town: Cast, deed: str, who: Actor) -> None:
    petition, _secret = file_hole()

    with pytest.raises(NotAllowed):
        DEEDS[deed](petition, who)


def test_an_answer_to_the_units_question_lets_its_clock_run_on(small_town: Cast) -> None:
    petition, _secret = file_hole()
    case = case_of(petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY)
    cases.ask_petitioner(case, text="Cổng nào?", actor=CAST.handler, at=MONDAY + HOUR)

    actions.supplement_petition(
        petition, text="Cổng phía hồ.", actor=sender_of(petition), at=MONDAY + 2 * HOUR
    )

    case.refresh_from_db()
    assert case.state == lifecycle.IN_PROGRESS
    assert Note.objects.get(case=case, kind="reply").is_public is False


def test_an_empty_addition_is_refused(small_town: Cast) -> None:
    petition, _secret = file_hole()

    with pytest.raises(Invalid):
        actions.supplement_petition(petition, text="  ", actor=sender_of(petition), at=MONDAY)


def test_a_petition_taken_back_ends_its_case(small_town: Cast) -> None:
    petition, _secret = file_hole()

    actions.withdraw_petition(petition, actor=sender_of(petition), at=MONDAY + HOUR)

    petition.refresh_from_db()
    assert petition.handling == "withdrawn"
    assert case_of(petition).state == lifecycle.WITHDRAWN
    with pytest.raises(Refused):
        actions.withdraw_petition(petition, actor=sender_of(petition), at=MONDAY + HOUR)


def test_a_refusal_that_is_contested_is_read_by_the_desk(small_town: Cast) -> None:
    petition, _secret = file_hole(text=COMPLAINT, service="")

    actions.review_petition(petition, actor=sender_of(petition), at=MONDAY + HOUR)

    petition.refresh_from_db()
    case = case_of(petition)
    assert (petition.handling, petition.refusal) == ("case", "complaint_denunciation")
    assert (case.unit, case.state) == ("desk", lifecycle.AWAITING_INTAKE)
    assert entries_about("petition", str(petition.pk))[-1].action == "petition.review_asked"
    with pytest.raises(Refused):
        actions.review_petition(petition, actor=sender_of(petition), at=MONDAY + 2 * HOUR)


def test_the_desk_names_the_unit_after_a_review(small_town: Cast) -> None:
    petition, _secret = file_hole(text=COMPLAINT, service="")
    actions.review_petition(petition, actor=sender_of(petition), at=MONDAY)

    actions.triage_petition(
        case_of(petition), service="road_damage", urgency="normal", actor=CAST.intake,
        at=MONDAY + HOUR,
    )  # fmt: skip

    assert case_of(petition).unit == "ward-1"

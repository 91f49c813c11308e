"""The doors of deeds: each works, is refused with a sentence, and keeps what was typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.desks.conftest import SignIn
from tests.desks.pages import do, photo, text_of
from tests.town import CAST, MONDAY
from thudo.cases import actions, lifecycle
from thudo.cases.actions import Claim
from thudo.cases.models import Answer, Case, Note
from thudo.files.models import Attachment
from thudo.journal.models import Entry

DONE = "The hole was filled with asphalt on Monday morning."
TYPED: dict[str, dict[str, Any]] = {
    "acceptances": {},
    "notes": {"text": "Crew ordered.", "next_step": "asphalt", "next_on": "2026-03-04"},
    "questions": {"text": "Which gate is it?"},
    "transfers": {"unit": "ward-2", "ground": "place", "text": "It lies in ward 2."},
    "extensions": {"text": "Waiting for asphalt.", "due_on": "2026-03-20"},
    "assignments": {"post": "ward-1/handler"},
    "answers": {
        "outcome": "answered", "text": DONE, "remaining": "A new pipe.", "next_step": "Order it",
        "next_on": "2026-03-20",
    },
    "refusals": {"ground": "no_ground", "text": "Nothing of the kind was found at this place."},
    "beginnings": {},
}  # fmt: skip
ENDS = {
    "acceptances": ("case.accepted", lifecycle.AWAITING_HANDLING),
    "notes": ("case.progress_noted", lifecycle.IN_PROGRESS),
    "questions": ("case.supplement_asked", lifecycle.AWAITING_SUPPLEMENT),
    "transfers": ("case.transferred", lifecycle.TRANSFERRED),
    "extensions": ("case.deadline_extended", lifecycle.AWAITING_HANDLING),
    "assignments": ("case.assigned", lifecycle.AWAITING_HANDLING),
    "answers": ("case.answered", lifecycle.AWAITING_CHECK),
    "refusals": ("case.refusal_proposed", lifecycle.AWAITING_CHECK),
    "beginnings": ("case.begun", lifecycle.IN_PROGRESS),
}


@pytest.fixture
def case(opened: Case, morning: datetime, request: pytest.FixtureRequest) -> Case:
    """Taken in, but for the deed that takes it in."""
    if request.node.callspec.params.get("noun") != "acceptances":
        actions.accept_case(opened, actor=CAST.handler, at=morning)
    return opened


@pytest.mark.parametrize("noun", TYPED)
def test_a_head_of_the_unit_may_do_each(case: Case, signed_in: SignIn, noun: str) -> None:
    answer = do(signed_in("binh"), case, noun, **TYPED[noun])

    action, state = ENDS[noun]
    case.refresh_from_db()
    assert answer.status_code == 302, text_of(answer)
    assert answer.headers["Location"] == f"/cases/{case.pk}?done={noun}"
    assert case.state == state
    assert Entry.objects.filter(action=action, subject_id=str(case.pk)).count() == 1


@pytest.mark.parametrize("noun", TYPED)
def test_a_stale_page_is_refused_kindly_and_keeps_the_words(
    case: Case, signed_in: SignIn, noun: str
) -> None:
    entries = Entry.objects.count()

    answer = do(signed_in("binh"), case, noun, **TYPED[noun] | {"seen": case.version - 1})

    assert answer.status_code == 409
    assert "Someone else has just updated this case" in text_of(answer)
    assert TYPED[noun].get("text", "") in text_of(answer)
    assert f'name="seen" value="{case.version}"' in answer.content.decode()
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("noun", TYPED)
def test_another_ward_and_a_stranger_may_not(
    case: Case, signed_in: SignIn, client: Any, noun: str
) -> None:
    assert do(signed_in("chi"), case, noun, **TYPED[noun]).status_code == 404
    assert do(client, case, noun, **TYPED[noun]).headers["Location"].startswith("/sign-in")
    assert do(signed_in("khoa"), case, noun, **TYPED[noun]).status_code == 403


@pytest.mark.parametrize(
    "noun", ["notes", "questions", "transfers", "extensions", "answers", "refusals"]
)
def test_an_empty_form_says_what_is_missing(case: Case, signed_in: SignIn, noun: str) -> None:
    answer = do(signed_in("binh"), case, noun)

    assert answer.status_code == 422
    assert "Not sent yet. What you typed is kept." in text_of(answer)


@pytest.mark.parametrize("noun", ["answers"])
def test_a_deed_of_another_state_is_refused_with_its_sentence(
    case: Case, signed_in: SignIn, noun: str, morning: datetime
) -> None:
    actions.ask_petitioner(case, text="Which?", actor=CAST.handler, at=morning)

    answer = do(signed_in("an"), case, noun, **TYPED[noun])

    assert answer.status_code == 409
    assert "This cannot be done now" in text_of(answer)
    assert DONE in text_of(answer)


def test_resolved_without_proof_keeps_the_words_and_with_a_photo_it_goes(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    an = signed_in("an")

    refused = do(an, opened, "answers", outcome="resolved", text=DONE)
    assert refused.status_code == 422
    assert "It cannot be recorded as resolved without proof" in text_of(refused)
    assert DONE in text_of(refused)

    done = do(an, opened, "answers", outcome="resolved", text=DONE, upload_after=photo())
    assert done.status_code == 302
    row = Attachment.objects.get()
    assert (row.subject_kind, row.subject_id, row.purpose) == ("case", str(opened.pk), "after")
    assert not row.is_public


def test_photos_sent_before_a_refusal_are_not_lost(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    an = signed_in("an")

    refused = do(an, opened, "answers", outcome="resolved", text="Short", upload_after=photo())
    kept = Attachment.objects.get()
    assert str(kept.pk) in refused.content.decode()

    done = do(an, opened, "answers", outcome="resolved", text=DONE, files_after=str(kept.pk))
    assert done.status_code == 302, text_of(done)


def test_ready_words_come_behind_what_is_typed(
    opened: Case, signed_in: SignIn, morning: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.desks.queries.wording import Wording
    from thudo.desks.views import deeds

    ready = Wording("fixed", {"en": "Fixed"}, {"en": "It was repaired."}, ())
    monkeypatch.setattr(deeds, "wordings", lambda: (ready,))
    actions.accept_case(opened, actor=CAST.handler, at=morning)

    page = do(signed_in("an"), opened, "answers", text="Dear resident.", wording="fixed")

    assert page.status_code == 200
    assert "Dear resident. It was repaired." in text_of(page)
    assert not Answer.objects.exists()


def test_an_urgent_case_is_acknowledged_by_one_press(
    small_town: object, signed_in: SignIn, morning: datetime
) -> None:
    from tests.cases.conftest import open_one

    urgent = open_one(urgency="urgent", at=morning)
    an = signed_in("an")
    assert "Seen, acting now" in text_of(an.get(f"/cases/{urgent.pk}"))

    do(an, urgent, "acknowledgements")

    assert "Seen, acting now" not in text_of(an.get(f"/cases/{urgent.pk}"))


def test_the_arbiter_settles_what_units_disagree_on(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    why: dict[str, Any] = {"ground": "authority", "text": "This road is theirs."}
    actions.transfer_case(opened, unit="ward-2", **why, actor=CAST.handler, at=morning)
    actions.transfer_case(opened, unit="ward-1", **why, actor=CAST.other_handler, at=morning)
    desk = signed_in("giang")
    assert "Units disagree" in text_of(desk.get("/intake/"))

    answer = do(desk, opened, "arbitrations", unit="ward-1", text="The map says so.")

    opened.refresh_from_db()
    assert answer.status_code == 302
    assert opened.unit == "ward-1"
    refused = do(signed_in("an"), opened, "transfers", unit="ward-2", **why)
    assert "It has been settled that this unit is accountable" in text_of(refused)


@pytest.mark.parametrize(
    ("finding", "state"),
    [("redo", lifecycle.REOPENED), ("uphold", lifecycle.AWAITING_CHECK)],
)
def test_a_recheck_is_concluded_above_the_unit_that_answered(
    opened: Case,
    signed_in: SignIn,
    morning: datetime,
    finding: str,
    state: str,
    clock: Callable[[datetime], None],
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    claim = Claim("resolved", DONE, proof=("photo",))
    actions.answer_case(opened, claim, draw=0.5, actor=CAST.handler, at=morning)
    actions.approve_answer(opened, actor=CAST.checker, at=morning)
    petitioner = CAST.stranger.__class__("resident", opened=frozenset(opened.numbers))
    actions.recheck_case(opened, actor=petitioner, at=morning)
    clock(MONDAY + timedelta(hours=3))

    text = "The hole is open again, as the new photo shows."
    answer = do(signed_in("hanh"), opened, "conclusions", finding=finding, text=text)

    opened.refresh_from_db()
    assert answer.status_code == 302, text_of(answer)
    assert opened.state == state


def test_a_date_stands_for_the_end_of_that_working_day(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)

    do(signed_in("an"), opened, "notes", **TYPED["notes"])

    note = Note.objects.get()
    assert note.next_at is not None
    assert note.next_at.isoformat() == "2026-03-04T10:00:00+00:00"


def test_a_transfer_offers_first_who_answers_for_something_at_the_place(
    opened: Case, signed_in: SignIn
) -> None:
    page = signed_in("an").get(f"/cases/{opened.pk}/transfers").content.decode()

    here = page.index("They answer for something at this place")
    assert here < page.index("drainage · flooding") < page.index('label="All units"')
    assert f'value="{opened.unit}"' not in page[here : page.index("</select>", here)]

"""Deeds about results: a unit claims one, another desk checks the claim, it is published."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.base.identifiers import new_id
from thudo.cases import lifecycle
from thudo.cases.actions.steps import take_step, write_note
from thudo.cases.models import Answer, Case
from thudo.cases.queries import scope_of
from thudo.cases.rules import missing_proof, why_checked
from thudo.directory.queries import directory
from thudo.files.actions import bind_files, publish_files
from thudo.files.queries import files_of
from thudo.files.rules import proof_kind
from thudo.journal.rules import seal

RESOLVED, ANSWERED, REFUSED, UPHELD = "resolved", "answered", "refused", "upheld"
PASSED, SENT_BACK = "passed", "sent_back"
# Minutes and documents name people: of the proof only the photos are for everybody.
PUBLIC_PURPOSES = ("before", "after")


class NothingToCheck(Refused):
    """The case has no claimed result, or it was checked already."""

    code = "nothing_to_check"


@dataclass(frozen=True, slots=True)
class Claim:
    """A result as a unit claims it.

    `proof`: kinds attached ("photo", "document", ...); `remaining`, `next_step`, `next_at`: what
    is still to do when it is answered and not resolved; `ground`, `right_office`: of a refusal.
    """

    outcome: str
    text: str
    proof: tuple[str, ...] = ()
    remaining: str = ""
    next_step: str = ""
    next_at: datetime | None = None
    ground: str = ""
    right_office: str = ""


@transaction.atomic
def answer_case(
    case: Case,
    claim: Claim,
    *,
    draw: float,
    files: Mapping[str, Sequence[str]] | None = None,
    draft_key: str = "",
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> Answer:
    """The unit's result. "Resolved" needs proof; most go to the checking desk before anybody
    reads them. `draw` in [0, 1) decides the random share (pack: checking.share). `files`: ids of
    drafts under `draft_key` by purpose (before, after, document, minutes, measurement)."""
    claim = replace(claim, proof=(*claim.proof, *_bind(case, files or {}, draft_key)))
    _check_claim(case, claim)
    why = why_checked(
        urgency=case.urgency,
        outcome=claim.outcome,
        was_rechecked=_was_rechecked(case),
        is_flagged=case.is_flagged,
        draw=draw,
        share=directory().city["checking"]["share"],
    )
    answer, words = _keep(case, claim, why=why, actor=actor, at=at)
    to = lifecycle.AWAITING_CHECK if why else claim.outcome
    _step("answer_case", case, answer, words, to=to, seen=seen, actor=actor, at=at)
    if not why:
        _publish(case, answer, at)
    return answer


@transaction.atomic
def refuse_case(
    case: Case, claim: Claim, *, seen: int | None = None, actor: Actor, at: datetime
) -> Answer:
    """The unit proposes not to take the case, with the ground and the right office."""
    if claim.ground not in _grounds():
        raise Invalid(_("Choose a ground."), {"ground": _("Choose a ground.")})
    _need_text(claim)
    answer, words = _keep(case, claim, why="refusal", actor=actor, at=at)
    more = {**words, "ground": claim.ground}
    _step(
        "refuse_case",
        case,
        answer,
        more,
        to=lifecycle.AWAITING_CHECK,
        seen=seen,
        actor=actor,
        at=at,
    )
    return answer


@transaction.atomic
def approve_answer(
    case: Case, *, note: str = "", seen: int | None = None, actor: Actor, at: datetime
) -> Answer:
    """The checking desk lets the result go out; it is published in this very step."""
    answer = pending_answer(case, actor)
    _mark(answer, PASSED, note, actor, at)
    outcome = _upheld_outcome(case) if answer.outcome == UPHELD else answer.outcome
    more = {"answer": str(answer.pk), "outcome": outcome}
    changes = {"state_before": "", "answered_by": case.answered_by or answer.unit}
    take_step(
        "approve_answer",
        case,
        actor=actor,
        at=at,
        to=outcome,
        seen=seen,
        changes=changes,
        more=more,
    )
    _publish(case, answer, at)
    return answer


@transaction.atomic
def send_back_answer(
    case: Case, *, note: str, seen: int | None = None, actor: Actor, at: datetime
) -> Answer:
    """The claim does not hold yet: back to the unit, with what is missing."""
    if not note.strip():
        sentence = _("Say what is missing.")
        raise Invalid(sentence, {"note": sentence})
    answer = pending_answer(case, actor)
    _mark(answer, SENT_BACK, note, actor, at)
    words = write_note(case, "check", note, actor=actor, at=at, is_public=False)
    more = {**words, "answer": str(answer.pk)}
    take_step(
        "send_back_answer", case, actor=actor, at=at, to=case.state_before, seen=seen,
        changes={"state_before": ""}, more=more,
    )  # fmt: skip
    return answer


def pending_answer(case: Case, actor: Actor) -> Answer:
    """The claim that waits for the check; the unit that made it may not check it."""
    require(actor, "case.check", scope_of(case))
    waiting = Answer.objects.filter(case=case, check_result="", published_at=None)
    answer = waiting.order_by("-at").first()
    if answer is None:
        raise NothingToCheck(_("No result waits for the check."))
    if answer.unit in actor.units or answer.actor == actor.key:
        raise NotAllowed(_("A result is checked by a desk other than the one that handled it."))
    return answer


def keep_conclusion(case: Case, text: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """A re-check's finding that the result stands, kept as an answer for the check."""
    answer, words = _keep(case, Claim(UPHELD, text), why="recheck", actor=actor, at=at)
    return {**words, "answer": str(answer.pk)}


def _step(
    deed: str,
    case: Case,
    answer: Answer,
    words: dict[str, Any],
    *,
    to: str,
    seen: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    changes = {"state_before": case.state, "answered_by": case.unit}
    more = {**words, "answer": str(answer.pk), "outcome": answer.outcome, "why": answer.why_checked}
    take_step(deed, case, actor=actor, at=at, to=to, seen=seen, changes=changes, more=more)


def _check_claim(case: Case, claim: Claim) -> None:
    _need_text(claim)
    if claim.outcome == RESOLVED:
        _need_proof(case, claim.proof)
    elif claim.outcome == ANSWERED:
        _need_next_step(claim)
    else:
        raise Invalid(_("Choose whether it is resolved."), {"outcome": _("Choose one.")})


def _need_text(claim: Claim) -> None:
    if len(claim.text.strip()) < 20:
        sentence = _("Say concretely what was done, where and when (at least 20 characters).")
        raise Invalid(sentence, {"text": sentence})


def _need_proof(case: Case, proof: Sequence[str]) -> None:
    service = directory().services.get(case.service)
    if service and missing_proof(service.evidence, proof):
        sentence = _("It cannot be recorded as resolved without proof. Attach it, or answer it.")
        raise Invalid(sentence, {"files": sentence}, needs=list(service.evidence))


def _need_next_step(claim: Claim) -> None:
    if not (claim.remaining.strip() and claim.next_step.strip() and claim.next_at):
        sentence = _("Answered but not resolved: say what remains, the next step and its date.")
        raise Invalid(sentence, {"remaining": sentence})


def _keep(
    case: Case, claim: Claim, *, why: str, actor: Actor, at: datetime
) -> tuple[Answer, dict[str, Any]]:
    salt = os.urandom(16)
    answer = Answer.objects.create(
        id=new_id(), case=case, outcome=claim.outcome, text=claim.text.strip(), salt=salt,
        remaining=claim.remaining, next_step=claim.next_step, next_at=claim.next_at,
        ground=claim.ground, right_office=claim.right_office, unit=case.unit, post=actor.post,
        actor=actor.key, at=at, why_checked=why, check_result="" if why else "not_drawn",
    )  # fmt: skip
    return answer, {"seal": seal(answer.text, salt)}


def _mark(answer: Answer, result: str, note: str, actor: Actor, at: datetime) -> None:
    answer.check_result, answer.check_note = result, note
    answer.checked_by, answer.checked_at = actor.key, at
    answer.save()


def _bind(case: Case, files: Mapping[str, Sequence[str]], draft_key: str) -> list[str]:
    """Give the uploads to the case; the kinds of proof that it has now, earlier ones included."""
    subject = str(case.pk)
    for purpose, ids in files.items():
        bind_files(
            ids, draft_key=draft_key, kind="case", subject=subject, public=False, purpose=purpose
        )
    # After a re-check ordered the work again, the earlier photos prove nothing any more.
    ordered = case.clocks.filter(kind="recheck").aggregate(last=Max("stopped_at"))["last"]
    given = [row for row in files_of("case", subject) if not ordered or row.uploaded_at > ordered]
    return [proof_kind(row.media_type, row.purpose) for row in given]


def _publish(case: Case, answer: Answer, at: datetime) -> None:
    if case.is_public:
        publish_files("case", str(case.pk), purposes=PUBLIC_PURPOSES)
    Answer.objects.filter(pk=answer.pk).update(published_at=at)
    answer.published_at = at


def _upheld_outcome(case: Case) -> str:
    published = Answer.objects.filter(case=case).exclude(published_at=None).exclude(outcome=UPHELD)
    return published.latest("published_at").outcome


def _was_rechecked(case: Case) -> bool:
    return case.clocks.filter(kind="recheck").exists()


def _grounds() -> set[str]:
    return {ground["code"] for ground in directory().city["refusal_grounds"]}

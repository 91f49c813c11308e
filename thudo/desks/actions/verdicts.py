"""Verdicts taken by telephone: marked, and a share of them asked for again by another clerk."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.cases.models import Case
from thudo.desks.models import PhoneVerdict
from thudo.desks.queries.phone import phone_desk
from thudo.desks.rules import CHECKED, DUE
from thudo.petitions.actions import judge_petition
from thudo.petitions.actions.notes import note
from thudo.petitions.models import Petition
from thudo.petitions.queries.callers import petitions_of_phone


@transaction.atomic
def take_verdict(
    petition: Petition, case: Case, *, phone: str, value: str, text: str = "", draw: float,
    actor: Actor, at: datetime,
) -> PhoneVerdict:  # fmt: skip
    """The petitioner says it on the telephone. `phone`: the number he filed under, else refused.

    `draw` in [0, 1) decides whether another clerk asks again (pack: verdicts.check_share).
    """
    require(actor, "petition.judge_by_phone")
    if not petitions_of_phone(phone).filter(pk=petition.pk).exists():
        raise NotAllowed(
            _("This petition was filed under another number: ask for its secret code.")
        )
    opener = replace(actor, opened=actor.opened | {petition.number})
    verdict = judge_petition(petition, case, value=value, text=text, actor=opener, at=at)
    check = DUE if draw < phone_desk().check_share else ""
    row = PhoneVerdict.objects.create(
        verdict=verdict, clerk=actor.key, taken_at=at, check_state=check
    )
    data = {"case": str(case.pk), "answer": str(verdict.answer), "check": check}
    note(petition, "verdict.taken_by_phone", actor, at, data)
    return row


@transaction.atomic
def check_verdict(row: PhoneVerdict, *, outcome: str, actor: Actor, at: datetime) -> None:
    """Another clerk called and asked again. Never the one who took it down."""
    require(actor, "verdict.check")
    if outcome not in CHECKED:
        raise Invalid(_("Say what came of it."))
    if row.clerk == actor.key:
        raise NotAllowed(_("Another clerk asks again, not the one who took it down."))
    open_rows = PhoneVerdict.objects.filter(pk=row.pk, check_state=DUE)
    if not open_rows.update(check_state=outcome, checked_by=actor.key, checked_at=at):
        raise Refused(_("This check is done already."))
    note(
        row.verdict.petition, "verdict.checked", actor, at,
        {"case": str(row.verdict.case_id), "outcome": outcome},
    )  # fmt: skip

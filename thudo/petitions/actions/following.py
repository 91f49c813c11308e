"""What the petitioner does after filing, with the secret link: add, judge, withdraw, ask again."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor, Scope
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import clean
from thudo.base.identifiers import new_id
from thudo.cases import lifecycle
from thudo.cases.actions import recheck_case, supplement_case, withdraw_case
from thudo.cases.actions.steps import write_note
from thudo.cases.models import Answer, Case
from thudo.files.actions import bind_files
from thudo.journal.rules import seal
from thudo.petitions.actions.notes import note
from thudo.petitions.models import Petition, Verdict
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.rules import NOT_SATISFIED, VERDICTS


class AlreadyJudged(Refused):
    """This result already has this petitioner's verdict."""

    code = "already_judged"


@transaction.atomic
def supplement_petition(
    petition: Petition,
    *,
    text: str,
    files: Sequence[str] = (),
    draft_key: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """The petitioner adds words or photos; a case that waits for them goes on."""
    require(actor, "petition.supplement", _scope(petition))
    text = clean(text)
    if not text and not files:
        raise Invalid(_("Write something or add a photo."), {"text": _("Nothing to add yet.")})
    cases = _open_cases(petition)
    if not cases:
        raise Refused(_("This matter has ended. If it has come back, please send a new report."))
    bound = bind_files(
        files, draft_key=draft_key, kind="petition", subject=str(petition.pk), public=False,
        purpose="supplement",
    )  # fmt: skip
    words = [_supplement(case, text, actor, at) for case in cases]
    note(petition, "petition.supplemented", actor, at, {"notes": words, "files": len(bound)})


@transaction.atomic
def judge_petition(
    petition: Petition, case: Case, *, value: str, text: str = "", actor: Actor, at: datetime
) -> Verdict:
    """The petitioner's verdict on the latest published result. "Not satisfied" opens a re-check."""
    require(actor, "petition.judge", _scope(petition))
    if value not in VERDICTS:
        raise Invalid(_("Choose one of the three answers."))
    answer = judged_answer(case)
    verdict = _keep_verdict(petition, case, answer, value, clean(text), at)
    data = {"value": value, "case": str(case.pk), "answer": str(answer.pk), "unit": answer.unit}
    data["seal"] = seal(verdict.text, bytes(verdict.salt))
    note(petition, "petition.judged", actor, at, data)
    if value == NOT_SATISFIED:
        recheck_case(case, actor=actor, at=at)
    return verdict


@transaction.atomic
def withdraw_petition(petition: Petition, *, actor: Actor, at: datetime) -> None:
    """The petitioner takes it back; its cases end where nobody else's petition shares them."""
    require(actor, "petition.withdraw", _scope(petition))
    cases = _open_cases(petition)
    if not cases:
        raise Refused(_("There is nothing left to take back."))
    Petition.objects.filter(pk=petition.pk).update(handling="withdrawn")
    note(petition, "petition.withdrawn", actor, at, {"cases": [str(c.pk) for c in cases]})
    for case in cases:
        if len(case.numbers) == 1:
            withdraw_case(case, actor=actor, at=at)


def _supplement(case: Case, text: str, actor: Actor, at: datetime) -> dict[str, Any]:
    if case.state == lifecycle.AWAITING_SUPPLEMENT:
        supplement_case(case, text=text or _("Photos were added."), actor=actor, at=at)
        return {"case": str(case.pk)}
    if not text:
        return {"case": str(case.pk)}
    return write_note(case, "reply", text, actor=actor, at=at, is_public=False)


def _open_cases(petition: Petition) -> list[Case]:
    return [case for case in cases_of(petition) if case.is_open]


def judged_answer(case: Case) -> Answer:
    """The latest published result; refuses while there is none that can be judged."""
    if case.state not in lifecycle.JUDGED:
        raise Refused(_("There is no published result to judge yet."))
    return Answer.objects.filter(case=case).exclude(published_at=None).latest("published_at")


def _keep_verdict(
    petition: Petition, case: Case, answer: Answer, value: str, text: str, at: datetime
) -> Verdict:
    try:
        with transaction.atomic():
            return Verdict.objects.create(
                id=new_id(), petition=petition, case=case, answer=answer.pk, value=value,
                text=text, salt=os.urandom(16), at=at,
            )  # fmt: skip
    except IntegrityError as twice:
        raise AlreadyJudged(_("You have already given a verdict on this result.")) from twice


def _scope(petition: Petition) -> Scope:
    return Scope(numbers=frozenset({petition.number}))

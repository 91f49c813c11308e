"""Deeds that end a case without a result: merging and withdrawal."""

from datetime import datetime

from django.db import transaction

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.cases.actions.steps import change, record_about, take_step
from thudo.cases.models import Case
from thudo.cases.queries import scope_of


@transaction.atomic
def merge_case(case: Case, into: Case, *, actor: Actor, at: datetime) -> None:
    """This case goes on in another one that is about the same matter."""
    take_step("merge_case", case, actor=actor, at=at, more={"into": str(into.pk)}, is_work=False)


@transaction.atomic
def join_petition(case: Case, number: str, *, actor: Actor, at: datetime) -> None:
    """Another petition about the same matter: its sender follows and judges this case too."""
    require(actor, "petition.merge", scope_of(case))
    if number in case.numbers:
        return
    changes = {"numbers": [*case.numbers, number]}
    change(case, changes, at)
    record_about(case, "case.petition_joined", actor=actor, at=at, changes=changes)


@transaction.atomic
def withdraw_case(case: Case, *, actor: Actor, at: datetime) -> None:
    """The petitioner takes it back."""
    take_step("withdraw_case", case, actor=actor, at=at, is_work=False)

"""Deeds that end a case without a result: merging and withdrawal."""

from datetime import datetime

from django.db import transaction

from thudo.accounts.rules import Actor
from thudo.cases.actions.steps import take_step
from thudo.cases.models import Case


@transaction.atomic
def merge_case(case: Case, into: Case, *, actor: Actor, at: datetime) -> None:
    """This case goes on in another one that is about the same matter."""
    take_step("merge_case", case, actor=actor, at=at, more={"into": str(into.pk)}, is_work=False)


@transaction.atomic
def withdraw_case(case: Case, *, actor: Actor, at: datetime) -> None:
    """The petitioner takes it back."""
    take_step("withdraw_case", case, actor=actor, at=at, is_work=False)

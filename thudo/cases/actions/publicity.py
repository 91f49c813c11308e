"""Whether the public may follow a case: it changes when its petitions are hidden or shown."""

from datetime import datetime

from django.db import transaction

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.cases.actions.steps import change, record_about
from thudo.cases.models import Case


@transaction.atomic
def set_publicity(case: Case, *, public: bool, actor: Actor, at: datetime) -> None:
    """From here on the case's entries reach the public streams, or no longer do."""
    require(actor, "petition.moderate")
    if case.is_public == public:
        return
    changes = {"is_public": public}
    change(case, changes, at)
    record_about(case, "case.publicity_changed", actor=actor, at=at, changes=changes)

"""Calls written on paper while the system was down, filed afterwards with their true times."""

from datetime import datetime

from django.db import transaction

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.petitions.actions import file_petition
from thudo.petitions.rules import Filing, Receipt, RequestKey


def file_row(
    filing: Filing, *, sheet: str, row: int, called_at: datetime, actor: Actor, at: datetime
) -> Receipt:
    """File one row as of the call. The same row of the same sheet again gets its first answer;
    with other content it raises KeyReused. `at`: now; the clocks run from `called_at`."""
    require(actor, "desk.phone")
    key = RequestKey(f"sheet:{sheet}", str(row))
    return file_petition(filing, key=key, actor=actor, at=min(called_at, at))


@transaction.atomic
def finish_sheet(
    sheet: str, *, filed: int, known: int, wrong: int, actor: Actor, at: datetime
) -> None:
    """Journal when a sheet was loaded, and what came of its rows: their own entries bear the
    times of the calls."""
    require(actor, "desk.phone")
    data = {"filed": filed, "known": known, "wrong": wrong}
    record("sheet.loaded", subject=Subject("sheet", sheet, 1), actor=actor.key, at=at, data=data)

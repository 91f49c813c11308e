"""Letters to organisations: a number, a day, and the person whose decision it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from thudo.accounts.models import User
from thudo.accounts.rules import Actor
from thudo.base.identifiers import new_id
from thudo.cases.models import Case
from thudo.petitions.actions.notes import note
from thudo.petitions.models import Letter, Petition
from thudo.petitions.queries.letters import symbol_for, year_of

_NEXT = """
INSERT INTO petitions_letter_number (unit, year, last) VALUES (%s, %s, 1)
ON CONFLICT (unit, year) DO UPDATE SET last = petitions_letter_number.last + 1 RETURNING last
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a letter tells of. `decided_by`: the key of the actor ("user:17"); `answer`: the result."""

    kind: str
    unit: str
    post: str
    decided_by: str
    promised_at: datetime | None = None
    answer: UUID | None = None


@transaction.atomic
def issue_letter(
    petition: Petition, case: Case, decision: Decision, *, actor: Actor, at: datetime
) -> Letter | None:
    """Issue the letter of a decision that was taken `at`; None when it went out before."""
    once = {"petition": petition, "case": case, "kind": decision.kind, "answer": decision.answer}
    if Letter.objects.filter(**once).exists():
        return None
    year = year_of(at)
    signer = _signer(decision.decided_by)
    letter = Letter.objects.create(
        id=new_id(), **once, promised_at=decision.promised_at, unit=decision.unit, year=year,
        number=_next_number(decision.unit, year), symbol=symbol_for(decision.unit),
        post=decision.post, signatory=signer.display_name if signer else "",
        is_invented=bool(signer and signer.is_invented), decided_at=at,
    )  # fmt: skip
    note(petition, "petition.letter_issued", actor, at, {
        "letter": str(letter.pk), "kind": letter.kind, "unit": letter.unit, "year": year,
        "number": letter.number, "symbol": letter.symbol, "case": str(case.pk),
    })  # fmt: skip
    return letter


def _next_number(unit: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unit, year])
        return int(cursor.fetchone()[0])


def _signer(key: str) -> User | None:
    kind, _, number = key.partition(":")
    return User.objects.filter(pk=number).first() if kind == "user" and number.isdecimal() else None

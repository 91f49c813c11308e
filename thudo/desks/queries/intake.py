"""The intake desk: what waits for a name, what the reader proposes, who would then answer."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.accounts.rules import Actor
from thudo.cases.lifecycle import AWAITING_INTAKE
from thudo.cases.models import Case
from thudo.cases.queries import triage_queue
from thudo.desks.queries.rows import Row, grouped, row_of, service_name, unit_name
from thudo.directory.queries import directory
from thudo.petitions.models import Petition
from thudo.routing.queries import NoUnitAnswers, resolve

PROPOSALS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind of matter that the reader of petitions thinks possible; `unit` "" for a gap."""

    service: str
    name: str
    percent: int
    unit: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case on the intake desk. `is_dispute`: units disagree on who answers for it."""

    row: Row
    is_dispute: bool
    words: str


def waiting_cases(actor: Actor, at: datetime) -> list[Waiting]:
    """All that wait for the desk, by its own clock."""
    desk = directory().city["intake_unit"]
    cases = grouped(triage_queue(actor, desk), at).order_by("due_at", "opened_at")[:200]
    return [_waiting(case, at) for case in cases]


def proposals_for(case: Case, petition: Petition | None, at: datetime) -> list[Proposal]:
    """The reader's proposals, likeliest first, each with the unit the table then names."""
    read = petition.classification if petition else {}
    pairs = [(code, p) for code, p in read.get("alternatives", []) if code]
    first = read.get("proposed")
    if first and first not in dict(pairs):
        pairs.insert(0, (first, float(read.get("confidence", 0))))
    known = directory().services
    fit = [(code, p) for code, p in pairs if code in known and known[code].is_admissible]
    return [_proposal(case, code, float(p), at) for code, p in fit[:PROPOSALS]]


def heard_words(petition: Petition | None) -> list[str]:
    """The words of the text that moved the reader most."""
    read = petition.classification if petition else {}
    words = [str(word) for word, _weight in read.get("words", [])]
    return [*words[:8], *[str(word) for word in read.get("urgency_words", [])]]


def _proposal(case: Case, service: str, share: float, at: datetime) -> Proposal:
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        found = resolve(service, case.longitude, case.latitude, case.area or None, None, day)
    except NoUnitAnswers:
        return Proposal(service, service_name(service), round(100 * share), "")
    unit = unit_name(found.unit_code)
    return Proposal(service, service_name(service), round(100 * share), unit)


def _waiting(case: Case, at: datetime) -> Waiting:
    is_dispute = case.state != AWAITING_INTAKE
    return Waiting(row_of(case, at), is_dispute, " ".join(case.matter.split())[:140])

"""The intake desk: what waits for a name, what the reader proposes, who would then answer."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.accounts.rules import Actor
from thudo.cases.lifecycle import AWAITING_INTAKE
from thudo.cases.models import Case
from thudo.cases.queries import triage_queue
from thudo.desks.queries.rows import Row, grouped, row_of, service_name
from thudo.directory.queries import directory, unit_name
from thudo.petitions.models import Petition
from thudo.routing.queries import NoUnitAnswers, resolve

PROPOSALS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind of matter that the reader of petitions thinks possible; `unit` "" for a gap,
    `percent` None for what somebody named without the reader, `is_sure`: chosen beforehand."""

    service: str
    name: str
    percent: int | None
    unit: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter that this channel does not take."""

    service: str
    name: str
    is_suspected: bool


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
    """What somebody named, then the reader's proposals, each with the unit the table then names.

    The reader's own first is sure only from the pack's service_confidence on (it then stands as
    "proposed"), and never where it suspects a kind that is not taken.
    """
    read = petition.classification if petition else {}
    shares: dict[str, float | None] = {code: float(p) for code, p in read.get("alternatives", [])}
    proposed = "" if read.get("kind_not_taken") else read.get("proposed") or ""
    sure = case.service or proposed
    order = dict.fromkeys([sure, *shares])
    known = directory().services
    fit = [code for code in order if code in known and known[code].is_admissible]
    return [
        _proposal(case, code, shares.get(code), at, is_sure=code == sure)
        for code in fit[:PROPOSALS]
    ]


def kinds_not_taken(petition: Petition | None) -> list[Kind]:
    """Kinds to answer with a refusal, the suspected one first; none where nothing speaks for one.

    What speaks: the reader's suspicion, or that it was refused and its sender insists.
    """
    if petition is None:
        return []
    suspected = petition.refusal or petition.classification.get("kind_not_taken") or ""
    if not suspected:
        return []
    city = directory()
    refused = [
        row.code
        for row in city.services.values()
        if not row.is_admissible and city.streams[row.stream].handling == "refuse"
    ]
    order = [code for code in dict.fromkeys([suspected, *refused]) if code in city.services]
    return [Kind(code, service_name(code), code == suspected) for code in order]


def heard_words(petition: Petition | None) -> list[str]:
    """The words of the text that moved the reader most."""
    read = petition.classification if petition else {}
    words = [str(word) for word, _weight in read.get("words", [])]
    return [*words[:8], *[str(word) for word in read.get("urgency_words", [])]]


def _proposal(
    case: Case, service: str, share: float | None, at: datetime, *, is_sure: bool
) -> Proposal:
    percent = None if share is None else round(100 * share)
    unit = _unit_for(case, service, at)
    return Proposal(service, service_name(service), percent, unit, is_sure)


def _unit_for(case: Case, service: str, at: datetime) -> str:
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        found = resolve(service, case.longitude, case.latitude, case.area or None, None, day)
    except NoUnitAnswers:
        return ""
    return unit_name(found.unit_code)


def _waiting(case: Case, at: datetime) -> Waiting:
    is_dispute = case.state != AWAITING_INTAKE
    return Waiting(row_of(case, at), is_dispute, " ".join(case.matter.split())[:140])

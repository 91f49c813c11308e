"""Which journal entries are news, of what kind, and for which topics. Pure.

The kinds are what queries.telling has sentences for. Nothing here is private: an entry's data
never is, and whether its words may be said is asked again when it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from thudo.advisories.rules import SEVERITIES

FILED, ANSWERED = "filed", "answered"
ANNOUNCED, WARNED, ASKED_PEOPLE = "announced", "warned", "asked_people"
_PUBLISHED = frozenset({"answered", "resolved", "refused"})
_OF_CASES = {
    "case.acknowledged": "acknowledged",
    "case.accepted": "taken_in",
    "case.transferred": "passed_on",
    "case.arbitrated": "passed_on",
    "case.progress_noted": "progress",
    "case.supplement_asked": "asked",
    "case.deadline_extended": "extended",
    "case.answered": ANSWERED,
    "case.answer_approved": ANSWERED,
    "case.recheck_opened": "rechecking",
    "case.redo_ordered": "redo",
    "case.escalated": "late",
}
_OF_PETITIONS = {"petition.merged": "merged", "petition.withdrawn": "withdrawn"}
# Words that a unit mends are no news; another time or area, a graver one, or that it will not be,
# is.
_ANNOUNCEMENTS = frozenset({"advisory.published", "advisory.amended", "advisory.withdrawn"})
_RETOLD = frozenset({"begins_at", "ends_at", "areas_before"})
# Only these broken promises are the resident's; the rest are between the city's own desks.
_PROMISED = frozenset({"intake", "triage", "handling", "recheck"})
# What an answer in the person's own hand waits for: the phone should wake.
PRESSING = frozenset({"asked", ANSWERED, "late", WARNED})


@dataclass(frozen=True, slots=True)
class News:
    """Something that followers are told. `numbers`: whose petitions; `area` and `cell` only of
    public ones; `facts`: what the sentence needs (codes)."""

    kind: str
    numbers: tuple[str, ...]
    area: str = ""
    cell: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def news_of(action: str, subject: str, data: Mapping[str, Any]) -> News | None:
    """What an entry about a thing (its id) tells to those who follow; None when it is no news."""
    if action == "petition.filed":
        return _filed(data)
    if action in _ANNOUNCEMENTS:
        return _announced(action, subject, data)
    if action == "consultation.published":
        return News(ASKED_PEOPLE, (), facts={"consultation": subject})
    if action in _OF_PETITIONS:
        return News(_OF_PETITIONS[action], (data["petition"],))
    kind = _OF_CASES.get(action)
    if kind is None or (kind == "late" and data.get("clock") not in _PROMISED):
        return None
    if kind == ANSWERED and data.get("state") not in _PUBLISHED:
        return None  # It waits for the check; nobody reads it yet.
    return _about_case(kind, subject, data)


def _announced(action: str, advisory: str, data: Mapping[str, Any]) -> News | None:
    if action == "advisory.amended" and not _is_told_again(data):
        return None
    is_grave = data.get("severity") in {"extreme", "severe"}
    is_warning = is_grave and data.get("kind") in {"incident", "warning"}
    return News(WARNED if is_warning else ANNOUNCED, (), facts={"advisory": advisory})


def _is_told_again(data: Mapping[str, Any]) -> bool:
    """Another time, other areas, or graver than it was."""
    rank = {code: place for place, code in enumerate(SEVERITIES)}
    was = data.get("severity_before")
    is_graver = was is not None and rank[data["severity"]] < rank[was]
    return is_graver or not _RETOLD.isdisjoint(data)


def _filed(data: Mapping[str, Any]) -> News | None:
    if not data.get("public"):
        return None
    number = data["petition"]
    facts = {"petition": number, "service": data["service"]}
    return News(FILED, (), data["area"], data.get("cell", ""), facts)


def _about_case(kind: str, case: str, data: Mapping[str, Any]) -> News:
    numbers = (data.get("petition", ""), *data.get("petitions", ()))
    facts = {
        "case": case, "unit": data["unit"], "state": data["state"], "service": data["service"],
    }  # fmt: skip
    area = data["area"] if kind == ANSWERED and data.get("public") else ""
    if area:
        facts["petition"] = numbers[0]
    return News(kind, tuple(n for n in numbers if n), area, facts=facts)

"""Opening a case: the hot path of filing, so plain statements that fit in one round trip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from thudo.accounts.rules import Actor
from thudo.base.database import write
from thudo.base.identifiers import new_id
from thudo.cases.lifecycle import AWAITING_INTAKE
from thudo.deadlines.queries import Due
from thudo.journal.actions import record
from thudo.journal.rules import Subject, seal


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a new case is made of; `clocks` start at once, by kind; `salt` seals the matter."""

    label: str
    service: str
    area: str
    unit: str
    post: str
    urgency: str
    authority: int | None
    pack_version: int
    matter: str
    salt: bytes
    place: str
    longitude: float | None
    latitude: float | None
    number: str
    is_public: bool
    clocks: dict[str, Due]
    promised_at: datetime
    kind: str = "petition"


_CASE = """
INSERT INTO cases_case (id, kind, label, state, state_before, version, service, area, unit, post,
  handler, answered_by, past_units, urgency, authority, pack_version, matter, place, longitude,
  latitude, numbers, is_public, is_flagged, bounces, opened_at, updated_at, progress_at, promised_at)
VALUES (%s, %s, %s, %s, '', 1, %s, %s, %s, %s, '', '', '[]', %s, %s, %s, %s, %s, %s, %s, %s, %s,
  false, 0, %s, %s, %s, %s)
"""
_CLOCK = """
INSERT INTO cases_clock (case_id, kind, epoch, unit, calendar, calendar_version, measure, allowance,
  consumed, started_at, running_since, due_at, promised_at, paused_for, rung, source)
VALUES (%s, %s, 1, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s, '', 0, %s)
"""
_TENURE = """
INSERT INTO cases_tenure (case_id, unit, post, starts_at) VALUES (%s, %s, %s, %s)
"""
_PROMISE = """
INSERT INTO cases_promise (case_id, due_at, made_at, reason, post) VALUES (%s, %s, %s, 'filing', '')
"""


def open_case(opening: Opening, *, actor: Actor, at: datetime) -> UUID:
    """Write a new case with its clocks, first holder and first promise; called inside the deed of
    the thing that owes it, within base.database.together()."""
    case = new_id()
    o = opening
    write(
        _CASE,
        (case, o.kind, o.label, AWAITING_INTAKE, o.service, o.area, o.unit, o.post, o.urgency,
         o.authority, o.pack_version, o.matter, o.place, o.longitude, o.latitude,
         Jsonb([o.number] if o.number else []), o.is_public, at, at, at, o.promised_at),
    )  # fmt: skip
    for kind, due in o.clocks.items():
        write(
            _CLOCK,
            (case, kind, o.unit, due.calendar, due.calendar_version, due.measure, due.minutes,
             at, at, due.due_at, due.due_at, due.source),
        )  # fmt: skip
    write(_TENURE, (case, o.unit, o.post, at))
    write(_PROMISE, (case, o.promised_at, at))
    _journal(case, opening, actor, at)
    return case


def _journal(case: UUID, o: Opening, actor: Actor, at: datetime) -> None:
    record(
        "case.opened",
        subject=Subject("case", str(case), 1),
        actor=actor.key,
        at=at,
        data={
            "kind": o.kind,
            "label": o.label,
            "state": AWAITING_INTAKE,
            "service": o.service,
            "area": o.area,
            "unit": o.unit,
            "post": o.post,
            "urgency": o.urgency,
            "authority": o.authority,
            "pack_version": o.pack_version,
            "petition": o.number,
            "public": o.is_public,
            "due_at": o.promised_at.isoformat(),
            "seal": seal(o.matter, o.salt),
            "clocks": [_clock(kind, o.unit, due) for kind, due in o.clocks.items()],
        },
    )


def _clock(kind: str, unit: str, due: Due) -> dict[str, Any]:
    return {
        "kind": kind,
        "epoch": 1,
        "unit": unit,
        "allowance": due.minutes,
        "consumed": 0,
        "due_at": due.due_at.isoformat(),
        "stopped": False,
    }

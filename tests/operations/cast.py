"""Petitions of the small town, public, private and at home, moved by the deeds of life."""

import os
from datetime import datetime, timedelta
from typing import Any

import h3
from django.db import connection, transaction

from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE
from thudo.accounts.rules import RESIDENT
from thudo.base.clock import now
from thudo.base.database import together
from thudo.base.folding import fold
from thudo.base.identifiers import new_id, public_number
from thudo.base.sealing import keyed_hash
from thudo.cases import actions as deeds
from thudo.cases.actions import Claim, Opening, open_case
from thudo.cases.models import Answer, Case
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.operations import actions
from thudo.petitions.models import Petition, PetitionCase, Verdict

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DONE = "The hole before number 1 was filled with asphalt on Monday."
HOME = (105.0312345, 21.0498765)


def report(
    text: str = "A hole in the road before the school",
    *,
    at: datetime = MONDAY,
    point: tuple[float, float] | None = TOWN_SQUARE,
    place: str = "1 High Street",
    service: str = "road_damage",
    public: bool = True,
    home: bool = False,
) -> Petition:
    """A petition with its case, as filing leaves them."""
    area = "w2" if point == HARBOUR else "w1"
    unit = {"w1": "ward-1", "w2": "ward-2"}[area]
    lon, lat = point or (None, None)
    petition = Petition(
        id=new_id(), number=public_number(), secret=keyed_hash("petition secret", "s" * 22),
        stream="field", service=service, service_by="person", channel="web", text=text,
        salt=os.urandom(16), folded=fold(f"{text} {place}"), place=place, area=area, longitude=lon,
        latitude=lat, cell=h3.str_to_int(h3.latlng_to_cell(lat, lon, 11)) if point else None,
        is_home=home, is_public=public, filed_at=at, pack_version=directory().version_id,
    )  # fmt: skip
    petition.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE petitions_petition SET vector = to_tsvector('simple', folded) WHERE id = %s",
            [petition.pk],
        )
    case = _open(petition, unit, at)
    PetitionCase.objects.create(petition=petition, case_id=case, position=1)
    return petition


def _open(petition: Petition, unit: str, at: datetime) -> object:
    terms: dict[str, Any] = {"service": petition.service, "urgency": "normal", "calendar": "office"}
    intake = deadlines.due("intake", start=at, **terms)
    opening = Opening(
        label=petition.number, service=petition.service, area=petition.area, unit=unit,
        post=f"{unit}/handler", urgency="normal", authority=None,
        pack_version=petition.pack_version, matter=petition.text, salt=bytes(petition.salt),
        place=petition.place, longitude=petition.longitude, latitude=petition.latitude,
        number=petition.number, is_public=petition.is_public, clocks={"intake": intake},
        promised_at=deadlines.due("handling", start=intake.due_at, **terms).due_at,
    )  # fmt: skip
    with transaction.atomic(), together():
        return open_case(opening, actor=RESIDENT, at=at)


def case_of(petition: Petition) -> Case:
    return Case.objects.get(links__petition=petition)


def finish(petition: Petition, *, at: datetime, outcome: str = "resolved") -> Case:
    """Taken in at `at`, answered and published two hours later."""
    case = case_of(petition)
    actor = CAST.handler if case.unit == "ward-1" else CAST.other_handler
    deeds.accept_case(case, actor=actor, at=at)
    more: dict[str, Any] = {}
    if outcome == "answered":
        more = {"remaining": "The pipe", "next_step": "A new pipe", "next_at": at + 9 * DAY}
    claim = Claim(outcome, DONE, **(more or {"proof": ("photo",)}))
    deeds.answer_case(case, claim, draw=0.5, actor=actor, at=at + HOUR)
    deeds.approve_answer(case, actor=CAST.checker, at=at + 2 * HOUR)
    case.refresh_from_db()
    return case


def judge(petition: Petition, value: str, *, at: datetime) -> None:
    case = case_of(petition)
    answer = Answer.objects.filter(case=case).latest("at")
    Verdict.objects.create(
        id=new_id(), petition=petition, case=case, answer=answer.pk, value=value, salt=b"s", at=at
    )


def counted() -> None:
    """What the worker does all the time: the figures up to this moment of the tests' own day."""
    actions.rebuild(at=now())

"""A small town for the tests of deeds: two wards, a drainage company, desks, and a fixed cast.

Everything is invented. Its terms equal the shipped defaults; its calendar has no holidays.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from thudo.accounts import rules as rights
from thudo.deadlines import queries as deadline_queries
from thudo.deadlines.models import Calendar, DutyShift, Term
from thudo.directory import models as lists
from thudo.directory import queries as directory_queries
from thudo.routing import queries as routing_queries
from thudo.routing.models import Authority

BEGAN = date(2025, 7, 1)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in the town
TOWN_SQUARE = (105.05, 21.05)
HARBOUR = (105.15, 21.05)
CITY: dict[str, Any] = {
    "code": "town",
    "name": "Town",
    "top_unit": "council",
    "intake_unit": "desk",
    "checking_unit": "checking",
    "leaders_unit": "council",
    "arbiter_post": "desk/arbiter",
    "owner_role": "handler",
    "city_area": "town",
    "filing": {"default_stream": "field"},
    "checking": {"share": 1.0},
    "emergency": [{"number": "114", "label": {"vi": "chữa cháy", "en": "fire"}}],
    "desk_reason": {"vi": "Bộ phận tiếp nhận đọc trước.", "en": "The desk reads it first."},
    "refusal_grounds": [
        {"code": "no_ground", "label": {"vi": "Không có căn cứ", "en": "No ground"}}
    ],
}


@dataclass(frozen=True)
class Cast:
    """Who acts in the tests. The stranger may do nothing that asks for a right."""

    handler: rights.Actor
    head: rights.Actor
    other_handler: rights.Actor
    drainer: rights.Actor
    intake: rights.Actor
    checker: rights.Actor
    rechecker: rights.Actor
    leader: rights.Actor
    stranger: rights.Actor


def actor(key: str, roles: str, unit: str) -> rights.Actor:
    """A member of staff of one unit."""
    role = roles.split()[0]
    return rights.Actor(
        f"user:{key}", frozenset(roles.split()), frozenset({unit}), post=f"{unit}/{role}", name=key
    )


CAST = Cast(
    handler=actor("an", "handler", "ward-1"),
    head=actor("binh", "head", "ward-1"),
    other_handler=actor("chi", "handler", "ward-2"),
    drainer=actor("dung", "handler", "drainage"),
    intake=actor("giang", "intake", "desk"),
    checker=actor("ha", "checking", "checking"),
    rechecker=actor("hanh", "handler", "council"),
    leader=actor("khoa", "leader", "council"),
    stranger=rights.RESIDENT,
)


def build() -> None:
    """Write the town into the database and forget what was cached of another."""
    version = lists.PackVersion.objects.create(
        code="town", version="1", digest="town", loaded_at=MONDAY, city=CITY
    )
    _areas()
    _units()
    _services()
    _terms()
    _matrix(version.pk)
    forget()


def forget() -> None:
    """Caches of this process that outlive a test's transaction."""
    directory_queries.forget()
    deadline_queries.forget()
    routing_queries.forget()


def _words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def _areas() -> None:
    _area("town", "city", None, None)
    for code, west in (("w1", 105.0), ("w2", 105.1)):
        ring = [[west, 21], [west + 0.1, 21], [west + 0.1, 21.1], [west, 21.1], [west, 21]]
        _area(code, "ward", "town", {"type": "Polygon", "coordinates": [ring]})


def _area(code: str, kind: str, parent: str | None, polygon: dict[str, Any] | None) -> None:
    lists.Area.objects.create(
        code=code, official_code=code, kind=kind, parent_id=parent, name=_words(code),
        full_name=_words(f"Ward {code}"), folded=code, sort_key=code, polygon=polygon,
        valid_from=BEGAN,
    )  # fmt: skip


def _units() -> None:
    _unit("council", "top", None, None, "leader head handler duty")
    _unit("desk", "desk", "council", None, "intake arbiter head")
    _unit("checking", "desk", "council", None, "checking head")
    _unit("ward-1", "ward_committee", "council", "w1", "handler head duty")
    _unit("ward-2", "ward_committee", "council", "w2", "handler head duty")
    _unit("drainage", "operator", "council", None, "handler head duty")


def _unit(code: str, kind: str, parent: str | None, area: str | None, roles: str) -> None:
    lists.Unit.objects.create(
        code=code, kind=kind, name=_words(code), folded=code, sort_key=code, parent_id=parent,
        area_id=area, calendar="office", valid_from=BEGAN,
    )  # fmt: skip
    above = f"{parent}/head" if parent else None
    _post(code, "head", above)
    for role in roles.split():
        if role != "head":
            _post(code, role, f"{code}/head")
    if "duty" in roles:
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        DutyShift.objects.create(
            unit=code,
            days=days,
            starts=time(0),
            ends=time(0),
            post=f"{code}/duty",
            valid_from=BEGAN,
        )


def _post(unit: str, role: str, above: str | None) -> None:
    row_role = "intake" if role == "arbiter" else role
    lists.Post.objects.create(
        code=f"{unit}/{role}", unit_id=unit, role=row_role, title=_words(f"{role} of {unit}"),
        above_id=above, valid_from=BEGAN,
    )  # fmt: skip


def _services() -> None:
    streams = (
        ("field", "contact", "case"), ("open", "anonymous", "case"), ("praise", "contact", "thank"),
        ("refused", "contact", "refuse"),
    )  # fmt: skip
    for position, (code, identity, handling) in enumerate(streams):
        lists.Stream.objects.create(
            code=code, name=_words(code), identity=identity, handling=handling,
            legal_basis="Town rule 1", position=position,
        )  # fmt: skip
    lists.ServiceGroup.objects.create(code="streets", name=_words("Streets"), icon="x", position=1)
    _service("road_damage", "field", evidence=["photo"])
    _service("flooding", "field", evidence=["photo"])
    _service("noise", "field", evidence=["minutes"])
    _service("complaint_denunciation", "refused", is_admissible=False)
    _service("praise", "praise", is_admissible=False)


def _service(code: str, stream: str, **more: Any) -> None:
    lists.Service.objects.create(
        code=code, stream_id=stream, group_id="streets", name=_words(code), folded=code, position=1,
        valid_from=BEGAN, **more,
    )  # fmt: skip


def _terms() -> None:
    morning, afternoon = ["08:00", "12:00"], ["13:00", "17:00"]
    week = {day: [morning, afternoon] for day in ("mon", "tue", "wed", "thu", "fri")}
    Calendar.objects.create(
        code="office", version=1, time_zone="Asia/Ho_Chi_Minh", week=week, loaded_at=MONDAY
    )
    for clock, urgency, measure, minutes in (
        ("intake", "", "working", 480),
        ("handling", "", "working", 2400),
        ("handling", "urgent", "working", 240),
        ("acknowledge", "", "elapsed", 15),
        ("triage", "", "working", 120),
        ("check", "", "working", 120),
        ("supplement", "", "working", 1440),
        ("recheck", "", "working", 2400),
    ):
        Term.objects.create(
            clock=clock, urgency=urgency, measure=measure, minutes=minutes, source="Town rule",
            valid_from=BEGAN,
        )  # fmt: skip


def _matrix(version: int) -> None:
    cells = [
        ("road_damage", "area:w1", "ward-1"), ("road_damage", "area:w2", "ward-2"),
        ("noise", "area:w1", "ward-1"), ("noise", "area:w2", "ward-2"),
        ("flooding", "city", "drainage"),
    ]  # fmt: skip
    for service, scope, unit in cells:
        Authority.objects.create(
            service=service, scope=scope, unit=unit, valid=DateRange(BEGAN, None),
            legal_basis="Town rule 2", reason=_words("This unit looks after it."),
            pack_version=version,
        )  # fmt: skip

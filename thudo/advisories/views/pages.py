"""The list by place and day, and the page of one advisory."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories import queries
from thudo.advisories.models import Advisory, Revision
from thudo.advisories.queries import Shown, shown
from thudo.advisories.rules import ABOUT, RUNNING
from thudo.advisories.views.filters import Filters, filters_of
from thudo.base import phrases
from thudo.base.clock import now
from thudo.directory.queries import directory, say

COUNTED_DAYS = 30


@gate("page.public")
@require_safe
def advisories(request: Request) -> HttpResponse:
    """What runs and what is to come, or what touches a day; of the city or of a ward."""
    at, filters = now(), filters_of(request)
    rows = shown(
        queries.listed(
            at=at, area=filters.area, about=filters.about, service=filters.service, day=filters.day
        ),
        at,
    )
    area = directory().areas.get(filters.area)
    page = {
        "filters": filters,
        "area": area,
        "groups": _groups(rows, filters, at),
        "is_empty": not rows,
        "wards": directory().wards(),
        "abouts": [(code, _(words)) for code, words in ABOUT.items()],
        "asked": queries.consultations_open(area=filters.area, at=at)[:3],
        "answers": queries.answers_given(
            at - timedelta(days=COUNTED_DAYS), at + timedelta(hours=1), area=filters.area
        ),
        "counted_days": COUNTED_DAYS,
        "feed": f"/feeds/areas/{area.code}/advisories.atom" if area else "/feeds/advisories.atom",
    }
    return render(request, "advisories/list.html", page)


@gate("page.public")
@require_safe
def advisory(request: Request, pk: int) -> HttpResponse:
    """One advisory at its permanent address, with all it ever said."""
    at, row = now(), queries.one(pk)
    lists = directory()
    page = {
        "one": shown([row], at)[0],
        "row": row,
        "areas": [lists.areas[code] for code in row.areas if code in lists.areas],
        "services": [lists.services[code] for code in row.services if code in lists.services],
        "revisions": [_told(revision, at) for revision in queries.revisions_of(row)],
        "centre": _centre(row),
        "at": at,
    }
    return render(request, "advisories/show.html", page)


def _groups(rows: list[Shown], filters: Filters, at: datetime) -> list[dict[str, Any]]:
    """What runs, then what is to come by its first day; on a chosen day all of it together."""
    if filters.day:
        title = phrases.day(filters.day[0], at)
        return [{"title": title[:1].upper() + title[1:], "rows": rows}] if rows else []
    runs = [one for one in rows if one.state == RUNNING]
    groups: dict[str, list[Shown]] = {}
    for one in rows:
        if one.state != RUNNING:
            groups.setdefault(phrases.day(one.row.begins_at, at), []).append(one)
    later = [{"title": day[:1].upper() + day[1:], "rows": some} for day, some in groups.items()]
    return [{"title": _("Now"), "rows": _urgent_first(runs)}, *later] if runs else later


def _urgent_first(rows: list[Shown]) -> list[Shown]:
    return sorted(rows, key=lambda one: one.shape != "late")


def _told(revision: Revision, at: datetime) -> dict[str, Any]:
    return {
        "at": revision.at,
        "action": revision.action,
        "note": revision.note,
        "changed": [
            _change(name, before, after, at) for name, (before, after) in revision.changed.items()
        ],
    }


def _change(name: str, before: Any, after: Any, at: datetime) -> dict[str, str]:
    words = {
        "begins_at": _("Beginning"),
        "ends_at": _("Expected end"),
        "title": _("Title"),
        "text": _("Text"),
        "instruction": _("What to do"),
        "areas": _("Wards"),
        "streets": _("Streets"),
        "services": _("Kinds of matter"),
        "source_at": _("Hour of the source"),
        "source_name": _("Source"),
        "source_url": _("Address of the source"),
    }
    return {
        "name": words.get(name, _("Other particulars")),
        "before": _value(name, before, at),
        "after": _value(name, after, at),
    }


def _value(name: str, value: Any, at: datetime) -> str:
    """A value of a revision as people read it; "" for what is no text (a polygon)."""
    if name.endswith("_at"):
        return phrases.instant(datetime.fromisoformat(value), at) if value else _("not known")
    if name in {"title", "text", "instruction"}:
        return say(value) if value else "–"
    if name == "areas":
        areas = directory().areas
        return ", ".join(say(areas[code].name) for code in value if code in areas)
    if name == "streets":
        return ", ".join(value) or "–"
    return value if isinstance(value, str) and name.startswith("source") else ""


def _centre(row: Advisory) -> tuple[float, float] | None:
    """Where its map begins: the middle of its ground, else of its only ward."""
    if row.geometry:
        middle = queries.shape_of(row.geometry, row.radius).centroid
        return middle.x, middle.y
    area = directory().areas.get(row.areas[0]) if len(row.areas) == 1 else None
    if area is None or area.longitude is None or area.latitude is None:
        return None
    return area.longitude, area.latitude

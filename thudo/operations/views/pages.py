"""The front page, the list, and the pages of wards."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories import queries as advisories
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.base.identifiers import is_public_number
from thudo.directory.queries import directory
from thudo.operations.queries import areas, counting, figures, listing, shown
from thudo.operations.queries.conditions import day_of, month_of
from thudo.operations.queries.listing import BadCursor
from thudo.operations.queries.photos import pairs_of
from thudo.operations.rules import Filters, filters_of

FINISHED = 3
ANNOUNCED = 6


@gate("page.public")
@require_safe
def front(request: Request) -> HttpResponse:
    """What a resident sees first; `?part=today` answers the live counts alone."""
    at = now()
    page: dict[str, Any] = {"today": figures.today(at), "day": day_of(at)}
    if request.GET.get("part") == "today":
        return render(request, "operations/_today.html", page)
    month = month_of(at)
    page |= {
        "month": month,
        "figures": figures.city_word(month),
        "finished": _finished(at),
    }
    return render(request, "operations/front.html", page)


@gate("page.public")
@require_safe
def petitions(request: Request) -> HttpResponse:
    """The public list; `number` leads to one petition, as people type it into any field."""
    at = now()
    if number := _number(request.GET.get("number", "") or request.GET.get("q", "")):
        return HttpResponseRedirect(f"/petitions/find?{urlencode({'number': number})}")
    filters = filters_of(request.GET)
    page = _page(request, filters)
    body = {
        "filters": filters,
        "rows": shown.shown(page.rows),
        "count": counting.count_of(filters, at=at),
        "older": _address(filters, older=page.older),
        "newer": _address(filters, newer=page.newer),
        "live": _live(filters, page.newer),
        "here": _address(filters, part="rows"),
    }
    if request.GET.get("part") == "rows":
        return render(request, "operations/_rows.html", body)
    body |= {
        "chips": _chips(filters),
        "kept": _kept(filters),
        "states": _states(),
        "lists": directory(),
        "feed": _feed(filters),
    }
    return render(request, "operations/petitions.html", body)


@gate("page.public")
@require_safe
def area_list(request: Request) -> HttpResponse:
    """Every ward with its counts, worst first, and a map of what is late."""
    at = now()
    month = filters_of(request.GET).month or month_of(at)
    page = {**_months(month), "at": at}
    return render(request, "operations/areas.html", page | areas.table(month, at=at))


@gate("page.public")
@require_safe
def area(request: Request, code: str) -> HttpResponse:
    """One ward: what it owes and keeps, who answers there, what is new."""
    row = directory().areas.get(code)
    if row is None or row.valid_to is not None:
        raise NotFound(_("There is no ward or commune with this code."))
    at = now()
    month = filters_of(request.GET).month or month_of(at)
    latest = listing.latest(Filters(area=code), at=at, limit=10)
    page = {
        "area": row,
        "unit": directory().unit_of_area(code),
        **_months(month),
        "figures": areas.figures_of(code, month, at=at),
        "rows": shown.shown(latest),
        "announced": advisories.shown(advisories.near(area=code, at=at)[:ANNOUNCED], at),
        "asked": advisories.consultations_open(area=code, at=at),
        "at": at,
    }
    return render(request, "operations/area.html", page)


def _months(month: str) -> dict[str, str]:
    previous = figures.previous_month(month)
    return {
        "month": month,
        "month_name": areas.month_words(month),
        "previous": previous,
        "previous_name": areas.month_words(previous),
    }


def _finished(at: Any) -> list[dict[str, Any]]:
    """The last ones resolved, those with a photo from after first."""
    rows = listing.latest(Filters(state="done"), at=at, limit=12, order="closed")
    pairs = pairs_of(rows)
    rows.sort(key=lambda row: pairs[row.number].after is None)
    return [{"shown": shown.one(row), "pair": pairs[row.number]} for row in rows[:FINISHED]]


def _page(request: Request, filters: Filters) -> listing.Page:
    older, newer = (request.GET.get(name, "") for name in ("older", "newer"))
    try:
        return listing.page_of(filters, at=now(), older=older, newer=newer)
    except BadCursor:
        # An old or mistyped address: the first page is better than a refusal.
        return listing.page_of(filters, at=now())


def _number(text: str) -> str:
    digits = text.replace(" ", "")
    return digits if is_public_number(digits) else ""


def _address(filters: Filters, **more: str) -> str:
    """The list's address with these filters; "" when the one thing more is empty."""
    if more and not any(more.values()):
        return ""
    return f"/petitions/?{urlencode({**filters.given, **more})}"


def _live(filters: Filters, newer: str) -> str:
    """The topic that the list follows; an older page stands still."""
    if newer:
        return ""
    return f"area:{filters.area}" if filters.area else "wall"


def _feed(filters: Filters) -> str:
    return f"/feeds/areas/{filters.area}.atom" if filters.area else "/feeds/petitions.atom"


def _kept(filters: Filters) -> list[tuple[str, str]]:
    """The filters in force that the form has no field for: a new search keeps them."""
    fields = {"q", "area", "group", "state"}
    return [(name, value) for name, value in filters.given.items() if name not in fields]


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("All states")),
        ("open", _("In hand")),
        ("late", _("Late")),
        ("soon", _("Due soon")),
        ("waiting", _("Waiting for the petitioner")),
        ("done", _("Resolved")),
        ("answered", _("Answered, not resolved")),
        ("refused", _("Not taken")),
    ]


def _chips(filters: Filters) -> list[dict[str, str]]:
    """The filters that no field of the form shows, each with the address without it."""
    words = areas.filter_words(filters)
    return [
        {"label": label, "href": _address(areas.without(filters, name)) or "/petitions/"}
        for name, label in words.items()
    ]

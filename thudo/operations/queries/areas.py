"""Wards side by side, and filters in words."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from thudo.directory.queries import Area, directory, say, unit_name
from thudo.operations.queries.figures import Figures, figures_by_area
from thudo.operations.queries.outlines import outlines
from thudo.operations.rules import Filters, class_of, classes


@dataclass(frozen=True, slots=True)
class Ward:
    """A row of the table of wards; `level`: its class on the map, from 1."""

    area: Area
    figures: Figures
    path: str
    level: int


def table(month: str, *, at: datetime) -> dict[str, Any]:
    """Wards worst first (most late ones, then most open ones, then by name), the city's sum, and
    the classes of the map: {"low", "high", "wards"} each."""
    counts = figures_by_area(month, at=at)
    limits = classes([counts[a.code].late if a.code in counts else 0 for a in directory().wards()])
    drawn = outlines()
    wards = [
        _ward(area, counts.get(area.code, Figures()), drawn.paths.get(area.code, ""), limits)
        for area in directory().wards()
    ]
    wards.sort(key=lambda w: (-w.figures.late, -w.figures.open, w.area.sort_key))
    return {
        "wards": wards,
        "city": sum(counts.values(), Figures()),
        "elsewhere": counts.get("", Figures()),
        "drawing": drawn,
        "classes": _legend(limits, wards),
    }


def figures_of(code: str, month: str, *, at: datetime) -> Figures:
    """The figures of one ward."""
    return figures_by_area(month, at=at, only=code).get(code, Figures())


def _ward(area: Area, counts: Figures, path: str, limits: list[int]) -> Ward:
    return Ward(area, counts, path, class_of(counts.late, limits))


def _legend(limits: list[int], wards: list[Ward]) -> list[dict[str, int]]:
    lows = [0, *(limit + 1 for limit in limits[:-1])]
    return [
        {"level": k, "low": low, "high": high, "wards": sum(w.level == k for w in wards)}
        for k, (low, high) in enumerate(zip(lows, limits, strict=True), 1)
    ]


def filter_words(filters: Filters) -> dict[str, str]:
    """What the list is narrowed to beyond its form's own fields, in words."""
    found: dict[str, str] = {}
    if filters.service and (service := directory().services.get(filters.service)):
        found["service"] = say(service.name)
    if filters.unit:
        found["unit"] = unit_name(filters.unit)
    if filters.on:
        found["on"] = _on_words(filters)
    if filters.month:
        found["month"] = _month_words(filters)
    return found


def without(filters: Filters, name: str) -> Filters:
    """The filters with one taken away, and what makes no sense without it."""
    if name == "month":
        return replace(filters, month="", promise="", verdict="")
    return replace(filters, **{name: ""})


def month_words(month: str) -> str:
    """ "tháng 11/2026" or "November 2026"."""
    first = date.fromisoformat(f"{month}-01")
    return date_format(first, pgettext("month and year, Django date format", "F Y"))


def _on_words(filters: Filters) -> str:
    form = pgettext("day, month and year, Django date format", "j M Y")
    day = date_format(date.fromisoformat(filters.on), form)
    ended = filters.state in {"done", "answered", "refused", "closed"}
    return (_("ended on %(day)s") if ended else _("sent on %(day)s")) % {"day": day}


def _month_words(filters: Filters) -> str:
    month = {"month": month_words(filters.month)}
    return {
        "due": _("promised for %(month)s"),
        "kept": _("promised for %(month)s and kept"),
        "broken": _("promised for %(month)s and not kept"),
        "result": _("result given in %(month)s"),
        "rated": _("result of %(month)s, judged by the petitioner"),
        "satisfied": _("result of %(month)s: satisfied"),
        "acceptable": _("result of %(month)s: acceptable"),
        "not_satisfied": _("result of %(month)s: not satisfied"),
    }.get(filters.promise or filters.verdict, _in_month(filters)) % month


def _in_month(filters: Filters) -> str:
    ended = filters.state in {"done", "answered", "refused", "closed"}
    return _("ended in %(month)s") if ended else _("sent in %(month)s")

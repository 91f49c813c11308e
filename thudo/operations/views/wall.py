"""The first wall."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.operations.queries import figures, shown, wall
from thudo.operations.queries.conditions import day_of


@gate("wall.read")
@require_safe
def wall_page(request: Request) -> HttpResponse:
    """Map, who has to decide, four figures, what just happened; `?part=zones` all but the map."""
    at = now()
    page: dict[str, Any] = {
        "at": at,
        "figures": _figures(at),
        "decisions": [(one, shown.one(one.row)) for one in wall.decisions(at)],
        "news": [(one, shown.one(one.row)) for one in wall.news(at)],
    }
    part = request.GET.get("part") == "zones"
    return render(request, "operations/_wall_zones.html" if part else "operations/wall.html", page)


def _figures(at: datetime) -> list[tuple[str, str, int, str]]:
    """Name, shape, number and the list behind it."""
    today = figures.today(at)
    return [
        (_("In hand"), "ok", today.open, "/petitions/?state=open"),
        (_("Due in 2 hours"), "soon", today.hours, "/petitions/?state=hours"),
        (_("Late with the result"), "late", today.late, "/petitions/?state=late"),
        (_("Done today"), "done", today.done, f"/petitions/?state=done&on={day_of(at)}"),
    ]

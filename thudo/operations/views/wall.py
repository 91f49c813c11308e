"""The first wall."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
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
        "day": day_of(at),
        "today": figures.today(at),
        "decisions": [(one, shown.one(one.row)) for one in wall.decisions(at)],
        "news": [(one, shown.one(one.row)) for one in wall.news(at)],
    }
    part = request.GET.get("part") == "zones"
    return render(request, "operations/_wall_zones.html" if part else "operations/wall.html", page)

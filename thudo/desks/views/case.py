"""One case on one page, its place for the map, and its files for those who may read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from thudo.accounts.gate import Request, staff
from thudo.accounts.rules import may
from thudo.base.clock import now
from thudo.cases.lifecycle import STEPS
from thudo.cases.models import Case
from thudo.desks.queries.desk import desk_of
from thudo.desks.queries.people import post_choices
from thudo.desks.queries.rows import row_of
from thudo.desks.queries.sheet import Sheet, file_of, sheet_of
from thudo.desks.queries.wording import wordings_for
from thudo.desks.views.acts import ACTS, Act, acts_for, fields_of, usual_act, worded
from thudo.desks.views.doors import case_in, kept_query
from thudo.files.gate import send
from thudo.files.queries import copy_path
from thudo.journal.queries import sentence


@staff("case.read")
@require_GET
def case(request: Request, pk: UUID) -> HttpResponse:
    found = case_in(request, pk)
    if found.state == "awaiting_check" and may(request.actor, "case.check"):
        return redirect("desks:check", pk=pk)
    done = ACTS.get(request.GET.get("done", ""))
    return page(request, found, done=done)


@staff("case.read")
@require_GET
def place(request: Request, pk: UUID) -> HttpResponse:
    """The case's point as GeoJSON for <city-map>."""
    found = case_in(request, pk)
    if found.longitude is None:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    row = row_of(found, now())
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [found.longitude, found.latitude]},
        "properties": {"id": str(pk), "state": row.shape, "label": row.place},
    }
    return JsonResponse({"type": "FeatureCollection", "features": [point]})


@staff("case.read")
@require_GET
def file(request: Request, pk: UUID, file_pk: UUID, size: str = "full") -> HttpResponseBase:
    """A file of the case, public or not; pictures without their EXIF, films by ranges."""
    row = file_of(case_in(request, pk), file_pk)
    response = send(request, copy_path(row, size), row)
    response["Cache-Control"] = "private, max-age=600"
    return response


def page(
    request: Request,
    found: Case,
    *,
    act: Act | None = None,
    form: forms.Form | None = None,
    done: Act | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of a case; `act` with its `form` is open at the bottom; `more`: stale, refused,
    status and what else a door has to say."""
    at = now()
    sheet = sheet_of(request.actor, found, at)
    chosen = act or usual_act(sheet.steps)
    chosen = worded(chosen, found.state) if chosen else None
    context = {
        "sheet": sheet,
        "case": found,
        "desk": desk_of(request.actor, at, tab=request.GET.get("tab", ""),
                        unit=request.GET.get("unit", "")),
        "query": kept_query(request),
        "acts": acts_for(sheet.steps, found.state),
        "act": chosen,
        "act_is_chosen": act is not None,
        "act_is_open": bool(chosen and chosen.deed in sheet.steps),
        "form": form or (new_form(chosen, found, post_choices(found.unit, at), at) if chosen else None),
        "done": sentence(STEPS[done.deed].action) if done else "",
        "done_noun": done.noun if done else "",
        "needs_papers": bool(sheet.proof) and "photo" not in dict(sheet.proof),
        "wordings": wordings_for(found.service) if chosen and chosen.noun == "answers" else [],
        **_stale(sheet, more),
        **more,
    }  # fmt: skip
    return render(request, "desks/case.html", context, status=more.get("status", 200))


def new_form(act: Act, found: Case, posts: list[tuple[str, str]], at: datetime) -> forms.Form:
    """The empty form of an act, with the version that the page shows."""
    return act.form(initial={"seen": found.version}, **fields_of(act, found, posts, at))


def _stale(sheet: Sheet, more: dict[str, Any]) -> dict[str, Any]:
    seen = more.get("stale_since")
    if seen is None:
        return {"news": []}
    return {"news": [event for event in sheet.history if event.version > seen]}

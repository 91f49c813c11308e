"""The lists of the officer's desk: the queue, what was reported upwards, the loads of units."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate, staff
from thudo.accounts.rules import may
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.cases import actions
from thudo.cases.lifecycle import AWAITING_INTAKE
from thudo.cases.models import Escalation
from thudo.cases.queries import scope_of
from thudo.desks.queries.desk import desk_of
from thudo.desks.queries.finding import case_numbered
from thudo.desks.queries.reports import load_rows, reports_for
from thudo.desks.views.doors import is_fragment, kept_query, number_in
from thudo.directory.queries import unit_name


@gate("page.staff")
@never_cache
@require_GET
def desk(request: Request) -> HttpResponse:
    actor = request.actor
    if not may(actor, "case.list"):
        return render(request, "desks/no_cases.html")
    home = _other_desk(request)
    if home:
        return redirect(home)
    found = desk_of(
        actor, now(), tab=request.GET.get("tab", ""), unit=request.GET.get("unit", ""),
        page=number_in(request, "page"),
    )  # fmt: skip
    context = {
        "desk": found,
        "query": kept_query(request),
        "unit_name": unit_name(found.unit) if found.unit else "",
        "reports": reports_for(actor, now())[:5],
    }
    template = "desks/_list.html" if is_fragment(request) else "desks/desk.html"
    return render(request, template, context)


@gate("case.list")
@never_cache
@require_GET
def numbers(request: Request) -> HttpResponse:
    """GET /cases/numbers?number=…: the case of a number, or why none opens."""
    typed = request.GET.get("number", "")
    try:
        found = case_numbered(request.actor, typed)
    except (Invalid, NotFound) as refused:
        context = {"number": typed[:20], "wrong": refused.sentence}
        return render(request, "desks/numbers.html", context, status=refused.status)
    is_unnamed = found.state == AWAITING_INTAKE and not found.service
    triage = is_unnamed and may(request.actor, "case.triage", scope_of(found))
    return redirect("desks:triage" if triage else "desks:case", pk=found.pk)


@gate("case.list")
@never_cache
@require_GET
def reports(request: Request) -> HttpResponse:
    """What the clock reported to the posts of this actor's units."""
    context = {"reports": reports_for(request.actor, now())}
    return render(request, "desks/reports.html", context)


@staff("escalation.see")
@require_POST
def sightings(request: Request, pk: int) -> HttpResponse:
    """POST /reports/<id>/sightings: the next level has seen it."""
    escalation = get_object_or_404(Escalation, pk=pk)
    actions.see_escalation(escalation, actor=request.actor, at=now())
    return redirect("desks:reports")


@gate("case.list")
@never_cache
@require_GET
def loads(request: Request) -> HttpResponse:
    """Open and overdue cases per unit, worst first: for leaders and desks, and one's own unit."""
    return render(request, "desks/loads.html", {"loads": load_rows(request.actor, now())})


def _other_desk(request: Request) -> str:
    """Where somebody works who has a desk of another kind and no cases of a unit."""
    actor = request.actor
    if actor.roles & {"handler", "head", "duty", "leader"} or "tab" in request.GET:
        return ""
    return "desks:intake" if may(actor, "desk.intake") else "desks:checks"

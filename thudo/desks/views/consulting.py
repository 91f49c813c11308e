"""Questions that my ward asks its people: the list, a new one, its answers, closing, withdrawing."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thudo.accounts.gate import Request, gate, require
from thudo.advisories import actions, queries
from thudo.advisories.models import Consultation
from thudo.advisories.rules import CLOSED, CONSULTATION_STATES, OPEN, WITHDRAWN
from thudo.base.clock import now
from thudo.base.errors import Invalid
from thudo.base.phrases import city_zone
from thudo.desks.forms.announcing import ConsultationForm
from thudo.desks.views.announcing import ASK, add_problems, units_of

_OPEN_DAYS = 14


@gate("page.staff")
@never_cache
@require_http_methods(["GET", "POST"])
def consultations(request: Request) -> HttpResponse:
    """GET: what my units asked; POST: ask."""
    units, at = units_of(request.actor, ASK), now()
    if request.method == "POST":
        return _publish(request, units)
    rows = [
        {"row": row, "word": CONSULTATION_STATES[row.state(at)], "is_open": row.state(at) == OPEN,
         "total": queries.results_of(row).total}
        for row in queries.asked_by(units)
    ]  # fmt: skip
    return render(request, "desks/announcing/asked.html", {"rows": rows})


@gate("page.staff")
@never_cache
@require_GET
def new_consultation(request: Request) -> HttpResponse:
    units = units_of(request.actor, ASK)
    at = now().astimezone(city_zone()).replace(second=0, microsecond=0)
    begun = {"opens_at": at, "closes_on": at + timedelta(days=_OPEN_DAYS), "unit": units[0]}
    form = ConsultationForm(units=units, initial=begun)
    return render(request, "desks/announcing/ask.html", {"form": form})


@gate(ASK, by_thing=True)
@never_cache
@require_GET
def consultation(request: Request, pk: int) -> HttpResponse:
    """What was answered, with the words that only this unit reads."""
    row, at = _own(request, pk), now()
    page = {
        "row": row,
        "word": CONSULTATION_STATES[row.state(at)],
        "state": row.state(at),
        "results": queries.results_of(row),
        "comments": _comments(row),
        "may_end": row.state(at) not in {CLOSED, WITHDRAWN},
    }
    return render(request, "desks/announcing/answers.html", page)


@gate(ASK, by_thing=True)
@never_cache
@require_POST
def closings(request: Request, pk: int) -> HttpResponse:
    return _do(request, pk, actions.close_consultation)


@gate(ASK, by_thing=True)
@never_cache
@require_POST
def consultation_withdrawals(request: Request, pk: int) -> HttpResponse:
    return _do(request, pk, actions.withdraw_consultation)


def _publish(request: Request, units: list[str]) -> HttpResponse:
    form = ConsultationForm(request.POST, units=units)
    if form.is_valid():
        try:
            row = actions.publish_consultation(
                form.asked(), unit=form.cleaned_data["unit"], actor=request.actor, at=now()
            )
            return HttpResponseRedirect(f"/desk/consultations/{row.pk}")
        except Invalid as wrong:
            add_problems(form, wrong.fields)
    return render(request, "desks/announcing/ask.html", {"form": form}, status=422)


def _do(request: Request, pk: int, deed: Callable[..., Consultation]) -> HttpResponse:
    row = _own(request, pk)
    deed(row, actor=request.actor, at=now())
    return HttpResponseRedirect(f"/desk/consultations/{row.pk}")


def _own(request: Request, pk: int) -> Consultation:
    row = queries.consultation(pk)
    require(request.actor, ASK, row)
    return row


def _comments(row: Consultation) -> list[tuple[dict[str, str], str]]:
    words = {choice["code"]: choice["text"] for choice in row.choices}
    return [(words.get(code, {}), said) for code, said in queries.comments_of(row)]

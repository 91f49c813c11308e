"""Many at once: one note, hand-over, extension or answer for all that are ticked.

Each case is a deed of its own: its own transaction, its own line in the journal, its own refusal.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Refused
from thudo.cases import actions
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.cases.queries import visible_to
from thudo.desks.forms.batches import batch_form, chosen
from thudo.desks.queries.hours import end_of
from thudo.desks.queries.people import post_choices
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.desks.views.acts import ACTS
from thudo.desks.views.doors import kept_query

Typed = dict[str, Any]
_dice = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of the ticked cases; `sentence` "" when the deed was done."""

    row: Row
    sentence: str


@gate("case.list")
@never_cache
@require_GET
def new_batch(request: Request) -> HttpResponse:
    """GET /cases/batches/new?act=notes&cases=...: what was ticked, and the form."""
    act = request.GET.get("act", "")
    cases = _cases(request, list(chosen(request.GET.getlist("cases"))))
    form = batch_form(act, posts=_posts(cases))
    return _page(request, act, cases, form)


@gate("case.list")
@never_cache
@require_http_methods(["POST"])
def batches(request: Request) -> HttpResponse:
    """POST /cases/batches: the deed, once per case; the page says which was refused and why."""
    at, act = now(), request.POST.get("act", "")
    seen = chosen(request.POST.getlist("cases"))
    cases = _cases(request, list(seen))
    form = batch_form(act, request.POST, posts=_posts(cases))
    if not form.is_valid():
        return _page(request, act, cases, form, status=422)
    outcomes = [_one(request, act, case, form.cleaned_data, seen[case.pk], at) for case in cases]
    context = {
        "act": ACTS[act],
        "done": [one for one in outcomes if not one.sentence],
        "refused": [one for one in outcomes if one.sentence],
        "total": len(outcomes),
        "query": kept_query(request),
    }
    return render(request, "desks/batch_done.html", context)


def _one(
    request: Request, act: str, case: Case, typed: Typed, seen: int | None, at: datetime
) -> Outcome:
    row = row_of(case, at)
    try:
        _DEEDS[act](case, typed, {"seen": seen, "actor": request.actor, "at": at})
    except Refused as refused:
        return Outcome(row, str(refused.sentence))
    return Outcome(row, "")


def _end(case: Case, day: date | None) -> datetime | None:
    return end_of(case.unit, day) if day else None


def _answer(case: Case, typed: Typed, by: Typed) -> None:
    claim = Claim(
        typed["outcome"], typed["text"], remaining=typed["remaining"],
        next_step=typed["next_step"], next_at=_end(case, typed["next_on"]),
    )  # fmt: skip
    actions.answer_case(case, claim, draw=_dice.random(), **by)


_DEEDS: dict[str, Callable[[Case, Typed, Typed], object]] = {
    "notes": lambda c, t, by: actions.note_progress(
        c, text=t["text"], next_step=t["next_step"], next_at=_end(c, t["next_on"]), **by
    ),
    "assignments": lambda c, t, by: actions.assign_case(c, post=t["post"], **by),
    "transfers": lambda c, t, by: actions.transfer_case(
        c, unit=t["unit"], ground=t["ground"], text=t["text"], **by
    ),
    "extensions": lambda c, t, by: actions.extend_deadline(
        c, text=t["text"], due_at=end_of(c.unit, t["due_on"]), **by
    ),
    "answers": _answer,
}


def _cases(request: Request, ids: list[Any]) -> list[Case]:
    found = grouped(visible_to(request.actor).filter(pk__in=ids), now())
    return list(found.order_by("rank", "due_at"))


def _posts(cases: list[Case]) -> list[tuple[str, str]]:
    return post_choices(cases[0].unit, now()) if cases else []


def _page(
    request: Request, act: str, cases: list[Case], form: forms.Form, status: int = 200
) -> HttpResponse:
    context = {
        "act": ACTS[act],
        "form": form,
        "rows": [row_of(case, now()) for case in cases],
        "query": kept_query(request),
        "title": _("%(count)s cases at once") % {"count": len(cases)},
    }
    return render(request, "desks/batch.html", context, status=status)

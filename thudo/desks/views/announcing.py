"""Announcements of one's own unit: the list, a new one, amending, ending, taking back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thudo.accounts.gate import Request, gate, require
from thudo.accounts.rules import Actor, Scope, may
from thudo.advisories import actions, queries
from thudo.advisories.models import Advisory
from thudo.advisories.queries import shown
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.desks.forms.announcing import (
    AdvisoryForm,
    EndingForm,
    WithdrawalForm,
    begun,
    filled,
)
from thudo.directory.queries import directory

# Names of the deed's fields that the form has under another name.
_FIELDS = {"geometry": "place"}
PUBLISH, ASK = "advisory.publish", "consultation.publish"


def units_of(actor: Actor, act: str) -> list[str]:
    """The units for which this person may do it, his first post's first; none: NotAllowed."""
    own = actor.post.split("/")[0]
    found = [code for code in directory().units if may(actor, act, Scope(unit=code))]
    if not found:
        raise NotAllowed(_("You may not do this here."), act=act)
    return sorted(found, key=lambda code: code != own)


@gate("page.staff")
@never_cache
@require_http_methods(["GET", "POST"])
def advisories(request: Request) -> HttpResponse:
    """GET: what my units announced; POST: announce."""
    units = units_of(request.actor, PUBLISH)
    if request.method == "POST":
        return _publish(request, units)
    at = now()
    rows = shown(queries.of_unit(units, at), at)
    return render(request, "desks/announcing/list.html", {"rows": rows, "at": at})


@gate("page.staff")
@never_cache
@require_GET
def new_advisory(request: Request) -> HttpResponse:
    units = units_of(request.actor, PUBLISH)
    form = AdvisoryForm(units=units, initial=begun(units[0], now()))
    return render(request, "desks/announcing/new.html", {"form": form})


@gate(PUBLISH, by_thing=True)
@never_cache
@require_GET
def advisory(request: Request, pk: int) -> HttpResponse:
    """One of my unit's announcements, with everything that may be done to it."""
    return _page(request, _own(request, pk))


@gate(PUBLISH, by_thing=True)
@never_cache
@require_POST
def amendments(request: Request, pk: int) -> HttpResponse:
    row, at = _own(request, pk), now()
    form = AdvisoryForm(request.POST, units=[row.unit])
    if not form.is_valid():
        return _page(request, row, form=form, status=422)

    def deed() -> Advisory:
        content = form.content(at=at, before=row)
        note, seen = request.POST.get("note", ""), _seen(request)
        return actions.amend_advisory(
            row, content, note=note, seen=seen, actor=request.actor, at=at
        )

    return _done(request, row, deed, form=form)


@gate(PUBLISH, by_thing=True)
@never_cache
@require_POST
def endings(request: Request, pk: int) -> HttpResponse:
    return _closed(request, pk, actions.end_advisory, EndingForm(request.POST), "ending")


@gate(PUBLISH, by_thing=True)
@never_cache
@require_POST
def withdrawals(request: Request, pk: int) -> HttpResponse:
    form = WithdrawalForm(request.POST)
    return _closed(request, pk, actions.withdraw_advisory, form, "withdrawal")


def _publish(request: Request, units: list[str]) -> HttpResponse:
    form, at = AdvisoryForm(request.POST, units=units), now()
    if form.is_valid():
        try:
            row = actions.publish_advisory(
                form.content(at=at), unit=form.cleaned_data["unit"],
                origin=("post", request.actor.post), actor=request.actor, at=at,
            )  # fmt: skip
            return HttpResponseRedirect(f"/desk/advisories/{row.pk}?done=published")
        except Invalid as wrong:
            add_problems(form, wrong.fields)
    return render(request, "desks/announcing/new.html", {"form": form}, status=422)


def _closed(
    request: Request, pk: int, deed: Callable[..., Advisory], form: forms.Form, name: str
) -> HttpResponse:
    row, at = _own(request, pk), now()
    if not form.is_valid():
        return _page(request, row, **_named(name, form), status=422)
    given = form.cleaned_data
    return _done(
        request, row,
        lambda: deed(row, note=given["note"], seen=given["seen"], actor=request.actor, at=at),
        **_named(name, form),
    )  # fmt: skip


def _named(name: str, form: forms.Form) -> dict[str, Any]:
    form.label_suffix = ""
    return {name: form}


def _done(
    request: Request, row: Advisory, deed: Callable[[], Advisory], **page: Any
) -> HttpResponse:
    """Do it and show the page anew; a refusal stands on it with everything that was typed."""
    try:
        deed()
    except Invalid as wrong:
        add_problems(next(iter(page.values())), wrong.fields)
        return _page(request, row, **page, status=wrong.status)
    except NotAllowed:
        raise
    except Refused as refused:
        fresh = queries.one(row.pk)
        return _page(request, fresh, **page, refused=refused.sentence, status=refused.status)
    return HttpResponseRedirect(f"/desk/advisories/{row.pk}?done=changed")


def _own(request: Request, pk: int) -> Advisory:
    """Strangers to its unit learn nothing that the public page does not tell; they may do nothing."""
    row = queries.one(pk)
    require(request.actor, PUBLISH, row)
    return row


def _page(
    request: Request,
    row: Advisory,
    *,
    form: AdvisoryForm | None = None,
    ending: forms.Form | None = None,
    withdrawal: forms.Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    at = now()
    page = {
        "row": row,
        "one": shown([row], at)[0],
        "is_over": row.ended_at is not None or row.withdrawn_at is not None,
        "form": form or AdvisoryForm(units=[row.unit], initial=filled(row, at)),
        "ending": ending or EndingForm(label_suffix=""),
        "withdrawal": withdrawal or WithdrawalForm(label_suffix=""),
        "refused": refused,
        "done": request.GET.get("done", ""),
        "answers": queries.answers_given(
            row.published_at.replace(minute=0), _later(at), advisory=row.pk
        ),
    }
    return render(request, "desks/announcing/show.html", page, status=status)


def add_problems(form: forms.Form, fields: dict[str, str]) -> None:
    """Sentences of the deed, each beside its field."""
    for name, sentence in fields.items():
        target = _FIELDS.get(name, name)
        form.add_error(target if target in form.fields else None, sentence)


def _seen(request: Request) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _later(at: datetime) -> datetime:
    """The answers of this hour count too."""
    return at.replace(minute=59, second=59)

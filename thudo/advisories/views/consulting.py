"""Questions that wards ask; answered without an account, once by each device."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories import actions, queries
from thudo.advisories.actions import ConsultationClosed
from thudo.advisories.forms import AnswerForm
from thudo.advisories.models import Consultation
from thudo.advisories.rules import CONSULTATION_STATES, OPEN, WITHDRAWN
from thudo.advisories.views.filters import filters_of
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.base.sealing import keyed_hash
from thudo.directory.queries import directory, unit_name

# A random word by which a device's second answer replaces its first; it says nothing else.
DEVICE_COOKIE = "thudo_device"
_YEAR = 366 * 86400


@gate("page.public")
@require_safe
def consultations(request: Request) -> HttpResponse:
    """Open ones first, then those that are over with what came of them."""
    at, filters = now(), filters_of(request)
    rows = queries.consultations(area=filters.area, at=at)
    asked = [_row(row, row.state(at)) for row in rows]
    page = {
        "open": sorted(
            (one for one in asked if one["state"] == OPEN), key=lambda one: one["row"].closes_at
        ),
        "others": [one for one in asked if one["state"] != OPEN],
        "wards": directory().wards(),
        "area": directory().areas.get(filters.area),
    }
    return render(request, "advisories/consultations.html", page)


@never_cache
@gate("page.public")
@require_safe
def consultation(request: Request, pk: int) -> HttpResponse:
    """The question with its form, or what was answered."""
    return _page(request, _shown(pk), AnswerForm(label_suffix=""))


@never_cache
@gate("consultation.answer")
@require_POST
def answers(request: Request, pk: int) -> HttpResponse:
    """One device's answer. A device that keeps no cookie cannot be told from another: refused."""
    row, form = _shown(pk), AnswerForm(request.POST, label_suffix="")
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    if not token:
        form.add_error(
            None, _("Your browser keeps no cookies, so an answer cannot be counted once.")
        )
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        actions.answer_consultation(
            row, choice=form.cleaned_data["choice"], comment=form.cleaned_data["comment"],
            device=_device(token, row), actor=request.actor, at=now(),
        )  # fmt: skip
    except Invalid as wrong:
        form.add_error("choice", wrong.sentence)
        return _page(request, row, form, status=422)
    except ConsultationClosed as closed:
        return _page(request, row, form, status=409, refused=closed.sentence)
    return HttpResponseRedirect(f"/consultations/{row.pk}?answered=1")


def _page(
    request: HttpRequest,
    row: Consultation,
    form: AnswerForm,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    at, token = now(), request.COOKIES.get(DEVICE_COOKIE, "")
    given = queries.reply_of(row, _device(token, row)) if token else ""
    page = {
        **_row(row, row.state(at)),
        "form": form,
        "given": given,
        "chosen": form["choice"].value() or given,
        "refused": refused,
        "answered": "answered" in request.GET and bool(given),
        "results": queries.results_of(row),
    }
    response = render(request, "advisories/consultation.html", page, status=status)
    if not token and row.state(at) == OPEN:
        response.set_cookie(
            DEVICE_COOKIE, secrets.token_urlsafe(24), max_age=_YEAR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE, path="/consultations/",
        )  # fmt: skip
    return response


def _shown(pk: int) -> Consultation:
    row = queries.consultation(pk)
    if row.state(now()) == WITHDRAWN:
        raise NotFound(_("This question was withdrawn."))
    return row


def _row(row: Consultation, state: str) -> dict[str, Any]:
    lists = directory()
    return {
        "row": row,
        "state": state,
        "word": _(CONSULTATION_STATES[state]),
        "unit": unit_name(row.unit),
        "areas": [lists.areas[code] for code in row.areas if code in lists.areas],
    }


def _device(token: str, row: Consultation) -> bytes:
    """Another hash for each question, so that a device's answers cannot be joined."""
    return keyed_hash("consultation", f"{row.pk} {token}")

"""The call-back list."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.desks import actions
from thudo.desks.forms.phone import CallbackForm, EndingForm
from thudo.desks.models import Callback
from thudo.desks.queries.callbacks import waiting_callers
from thudo.desks.views.doors import is_fragment, private


@gate("desk.phone")
@never_cache
@require_http_methods(["GET", "POST"])
def callbacks(request: Request) -> HttpResponse:
    """GET: who waits, the longest first. POST: one more waits."""
    form = CallbackForm(request.POST) if request.method == "POST" else CallbackForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.ask_callback(given["phone"], reason=given["reason"], actor=request.actor, at=now())
        return redirect("/phone/callbacks?done=asked")
    context = {
        "waiting": waiting_callers(request.actor, now()),
        "form": form,
        "done": _done(request),
    }
    template = "_callbacks.html" if is_fragment(request) else "callbacks.html"
    status = 422 if request.method == "POST" else 200
    return private(render(request, f"desks/phone/{template}", context, status=status))


@gate("desk.phone")
@never_cache
@require_POST
def takings(request: Request, pk: UUID) -> HttpResponse:
    """POST /phone/callbacks/<id>/takings: this clerk calls; the number is shown to nobody else."""
    row = _callback(pk)
    called = actions.take_callback(row, actor=request.actor, at=now())
    page = {"row": row, "called": called}
    return private(render(request, "desks/phone/callback.html", page))


@gate("desk.phone")
@require_POST
def attempts(request: Request, pk: UUID) -> HttpResponse:
    """POST /phone/callbacks/<id>/attempts: nobody answered."""
    actions.try_callback(_callback(pk), actor=request.actor, at=now())
    return redirect("/phone/callbacks?done=tried")


@gate("desk.phone")
@require_POST
def releases(request: Request, pk: UUID) -> HttpResponse:
    """POST /phone/callbacks/<id>/releases: back on the list, not called."""
    actions.release_callback(_callback(pk), actor=request.actor, at=now())
    return redirect("/phone/callbacks")


@gate("desk.phone")
@require_POST
def endings(request: Request, pk: UUID) -> HttpResponse:
    """POST /phone/callbacks/<id>/endings: reached, filed, or given up."""
    row, form = _callback(pk), EndingForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say what came of it."))
    actions.end_callback(row, outcome=form.cleaned_data["outcome"], actor=request.actor, at=now())
    return redirect("/phone/callbacks?done=ended")


def _callback(pk: UUID) -> Callback:
    row = Callback.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such call-back."))
    return row


def _done(request: Request) -> str:
    return {
        "asked": _("The caller is on the list."),
        "tried": _("Counted. The call is back on the list."),
        "ended": _("Done."),
    }.get(request.GET.get("done", ""), "")

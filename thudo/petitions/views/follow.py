"""Following somebody's public petition: begin, add, judge, stop. No account, a link of one's own."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.cases.models import Case
from thudo.files.actions import keep_upload
from thudo.files.gate import draft_key, new_draft_key, remember_draft, send
from thudo.files.queries import copy_path
from thudo.petitions import actions
from thudo.petitions.forms import FollowForm, SupplementForm, VerdictForm
from thudo.petitions.models import Follower, Petition
from thudo.petitions.queries.follow import follower_by, follower_words
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.views.opened import follow_with, follower_link, own_follower, petition_at
from thudo.petitions.views.tracking import page_of


@never_cache
@gate("petition.follow", by_thing=True)
@require_POST
def followers(request: Request, number: str) -> HttpResponse:
    """Follow, with a sentence and photos if there are any: the filing page sends what was typed."""
    petition = petition_at(number)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return page_of(request, petition, follow_form=form, status=422)
    key = draft_key(request) or new_draft_key()
    followed = actions.follow_petition(
        petition, contact=form.contact(), browser=key, actor=request.actor, at=now()
    )
    follow_with(request, number, followed.follower)
    _add(request, followed.follower, form.cleaned_data["text"], key)
    typed = "&typed=1" if "idempotency_key" in request.POST else ""
    response = redirect(f"/petitions/{number}/followers/{followed.secret}?followed=1{typed}")
    remember_draft(response, key)
    return response


@never_cache
@gate("page.public")
@require_safe
def page(request: Request, number: str, secret: str) -> HttpResponse:
    """GET /petitions/<number>/followers/<secret>: the follower's own page."""
    follower = follower_by(number, secret)
    if follower is None:
        raise NotFound(_("This link opens no report. Please check that it was copied whole."))
    if follower.ended_at:
        return redirect("petition", number=number)
    follow_with(request, number, follower)
    return page_of(request, petition_at(number))


@never_cache
@gate("petition.follow_on", by_thing=True)
@require_POST
def words(request: Request, number: str) -> HttpResponse:
    petition = petition_at(number)
    follower = own_follower(request, petition)
    form = SupplementForm(request.POST)
    if not form.is_valid():
        return page_of(request, petition, form=form, status=422)
    key = draft_key(request) or new_draft_key()
    try:
        actions.add_to_followed(
            follower, text=form.cleaned_data["text"], files=_files(request, key), draft_key=key, actor=request.actor,
            at=now(),
        )  # fmt: skip
    except Invalid as wrong:
        form.add_error("text", wrong.sentence)
        return page_of(request, petition, form=form, status=422)
    return redirect(f"{follower_link(follower, number)}?said=1")


@never_cache
@gate("petition.follow_on", by_thing=True)
@require_POST
def verdicts(request: Request, number: str) -> HttpResponse:
    petition = petition_at(number)
    follower = own_follower(request, petition)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose one of the three answers."))
    given = form.cleaned_data
    actions.judge_followed(
        follower, _case(petition, given["case"]), value=given["value"], text=given["text"],
        actor=request.actor, at=now(),
    )  # fmt: skip
    return _back(follower, number)


@never_cache
@gate("petition.follow_on", by_thing=True)
@require_POST
def endings(request: Request, number: str) -> HttpResponse:
    follower = own_follower(request, petition_at(number))
    actions.unfollow_petition(follower, actor=request.actor, at=now())
    return redirect("petition", number=number)


@never_cache
@gate("petition.follow_on", by_thing=True)
@require_safe
def file(request: Request, number: str, pk: UUID, size: str = "large") -> HttpResponseBase:
    """A photo that this follower added: for himself."""
    petition = petition_at(number)
    own = follower_words([petition], only=own_follower(request, petition))
    row = next((row for word in own for row in word.files if row.pk == pk), None)
    if row is None:
        raise NotFound(_("There is no such file."))
    return send(request, copy_path(row, size), row)


def _add(request: Request, follower: Follower, text: str, key: str) -> None:
    """What came with the following; a photo that cannot be read undoes neither it nor the words."""
    try:
        files = _files(request, key)
    except Invalid:
        files = []
    try:
        if text.strip() or files:
            actions.add_to_followed(
                follower, text=text, files=files, draft_key=key, actor=request.actor, at=now()
            )
    except Invalid:
        return


def _files(request: Request, key: str) -> list[str]:
    """Ids of photos and recordings that a script sent before, and of those that came along."""
    rows = [
        keep_upload(upload, draft_key=key, actor=request.actor.key, at=now())
        for name in ("photos", "sounds")
        for upload in request.FILES.getlist(name)
    ]
    sent = request.POST.getlist("files") + request.POST.getlist("sounds")
    return [*sent, *(str(row.pk) for row in rows)]


def _case(petition: Petition, pk: UUID) -> Case:
    found = next((case for case in cases_of(petition) if case.pk == pk), None)
    if found is None:
        raise NotFound(_("There is no such matter in this report."))
    return found


def _back(follower: Follower, number: str) -> HttpResponseRedirect:
    return redirect(follower_link(follower, number))

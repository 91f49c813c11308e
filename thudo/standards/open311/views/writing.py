"""What a key may write: requests through the deed of filing, updates through that of adding."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.clock import now
from thudo.base.errors import NotAllowed, NotFound
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of
from thudo.standards.open311 import queries
from thudo.standards.open311.mapping import errors, filing, services, updates
from thudo.standards.open311.mapping.filing import Media
from thudo.standards.open311.mapping.formats import Told
from thudo.standards.open311.mapping.places import place_of
from thudo.standards.open311.views import media
from thudo.standards.open311.views.door import OpenRequest, asks, extends, keyed

# How long the same words of a petitioner count once.
_REPLY_SPAN = timedelta(days=1)


@keyed
@asks("petition.file_on_behalf")
def file_request(request: OpenRequest) -> Told:
    """The one deed of filing; the test endpoint goes all the way and undoes it."""
    return _undone(_file, request) if request.is_test else _file(request)


@keyed
@asks("petition.file_on_behalf")
def add_update(request: OpenRequest) -> Told:
    """The petitioner adds words or photos through the system that filed for him."""
    if request.is_test:
        return _undone(_add, request)
    with transaction.atomic():
        return _add(request)


def _undone(deed: Callable[[OpenRequest], Told], request: OpenRequest) -> Told:
    with transaction.atomic():
        told = deed(request)
        transaction.set_rollback(True)
    return told


def _file(request: OpenRequest) -> Told:
    asked, actor, at = request.given, request.actor, now()
    service = services.service_of(_needed(request, "service_code"))
    place = place_of(asked)
    wish = filing.filing_of(asked, service, place, draft_key=actor.key)
    sent = media.sent(request)
    scope = f"open311:{'test:' if request.is_test else ''}{actor.key}"
    key, is_repeat = queries.repeat_key(scope, filing.fingerprint(asked, sent.digests), at)
    kept = Media() if is_repeat or request.is_test else media.keep(sent, actor=actor, at=at)
    # By what was sent, not by what of it could be had: so a repetition is the same request.
    wish = replace(wish, files=kept.ids, file_digests=sent.digests)
    receipt = actions.file_petition(wish, key=key, actor=actor, at=at)
    if receipt.handling == "refused":
        raise filing.refusal(receipt, is_test=request.is_test)
    return filing.receipt(
        receipt, place, kept, at=at, is_test=request.is_test, extensions=extends(request)
    )


def _add(request: OpenRequest) -> Told:
    petition, actor, at = _own(request), request.actor, now()
    text, sent = request.given["description"], media.sent(request)
    if not (text or sent.urls or sent.uploads):
        raise errors.missing("description")
    cases = [case for case in cases_of(petition) if case.is_open]
    if not cases:
        raise errors.Wrong(
            _("The matter is closed. A verdict can be given on the petition's page.")
        )
    since = at - _REPLY_SPAN
    if text and (before := queries.reply_of(cases, text, actor.key, since)):
        return updates.accepted(str(before))
    kept = Media() if request.is_test else media.keep(sent, actor=actor, at=at)
    if not text and not kept.ids:
        raise errors.Wrong(*kept.sentences)
    opener = Actor(actor.key, units=actor.units, opened=frozenset({petition.number}))
    actions.supplement_petition(
        petition, text=text, files=kept.ids, draft_key=actor.key, actor=opener, at=at
    )
    added = queries.reply_of(cases, text, actor.key, since) if text else None
    return updates.accepted(str(added or f"{petition.number}-{petition.version}"))


def _own(request: OpenRequest) -> Petition:
    """The petition, held against a second update at the same time; only its own system may add."""
    found = queries.petition_of(_needed(request, "service_request_id"))
    if found is None:
        raise NotFound(_("service_request_id was not found."))
    if found.filed_by != request.actor.key:
        raise NotAllowed(_("Only the system that filed this request may add to it."))
    return Petition.objects.select_for_update().get(pk=found.pk)


def _needed(request: OpenRequest, name: str) -> str:
    if not request.given[name]:
        raise errors.missing(name)
    return request.given[name]

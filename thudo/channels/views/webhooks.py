"""Webhooks: a genuine message is written down and thanked for at once; a job reads it."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thudo.accounts.gate import gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, NotFound
from thudo.channels import actions
from thudo.channels.queries import settings as doors
from thudo.channels.queries.waiting import peer_of
from thudo.channels.rules import SMS, ZALO
from thudo.connectors import signing, sms, zalo


@csrf_exempt
@gate("channel.bring", by_thing=True)
@require_POST
def zalo_events(request: HttpRequest) -> HttpResponse:
    """POST /channels/zalo/events: what people sent to the Official Account."""
    account = doors.zalo_account()
    if account is None:
        raise NotFound(_("This door is closed."))
    if not zalo.is_genuine(account, request.body, request.headers.get("X-ZEvent-Signature", "")):
        raise NotAllowed(_("The signature does not fit."))
    try:
        said = zalo.read(request.body)
    except zalo.Unreadable as wrong:
        raise Invalid(_("This is no message.")) from wrong
    if said and (said.kind or said.text):
        content = {
            "sender": said.sender, "text": said.text, "images": list(said.images),
            "longitude": said.longitude, "latitude": said.latitude,
        }  # fmt: skip
        _keep(ZALO, said.id, said.sender, content)
    return HttpResponse(status=200)


@csrf_exempt
@gate("channel.bring", by_thing=True)
@require_POST
def sms_messages(request: HttpRequest) -> HttpResponse:
    """POST /channels/sms/messages: a short message that the gateway took."""
    secret = doors.sms_secret()
    if not secret:
        raise NotFound(_("This door is closed."))
    if not signing.holds(secret, request.body, request.headers.get(signing.HEADER, "")):
        raise NotAllowed(_("The signature does not fit."))
    try:
        message = sms.read(request.body)
    except sms.Unreadable as wrong:
        raise Invalid(_("This is no message.")) from wrong
    _keep(SMS, message.id, message.sender, {"sender": message.sender, "text": message.text})
    return HttpResponse(status=200)


def _keep(door: str, key: str, sender: str, content: Mapping[str, object]) -> None:
    at = now()
    body = json.dumps(content).encode()
    actions.keep_incoming(door, key, body, peer=peer_of(door, sender), at=at)
    actions.note_seen(door, at=at)

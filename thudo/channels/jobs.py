"""The background side of the doors: fetch mail, read what came, send what waits.

The network is only spoken to here, never within a transaction.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from thudo.base.clock import now
from thudo.base.context import city_name
from thudo.base.fetching import Unreachable, fetch
from thudo.base.loops import loop
from thudo.channels import actions
from thudo.channels.actions.doors import move_on, tokens_of
from thudo.channels.actions.incoming import Place
from thudo.channels.actions.incoming import content_of as content_in
from thudo.channels.actions.outgoing import content_of as content_out
from thudo.channels.models import Door, Incoming, Outgoing
from thudo.channels.queries import settings as doors
from thudo.channels.queries import waiting
from thudo.channels.rules import APP, MAIL, MOST_TRIES, SMS, ZALO
from thudo.channels.rules.compose import answer_mail
from thudo.channels.rules.mail import mail_key, sender_of
from thudo.connectors import city_app, mail_in, mail_out, sms, zalo
from thudo.connectors.failures import Declined, Failed, Unavailable

_log = logging.getLogger(__name__)
# Larger mails are cut: ten photos fit, and the server's memory stays ours.
MOST_BYTES = 30 * 1024 * 1024
_MAILS_A_TURN, _A_TURN = 20, 20
# Five days of attempts, hourly at last.
_MOST_ATTEMPTS = 120


@loop(seconds=15.0)
def fetch_mail() -> bool:
    """Take new mails from the mailbox, one transaction each; True when there may be more."""
    account = doors.mail_account()
    if account is None:
        return False
    try:
        with mail_in.opened(account) as box:
            taken = _take_mails(box)
    except Failed as why:
        _log.warning("the mailbox: %s", why)
        actions.note_failure(MAIL, str(why), at=now())
        return False
    actions.note_seen(MAIL, at=now())
    return taken == _MAILS_A_TURN


@loop(seconds=1.0)
def read_incoming() -> bool:
    """Make petitions, additions and answers of what came."""
    found = waiting.waiting_incoming(now(), _A_TURN)
    for pk in found:
        actions.read_incoming(pk, _fetched, at=now())
    return len(found) == _A_TURN


@loop(seconds=1.0)
def send_outgoing() -> bool:
    """Send one message; True when there may be more."""
    senders = _senders()
    row = actions.claim_outgoing(senders, at=now()) if senders else None
    if row is None:
        return False
    try:
        senders[row.door](row)
    except Failed as why:
        _failed(row, why, now())
    except Exception:
        # One that cannot be made ready keeps nobody waiting behind it.
        _log.exception("a message could not be sent; it is kept")
        actions.note_unsent(row, "see the log", for_good=row.tries >= MOST_TRIES, at=now())
    else:
        actions.note_sent(row.pk, at=now())
        actions.note_seen(row.door, at=now())
    return True


@loop(seconds=30.0)
def end_conversations() -> bool:
    """File what was said in conversations that nobody ended."""
    found = waiting.ended_conversations(now(), _A_TURN)
    for pk in found:
        actions.end_conversation(pk, at=now())
    return len(found) == _A_TURN


@loop(seconds=3600.0)
def forget_contents() -> None:
    """Nothing of people is kept longer than it is needed."""
    actions.forget_contents(at=now())


def _take_mails(box: mail_in.Mailbox) -> int:
    last = actions.start_mailbox(MAIL, box.validity)
    uids = box.uids_after(last)[:_MAILS_A_TURN]
    for uid in uids:
        mail = box.fetch(uid, limit=MOST_BYTES)
        if mail is None:
            # Somebody deleted it: it is not asked for again.
            move_on(MAIL, box.validity, uid)
            continue
        peer = waiting.peer_of(MAIL, sender_of(mail.content))
        actions.keep_incoming(
            MAIL, mail_key(mail.content), mail.content, peer=peer, is_cut=mail.is_cut,
            place=Place(box.validity, uid), at=now(),
        )  # fmt: skip
    return len(uids)


def _fetched(pk: UUID) -> dict[str, bytes]:
    """The photos that a message names by address; b"" for one that cannot be had."""
    row = Incoming.objects.filter(pk=pk, door=ZALO, state="waiting").first()
    if row is None or row.sealed is None:
        return {}
    found = {}
    for url in json.loads(content_in(row)).get("images", ()):
        try:
            found[url] = fetch(url, limit=settings.MAX_UPLOAD_BYTES)
        except Unreachable as why:
            _log.info("a photo was not fetched: %s", why)
            found[url] = b""
    return found


def _failed(row: Outgoing, why: Failed, at: datetime) -> None:
    for_good = isinstance(why, Declined) or row.tries >= _MOST_ATTEMPTS
    _log.warning("%s: %s", row.door, why)
    actions.note_unsent(row, str(why), for_good=for_good, at=at)
    if not isinstance(why, Declined):
        actions.note_failure(row.door, str(why), at=at)


def _senders() -> dict[str, Callable[[Outgoing], None]]:
    """door -> how to send by it, for those that the settings open."""
    found: dict[str, Callable[[Outgoing], None]] = {}
    if server := doors.mail_server():
        found[MAIL] = lambda row: _send_mail(server, row)
    if account := doors.zalo_account():
        found[ZALO] = lambda row: _send_zalo(account, row)
    if gateway := doors.sms_gateway():
        found[SMS] = lambda row: _send_sms(gateway, row)
    if app := doors.city_app():
        found[APP] = lambda row: city_app.push(app, content_out(row), key=row.key)
    return found


def _send_mail(server: mail_out.MailServer, row: Outgoing) -> None:
    content = content_out(row)
    name = city_name(settings.LANGUAGE_CODE)
    mail = answer_mail(content, address=doors.mail_address(), name=name, at=row.made_at)
    # No sender on the envelope: what comes back undelivered must not start a new answer.
    mail_out.send(server, mail, to=content["to"], bounces_to="")


def _send_sms(gateway: sms.Gateway, row: Outgoing) -> None:
    content = content_out(row)
    sms.send(gateway, key=row.key, to=content["to"], text=content["text"])


def _send_zalo(account: zalo.Account, row: Outgoing) -> None:
    content = content_out(row)
    try:
        zalo.send_text(account, _token(account), to=content["to"], text=content["text"])
    except zalo.TokenRefused:
        token = _renewed(account)
        try:
            zalo.send_text(account, token, to=content["to"], text=content["text"])
        except zalo.TokenRefused as why:
            raise Unavailable("the new token is refused as well") from why


def _token(account: zalo.Account) -> str:
    row = Door.objects.filter(name=ZALO).first()
    known = tokens_of(row) if row else {"access": "", "ends": ""}
    if known["access"] and datetime.fromisoformat(known["ends"]) > now():
        return known["access"]
    return _renewed(account)


def _renewed(account: zalo.Account) -> str:
    refresh = actions.claim_renewal(ZALO, at=now())
    if not refresh:
        raise Unavailable("no token, or another process renews it")
    try:
        tokens = zalo.refresh(account, refresh)
    except Declined as why:
        # The message is good; the account has to be let in anew (docs/running/channels.md).
        raise Unavailable("the refresh token is refused") from why
    actions.keep_tokens(ZALO, tokens, at=now())
    return tokens.access

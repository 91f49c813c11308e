"""Messages go out: at least once each, under their own key; a gateway that fails is left alone.

Taken in one transaction, sent outside of any, settled in another. Who dies in between has only
moved `due_at` on: another takes the message when the lease is over.
"""

import logging
from datetime import datetime
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects

from thudo.base.sealing import KeyMissing, keyed_hash
from thudo.connectors import web_push
from thudo.connectors.failures import Failed, Unavailable
from thudo.connectors.web_push import Busy, Gone, Push
from thudo.notices.models import (
    EXPIRED,
    REFUSED,
    SENT,
    VOID,
    WAITING,
    Gateway,
    Message,
    Recipient,
)
from thudo.notices.queries import addresses, keys, telling
from thudo.notices.rules import timing

BATCH = 64
log = logging.getLogger(__name__)


class _Ready(NamedTuple):
    message: Message
    push: Push


def send_messages(*, at: datetime, limit: int = BATCH) -> int:
    """Take and send up to `limit` due messages; how many were taken."""
    taken = _take(at, limit)
    prefetch_related_objects(taken, "notices")
    ready = [one for message in taken if (one := _prepared_safely(message, at))]
    answers = web_push.send_each([one.push for one in ready], keys.sender(), at=at)
    settled = list(zip((one.message for one in ready), answers, strict=True))
    _settle_sent([message for message, answer in settled if answer is None], at)
    for message, answer in settled:
        if answer is not None:
            _settle(message, answer, at)
    return len(taken)


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Drop what ended long ago; how many rows."""
    before = at - timing.KEPT
    old = Message.objects.exclude(state=WAITING).filter(made_at__lt=before)
    dropped = old.delete()[0]
    return dropped + Gateway.objects.filter(rests_until__lt=before).delete()[0]


@transaction.atomic
def _take(at: datetime, limit: int) -> list[Message]:
    ailing = {row.host: row for row in Gateway.objects.filter(failures__gt=0)}
    resting = [host for host, row in ailing.items() if row.rests_until > at]
    due = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=WAITING, due_at__lte=at)
        .exclude(recipient__gateway__in=resting)
        .exclude(Exists(_earlier()))
        .select_related("recipient", "follow")
        .order_by("due_at", "id")
    )
    taken = _one_each(list(due[:limit]), set(ailing) - set(resting))
    for message in taken:
        message.attempts += 1
        message.due_at = at + timing.LEASE
    Message.objects.bulk_update(taken, ["attempts", "due_at"])
    return taken


def _earlier() -> QuerySet[Message]:
    """What the same follow still has to say before: on a screen the last one stands, so an older
    one must never come after a newer."""
    same = Message.objects.filter(follow=OuterRef("follow"), state=WAITING)
    return same.filter(made_at__lt=OuterRef("made_at"))


def _one_each(messages: list[Message], ailing: set[str]) -> list[Message]:
    """All, but of a gateway that has just rested only the first: one try tells enough."""
    tried: set[str] = set()
    taken = []
    for message in messages:
        host = message.recipient.gateway
        if host in tried:
            continue
        taken.append(message)
        if host in ailing:
            tried.add(host)
    return taken


def _prepared_safely(message: Message, at: datetime) -> _Ready | None:
    """As _prepared; one message that cannot be put into words must not hold up the others."""
    try:
        with transaction.atomic():
            return _prepared(message, at)
    except OperationalError:  # The database went away: nothing is wrong with this message.
        raise
    except Exception as wrong:
        # Only of which kind: what it says may hold words of a petition or an address.
        log.error("A message could not be prepared: %s", type(wrong).__name__)  # noqa: TRY400
        _end(message, REFUSED, at, said=f"not prepared: {type(wrong).__name__}")
        return None


def _prepared(message: Message, at: datetime) -> _Ready | None:
    """The push of a message; None when there is nothing to send any more (it is ended then)."""
    if at - message.made_at > timing.LIFE:
        _end(message, EXPIRED, at)
        return None
    told = telling.told(message, at=at)
    if told is None:
        _end(message, VOID, at)
        return None
    try:
        subscription = addresses.subscription_of(message.recipient)
    except KeyMissing as missing:
        _end(message, REFUSED, at, said=f"no key {missing}")
        return None
    topic = web_push.collapse(keyed_hash("notices topic", str(message.follow_id)))
    life = int((timing.LIFE - (at - message.made_at)).total_seconds())
    push = Push(subscription, told.payload(), topic, life, is_urgent=told.is_pressing)
    return _Ready(message, push)


@transaction.atomic
def _settle_sent(messages: list[Message], at: datetime) -> None:
    keys_sent = [message.pk for message in messages]
    Message.objects.filter(pk__in=keys_sent).update(state=SENT, ended_at=at)
    hosts = {message.recipient.gateway for message in messages}
    Gateway.objects.filter(host__in=hosts).delete()


@transaction.atomic
def _settle(message: Message, answer: Failed, at: datetime) -> None:
    if isinstance(answer, Gone):
        # Only while it is still that address: it may have moved meanwhile.
        known = bytes(message.recipient.address_hash)
        Recipient.objects.filter(pk=message.recipient_id, address_hash=known).delete()
    elif isinstance(answer, Unavailable):
        _try_again(message, answer, at)
    else:
        log.warning("A push service refused a message: %s", answer)
        _end(message, REFUSED, at, said=str(answer))


def _try_again(message: Message, answer: Unavailable, at: datetime) -> None:
    asked = answer.wait if isinstance(answer, Busy) else 0
    due_at = at + timing.tried_again(message.attempts, asked)
    Message.objects.filter(pk=message.pk, state=WAITING).update(
        due_at=due_at, said=str(answer)[:200]
    )
    host = message.recipient.gateway
    row, is_new = Gateway.objects.get_or_create(
        host=host, defaults={"failures": 1, "rests_until": at + timing.rests(1)}
    )
    if not is_new:
        rest = at + timing.rests(row.failures + 1)
        Gateway.objects.filter(host=host).update(failures=F("failures") + 1, rests_until=rest)


def _end(message: Message, state: str, at: datetime, said: str = "") -> None:
    Message.objects.filter(pk=message.pk).update(state=state, ended_at=at, said=said[:200])

"""Who wants to hear of what. Nothing of it is the city's business, so nothing is journalled."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.base.errors import NotFound, Refused
from thudo.connectors.web_push import Subscription
from thudo.journal.queries import latest_position
from thudo.notices.models import Follow, Recipient
from thudo.notices.queries import addresses
from thudo.notices.queries.topics import exists, ward_of
from thudo.notices.rules.kept import is_place

# More than anybody reads; keeps a stranger's address from being everybody's.
MOST_FOLLOWS = 40


class TooMany(Refused):
    """This device follows as much as one may."""

    status = 422
    code = "too_many_follows"


@transaction.atomic
def follow_topic(subscription: Subscription, topic: str, *, language: str, at: datetime) -> Follow:
    """Let a browser hear of a topic from now on; asking twice is the same as once.

    The caller has made sure that it may. Raises NotFound for a topic that names nothing, TooMany.
    """
    if not exists(topic):
        raise NotFound(_("There is nothing here to follow."))
    recipient = _recipient(subscription, language, at)
    known = recipient.follows.filter(topic=topic).first()
    if known:
        return known
    if recipient.follows.count() >= MOST_FOLLOWS:
        raise TooMany(_("This device follows very much already. Please stop something first."))
    area = ward_of(topic) if is_place(topic) else ""
    return Follow.objects.create(
        recipient=recipient, topic=topic, area=area, since=latest_position(), created_at=at
    )


@transaction.atomic
def unfollow_topic(endpoint: str, topic: str, *, at: datetime) -> None:  # noqa: ARG001
    """Stop one topic of a browser; what was decided and not sent is not sent any more."""
    recipient = addresses.recipient_at(endpoint)
    if recipient:
        recipient.follows.filter(topic=topic).delete()
        _forget_if_idle(recipient.pk)


@transaction.atomic
def stop_follow(follow: UUID, *, at: datetime) -> None:  # noqa: ARG001
    """Stop one follow by its own name, as the way out in a message does; twice is the same as once."""
    row = Follow.objects.filter(pk=follow).first()
    if row:
        row.delete()
        _forget_if_idle(row.recipient_id)


@transaction.atomic
def move_recipient(endpoint: str, to: Subscription, *, at: datetime) -> None:  # noqa: ARG001
    """The browser has got another address: everything that it follows goes there."""
    recipient = addresses.recipient_at(endpoint)
    if recipient is None:
        raise NotFound(_("There is nothing here to follow."))
    if to.endpoint != endpoint:
        Recipient.objects.filter(
            channel="push", address_hash=addresses.hash_of(to.endpoint)
        ).delete()
    _put_address(recipient, to)
    recipient.save()


def _recipient(subscription: Subscription, language: str, at: datetime) -> Recipient:
    known = addresses.recipient_at(subscription.endpoint)
    row = known or Recipient(created_at=at)
    # The keys may be newer than those we have, and the language is the page's.
    _put_address(row, subscription)
    row.language = language
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Two taps at once: the other one made it.
        return Recipient.objects.get(channel="push", address_hash=row.address_hash)
    return row


def _put_address(row: Recipient, subscription: Subscription) -> None:
    row.address_hash = addresses.hash_of(subscription.endpoint)
    row.key_id, row.sealed = addresses.sealed(subscription)
    row.gateway = urlsplit(subscription.endpoint).hostname or ""


def _forget_if_idle(recipient: UUID) -> None:
    """Who follows nothing is nobody's business: the address is dropped."""
    Recipient.objects.filter(pk=recipient, follows=None).delete()

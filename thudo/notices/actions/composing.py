"""Due notices become messages: what belongs to one place goes together, each key is made once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from thudo.base.identifiers import new_id
from thudo.notices.models import Message, Notice
from thudo.notices.rules.topics import PETITION, kind_of

BATCH = 500


@transaction.atomic
def compose_messages(*, at: datetime, limit: int = BATCH) -> int:
    """Put up to `limit` due notices into messages; how many notices. Several workers share them."""
    due = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(message=None, goes_out_at__lte=at)
        .select_related("follow")
        .order_by("goes_out_at", "position")
    )
    notices = list(due[:limit])
    messages: dict[object, Message] = {}
    for notice in notices:
        notice.message = messages.setdefault(_envelope(notice), _message(notice, at))
    Message.objects.bulk_create(messages.values())
    Notice.objects.bulk_update(notices, ["message"])
    return len(notices)


def _envelope(notice: Notice) -> UUID:
    """Notices of one place share a message; each of one's own petition has its own."""
    return notice.pk if kind_of(notice.follow.topic) == PETITION else notice.follow_id


def _message(notice: Notice, at: datetime) -> Message:
    return Message(
        id=new_id(), recipient_id=notice.recipient_id, follow_id=notice.follow_id, made_at=at,
        due_at=at,
    )  # fmt: skip

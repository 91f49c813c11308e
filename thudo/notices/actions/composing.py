"""Due notices become messages: what one follow has to say at a time goes together, under one key."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from thudo.base.identifiers import new_id
from thudo.notices.models import Message, Notice

BATCH = 500


@transaction.atomic
def compose_messages(*, at: datetime, limit: int = BATCH) -> int:
    """Put up to `limit` due notices into messages; how many notices. Several workers share them."""
    due = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(message=None, goes_out_at__lte=at)
        .order_by("goes_out_at", "position")
    )
    notices = list(due[:limit])
    messages: dict[UUID, Message] = {}
    for notice in notices:
        notice.message = messages.setdefault(notice.follow_id, _message(notice, at))
    Message.objects.bulk_create(messages.values())
    Notice.objects.bulk_update(notices, ["message"])
    return len(notices)


def _message(notice: Notice, at: datetime) -> Message:
    return Message(
        id=new_id(), recipient_id=notice.recipient_id, follow_id=notice.follow_id, made_at=at,
        due_at=at,
    )  # fmt: skip

"""Due notices become messages: what one follow has to say at a time goes together, under one key."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from thudo.base.identifiers import new_id
from thudo.notices.models import EXPIRED, WAITING, Message, Notice
from thudo.notices.rules.timing import LIFE

BATCH = 500


@transaction.atomic
def compose_messages(*, at: datetime, limit: int = BATCH) -> int:
    """Put up to `limit` due notices into messages; how many notices. Several workers share them.

    What happened longer ago than it is news ends at once: after a standstill nobody is told it.
    """
    due = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(message=None, goes_out_at__lte=at)
        .order_by("goes_out_at", "position")
    )
    notices = list(due[:limit])
    messages: dict[tuple[UUID, bool], Message] = {}
    for notice in notices:
        key = notice.follow_id, at - notice.decided_at > LIFE
        notice.message = messages.setdefault(key, _message(notice, at))
    Message.objects.bulk_create(messages.values())
    Notice.objects.bulk_update(notices, ["message"])
    return len(notices)


def _message(notice: Notice, at: datetime) -> Message:
    is_over = at - notice.decided_at > LIFE
    return Message(
        id=new_id(), recipient_id=notice.recipient_id, follow_id=notice.follow_id, made_at=at,
        due_at=at, state=EXPIRED if is_over else WAITING, ended_at=at if is_over else None,
    )  # fmt: skip

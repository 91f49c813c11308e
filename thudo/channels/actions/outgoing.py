"""What goes out: put beside the deed that it tells of, claimed for a minute, marked when taken."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from thudo.base.identifiers import new_id
from thudo.base.sealing import seal, unseal
from thudo.channels.models import Outgoing
from thudo.channels.queries.waiting import waiting_outgoing
from thudo.channels.rules import MOST_TRIES, pause

# A process that died while it sent is waited for this long.
_LEASE = timedelta(seconds=90)


@transaction.atomic
def put_out(
    door: str,
    key: str,
    content: dict[str, Any],
    *,
    thread: str = "",
    position: int = 0,
    peer: bytes | None = None,
    at: datetime,
) -> None:
    """Let a message go out, once for each key: call it in the deed's own transaction."""
    pk = new_id()
    key_id, sealed = seal(json.dumps(content).encode(), about=pk.bytes)
    row = Outgoing(
        id=pk, door=door, key=key, thread=thread, position=position, peer=peer, key_id=key_id, sealed=sealed,
        made_at=at, due_at=at,
    )  # fmt: skip
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def claim_outgoing(doors: Iterable[str], *, at: datetime) -> Outgoing | None:
    """One message to send now; nobody else gets it for a minute and a half."""
    row = waiting_outgoing(doors, at).select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    Outgoing.objects.filter(pk=row.pk).update(due_at=at + _LEASE, tries=F("tries") + 1)
    row.tries += 1
    return row


def content_of(row: Outgoing) -> dict[str, Any]:
    """What is to be sent, in clear: only ever in memory."""
    plain = unseal(row.key_id, bytes(row.sealed or b""), about=row.pk.bytes)
    found: dict[str, Any] = json.loads(plain)
    return found


def note_sent(pk: UUID, *, at: datetime) -> None:
    """The neighbour took it: its words are forgotten, its key stays."""
    Outgoing.objects.filter(pk=pk).update(
        state="sent", sent_at=at, sealed=None, key_id="", failure=""
    )


def note_unsent(row: Outgoing, why: str, *, for_good: bool, at: datetime) -> None:
    """The neighbour did not take it: later again, or never, which a person sees."""
    Outgoing.objects.filter(pk=row.pk, state="waiting").update(
        state="dropped" if for_good else "waiting",
        failure=why[:200],
        due_at=at + pause(row.tries),
    )


def is_tired(row: Outgoing) -> bool:
    """Whether it was tried so often that a person should know."""
    return row.tries >= MOST_TRIES

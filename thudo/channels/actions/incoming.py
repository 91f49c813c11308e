"""What comes in: written down whole, then read once, in one transaction with what came of it."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from thudo.base.identifiers import new_id
from thudo.base.sealing import seal, unseal
from thudo.channels.actions import letters, talking
from thudo.channels.actions.doors import move_on
from thudo.channels.models import Incoming, Outgoing
from thudo.channels.queries.waiting import matters_today
from thudo.channels.rules import MAIL, MOST_MATTERS, MOST_TRIES, SMS, ZALO, pause

Fetch = Callable[[UUID], Mapping[str, bytes]]
_log = logging.getLogger(__name__)
# What a machine wrote is kept this long, in case it was a person after all.
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a mailbox a mail lay."""

    validity: int
    uid: int


@transaction.atomic
def keep_incoming(
    door: str,
    key: str,
    content: bytes,
    *,
    peer: bytes,
    is_cut: bool = False,
    place: Place | None = None,
    at: datetime,
) -> bool:
    """Write down what came, once for each key, and how far its mailbox is read, both or neither.
    Whether it is new."""
    pk = new_id()
    key_id, sealed = seal(content, about=pk.bytes)
    row = Incoming(
        id=pk, door=door, key=key, peer=peer, key_id=key_id, sealed=sealed, is_cut=is_cut,
        came_at=at, due_at=at,
    )  # fmt: skip
    Incoming.objects.bulk_create([row], ignore_conflicts=True)
    if place:
        move_on(door, place.validity, place.uid)
    return Incoming.objects.filter(pk=pk).exists()


def read_incoming(pk: UUID, fetch: Fetch = lambda _pk: {}, *, at: datetime) -> bool:
    """Make of one message what it asks for; False when another process is at it, or it is done.

    `fetch`: gets what lies at the addresses that it names, before the transaction; b"" for what
    cannot be had. What fails comes again later; after several times it waits for a person, whole.
    """
    try:
        fetched = fetch(pk)
        with transaction.atomic():
            return _read(pk, fetched, at)
    except Exception:
        _log.exception("a message could not be read; it is kept")
        _put_off(pk, at)
        return False


def content_of(row: Incoming) -> bytes:
    """The message in clear: only ever in memory."""
    return unseal(row.key_id, bytes(row.sealed or b""), about=row.pk.bytes)


@transaction.atomic
def retry_waiting(door: str, *, at: datetime) -> int:
    """A member of staff lets what was held, stuck or dropped go on; how many."""
    came = Incoming.objects.filter(door=door, state__in=("held", "stuck"), sealed__isnull=False)
    went = Outgoing.objects.filter(door=door, sealed__isnull=False).filter(
        Q(state="dropped") | Q(state="waiting")
    )
    # "released": the count of a day does not hold it again.
    count = came.update(state="waiting", tries=0, due_at=at, failure="released")
    return count + went.update(state="waiting", tries=0, due_at=at)


@transaction.atomic
def forget_contents(*, at: datetime) -> int:
    """Forget the words of what a machine wrote a month ago; how many."""
    old = Incoming.objects.filter(sealed__isnull=False, state="passed", came_at__lt=at - _KEPT)
    return old.update(sealed=None, key_id="")


def _read(pk: UUID, fetched: Mapping[str, bytes], at: datetime) -> bool:
    row = (
        Incoming.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, state="waiting", due_at__lte=at)
        .first()
    )
    if row is None:
        return False
    if row.failure != "released" and matters_today(bytes(row.peer), at) >= MOST_MATTERS:
        _end(row, "held", "")
        return True
    read = _READERS[row.door]
    state, number = read(row, content_of(row), fetched, at)
    _end(row, state, number)
    return True


def _letter(row: Incoming, content: bytes, _: Mapping[str, bytes], at: datetime) -> tuple[str, str]:
    return letters.take_letter(row, content, at=at)


def _zalo(
    row: Incoming, content: bytes, fetched: Mapping[str, bytes], at: datetime
) -> tuple[str, str]:
    return talking.take_message(row, json.loads(content), fetched, at=at)


_READERS: dict[str, Callable[[Incoming, bytes, Mapping[str, bytes], datetime], tuple[str, str]]] = {
    MAIL: _letter, ZALO: _zalo, SMS: _zalo,
}  # fmt: skip


def _end(row: Incoming, state: str, number: str) -> None:
    row.state, row.number = state, number
    if state == "taken":
        # From here on the petition holds the words; only the key stays.
        row.sealed, row.key_id = None, ""
    row.save()


def _put_off(pk: UUID, at: datetime) -> None:
    row = Incoming.objects.filter(pk=pk, state="waiting").first()
    if row is None:
        return
    row.tries += 1
    row.due_at = at + pause(row.tries)
    row.state = "stuck" if row.tries >= MOST_TRIES else "waiting"
    row.failure = "see the log"
    row.save()

"""What is remembered of a door itself: how far its mailbox was read, its tokens, its health."""

import json
from datetime import datetime, timedelta

from django.db import transaction

from thudo.base.sealing import seal, unseal
from thudo.channels.models import Door
from thudo.connectors.zalo import Tokens

_LEASE = timedelta(seconds=60)
# A token is renewed a little before its end.
_EARLY = timedelta(minutes=10)


def start_mailbox(door: str, validity: int) -> int:
    """The last UID that was taken from the mailbox; 0 when the server numbers it anew.

    After that everything is read again: what came before is known by its key.
    """
    row, _made = Door.objects.get_or_create(name=door)
    if row.place.get("validity") == validity:
        return int(row.place.get("uid", 0))
    Door.objects.filter(name=door).update(place={"validity": validity, "uid": 0})
    return 0


def move_on(door: str, validity: int, uid: int) -> None:
    """The mailbox was read up to `uid`; within the transaction that keeps the mail, if any."""
    with transaction.atomic():
        row = Door.objects.select_for_update().get(name=door)
        if row.place.get("validity") == validity and row.place.get("uid", 0) < uid:
            Door.objects.filter(name=door).update(place={"validity": validity, "uid": uid})


def note_seen(door: str, *, at: datetime) -> None:
    """The door works."""
    Door.objects.update_or_create(name=door, defaults={"seen_at": at})


def note_failure(door: str, why: str, *, at: datetime) -> None:
    """The door did not work; `why` holds no secret and no person."""
    Door.objects.update_or_create(name=door, defaults={"failed_at": at, "failure": why[:200]})


@transaction.atomic
def keep_tokens(door: str, tokens: Tokens, *, at: datetime) -> None:
    """Keep a door's tokens, sealed; the old refresh token is worthless from now on."""
    ends = at + timedelta(seconds=tokens.seconds) - _EARLY
    plain = {"access": tokens.access, "refresh": tokens.refresh, "ends": ends.isoformat()}
    key_id, sealed = seal(json.dumps(plain).encode(), about=door.encode())
    row, _made = Door.objects.select_for_update().get_or_create(name=door)
    row.key_id, row.sealed = key_id, sealed
    row.place = {name: value for name, value in row.place.items() if name != "renewing_until"}
    row.save()


@transaction.atomic
def claim_renewal(door: str, *, at: datetime) -> str:
    """The refresh token for the one process that may use it now; "" for every other."""
    row = Door.objects.select_for_update().filter(name=door).first()
    if row is None or row.sealed is None:
        return ""
    busy = row.place.get("renewing_until", "")
    if busy and datetime.fromisoformat(busy) > at:
        return ""
    row.place = {**row.place, "renewing_until": (at + _LEASE).isoformat()}
    row.save()
    return tokens_of(row)["refresh"]


def tokens_of(row: Door) -> dict[str, str]:
    """access, refresh, ends; all "" when none were given yet."""
    if row.sealed is None:
        return {"access": "", "refresh": "", "ends": ""}
    plain = unseal(row.key_id, bytes(row.sealed), about=row.name.encode())
    found: dict[str, str] = json.loads(plain)
    return found

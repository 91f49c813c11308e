"""What waits: messages to be read, messages to be sent, conversations that nobody ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from thudo.base.sealing import keyed_hash
from thudo.channels.models import Conversation, Door, Incoming, Known, Outgoing

_DAY = timedelta(days=1)


def peer_of(door: str, address: str) -> bytes:
    """Who is at the other end, as a keyed hash: enough to count, not to know."""
    return keyed_hash("channel peer", f"{door}:{address.lower()}")


def waiting_incoming(at: datetime, limit: int) -> list[UUID]:
    """Messages to be read now, the oldest first."""
    rows = Incoming.objects.filter(state="waiting", due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("pk", flat=True)[:limit])


def waiting_outgoing(doors: Iterable[str], at: datetime) -> QuerySet[Outgoing]:
    """Messages to be sent now: of each thread only the first that still waits."""
    earlier = Q(position__lt=OuterRef("position")) | Q(
        position=OuterRef("position"), id__lt=OuterRef("id")
    )
    before = Outgoing.objects.filter(
        earlier, door=OuterRef("door"), thread=OuterRef("thread"), state="waiting"
    ).exclude(thread="")
    rows = Outgoing.objects.filter(door__in=list(doors), state="waiting", due_at__lte=at)
    return rows.exclude(Exists(before)).order_by("due_at", "position", "id")


def matters_today(peer: bytes, at: datetime) -> int:
    """How many messages of this sender were taken within a day."""
    rows = Incoming.objects.filter(peer=peer, came_at__gt=at - _DAY, state="taken")
    return rows.count()


def answers_today(peer: bytes, at: datetime) -> int:
    """How many answers this sender was given within a day."""
    return Outgoing.objects.filter(peer=peer, made_at__gt=at - _DAY).count()


def ended_conversations(at: datetime, limit: int) -> list[int]:
    """Conversations whose time is over, the oldest first."""
    rows = Conversation.objects.filter(expires_at__lte=at).order_by("expires_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def codes_of(numbers: Iterable[str], source: str) -> dict[str, str]:
    """number -> the code that another system knows it under."""
    rows = Known.objects.filter(number__in=list(numbers), source=source)
    return dict(rows.values_list("number", "code"))


def number_known_as(source: str, code: str) -> str:
    """The petition that another system calls `code`; "" for none."""
    found = Known.objects.filter(source=source, code=code).values_list("number", flat=True).first()
    return found or ""


@dataclass(frozen=True, slots=True)
class DoorHealth:
    """How a door does: counts of messages by what became of them, and when it last worked."""

    name: str
    is_open: bool
    seen_at: datetime | None
    failed_at: datetime | None
    failure: str
    came_at: datetime | None
    sent_at: datetime | None
    waiting_since: datetime | None
    unread: int
    held: int
    stuck: int
    passed: int
    unsent: int
    dropped: int

    @property
    def is_well(self) -> bool:
        """Whether nothing asks for a person: no failure since it last worked, nothing stuck."""
        is_down = self.failed_at and (self.seen_at is None or self.failed_at > self.seen_at)
        return not (is_down or self.held or self.stuck or self.dropped)


def health(doors: Iterable[str], opened: Iterable[str]) -> list[DoorHealth]:
    """How each door does."""
    rows = {row.name: row for row in Door.objects.defer("sealed")}
    came = _counted(Incoming.objects.all(), ("waiting", "held", "stuck", "passed"), "came_at")
    went = _counted(Outgoing.objects.all(), ("waiting", "dropped"), "sent_at")
    since = dict(
        Outgoing.objects.filter(state="waiting").values_list("door").annotate(since=Min("made_at"))
    )
    is_open = set(opened)
    return [
        _health(name, name in is_open, rows.get(name) or Door(name=name), came.get(name, {}),
                went.get(name, {}), since.get(name))
        for name in doors
    ]  # fmt: skip


def _counted(
    rows: "QuerySet[Any]", states: Iterable[str], latest: str
) -> dict[str, dict[str, Any]]:
    """door -> how many are in each state, and the latest instant."""
    counts = {f"count_{state}": Count("pk", filter=Q(state=state)) for state in states}
    found = rows.values("door").annotate(latest=Max(latest), **counts)
    return {row["door"]: dict(row) for row in found}


def _health(
    name: str,
    is_open: bool,  # noqa: FBT001
    row: Door,
    came: dict[str, Any],
    went: dict[str, Any],
    since: datetime | None,
) -> DoorHealth:
    return DoorHealth(
        name=name, is_open=is_open, seen_at=row.seen_at, failed_at=row.failed_at,
        failure=row.failure, came_at=came.get("latest"), sent_at=went.get("latest"),
        waiting_since=since, unread=came.get("count_waiting", 0), held=came.get("count_held", 0),
        stuck=came.get("count_stuck", 0), passed=came.get("count_passed", 0),
        unsent=went.get("count_waiting", 0), dropped=went.get("count_dropped", 0),
    )  # fmt: skip

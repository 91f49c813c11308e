"""The last entries, kept in memory so that a stream can go on where the last one ended."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from thudo.journal.rules import JournalEntry, read_body
from thudo.live import rules

KEPT = 20_000


@dataclass(slots=True)
class Event:
    """An entry's bytes with its topics; thousands are kept, so nothing decoded stays with them."""

    position: int
    at: datetime
    body: bytes
    open_topics: tuple[str, ...]
    staff_topics: tuple[str, ...]
    # The session that this entry ends, if it does.
    revokes: str = ""
    # The two forms while they are being fanned out: (white list, all).
    _frames: dict[bool, bytes] = field(default_factory=dict)

    def frame_for(self, topics: frozenset[str]) -> bytes:
        """What a stream that follows `topics` is sent: the fuller form where a topic allows it."""
        to_staff = not topics.isdisjoint(self.staff_topics)
        if not to_staff and topics.isdisjoint(self.open_topics):
            return b""
        if to_staff not in self._frames:
            entry = read_body(self.position, self.at, self.body)
            self._frames[to_staff] = rules.frame(entry, to_staff=to_staff)
        return self._frames[to_staff]

    def forget_frames(self) -> None:
        """Let go of the forms once they are on their way."""
        self._frames = {}


def event_of(entry: JournalEntry, body: bytes) -> Event:
    """An entry with the topics that it appears on."""
    topics = rules.open_topics(entry), rules.staff_topics(entry)
    return Event(entry.position, entry.at, body, *topics, rules.revoked_session(entry))


class Ring:
    """Events in order of position; the oldest go when there are more than `kept`."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._events: list[Event] = []
        # What lies before the first event kept was here and went, or was never read.
        self.forgotten = 0
        self.last = 0

    def start_after(self, position: int) -> None:
        """Begin with an empty ring at a position of the journal."""
        self._events.clear()
        self.forgotten = self.last = position

    def add(self, event: Event) -> None:
        """Add the next event."""
        self._events.append(event)
        self.last = event.position
        # Cutting a list costs its length: cut a quarter at a time.
        if len(self._events) > self._kept + self._kept // 4:
            del self._events[: -self._kept]
            self.forgotten = self._events[0].position - 1

    def after(self, position: int) -> list[Event] | None:
        """The events after a position; None when some of them are gone (or it is not ours)."""
        # A page may know a position that this process reads a moment later.
        if position < self.forgotten or position > self.last + self._kept:
            return None
        return self._events[bisect_right(self._events, position, key=_position) :]


def _position(event: Event) -> int:
    return event.position

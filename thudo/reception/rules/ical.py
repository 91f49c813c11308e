"""iCalendar (RFC 5545, RFC 5546) in UTC: one appointment, or a list of days to subscribe to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT. `sequence` grows with every change; `alarms`: how long before it begins."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    sequence: int
    summary: str
    place: str
    words: str
    address: str
    organiser: str
    organiser_address: str
    is_cancelled: bool = False
    alarms: tuple[timedelta, ...] = ()


def calendar_file(
    events: Sequence[Event], *, method: str, product: str, name: str = "", every: str = ""
) -> str:
    """The whole file with CRLF; `name` and `every` (a duration) are for subscribers."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{text(product)}", "CALSCALE:GREGORIAN",
             f"METHOD:{method}"]  # fmt: skip
    if name:
        lines += [f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}"]
    if every:
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{every}", f"X-PUBLISHED-TTL:{every}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(event.uid)}"
    yield f"DTSTAMP:{instant(event.stamped_at)}"
    yield f"LAST-MODIFIED:{instant(event.stamped_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{instant(event.starts_at)}"
    yield f"DTEND:{instant(event.ends_at)}"
    yield f"SUMMARY:{text(event.summary)}"
    yield f"LOCATION:{text(event.place)}"
    yield f"DESCRIPTION:{text(event.words)}"
    yield f"URL:{event.address}"
    yield f"ORGANIZER;CN={parameter(event.organiser)}:{event.organiser_address}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if event.is_cancelled else 'OPAQUE'}"
    for before in () if event.is_cancelled else event.alarms:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{text(event.summary)}",
                    f"TRIGGER:-{duration(before)}", "END:VALARM")  # fmt: skip
    yield "END:VEVENT"


def instant(at: datetime) -> str:
    """20261203T013000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def duration(length: timedelta) -> str:
    """P1D, PT2H, PT90M: whole days, hours or minutes, whichever comes out even."""
    minutes = int(length.total_seconds() // 60)
    if minutes % 1440 == 0:
        return f"P{minutes // 1440}D"
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def text(words: str) -> str:
    """A value of type TEXT: its separators escaped, its lines kept, control signs left out."""
    kept = "".join(sign for sign in words.replace("\r\n", "\n") if sign == "\n" or sign >= " ")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(sign, written)
    return kept


def parameter(words: str) -> str:
    """A quoted parameter value, which may hold no quote and no control sign."""
    return '"' + "".join(sign for sign in words if sign >= " " and sign != '"') + '"'


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no sign of it cut in two."""
    piece, size, room = "", 0, _OCTETS
    for sign in line:
        octets = len(sign.encode())
        if size + octets > room:
            yield piece
            # The space that marks a continuation is one of its octets.
            piece, size, room = " ", 1, _OCTETS
        piece, size = piece + sign, size + octets
    yield piece

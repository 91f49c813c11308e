"""Calendar files (iCalendar, RFC 5545 and RFC 5546), in UTC: one appointment, or a list to subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, vCalAddress, vDuration
from icalendar import Event as Entry

PUBLISH, CANCEL = "PUBLISH", "CANCEL"


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT. `sequence` grows with every change; `alarms`: how long before it begins;
    `point`: longitude and latitude; `is_busy`: whether it takes up the reader's time."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    sequence: int
    summary: str
    place: str
    words: str
    address: str
    organiser: str = ""
    organiser_address: str = ""
    is_cancelled: bool = False
    is_busy: bool = True
    point: tuple[float, float] | None = None
    alarms: tuple[timedelta, ...] = ()


def calendar_file(
    events: Sequence[Event],
    *,
    product: str,
    method: str = PUBLISH,
    name: str = "",
    every: timedelta | None = None,
) -> str:
    """The whole file with CRLF; `name` and `every` (how often to ask again) are for subscribers."""
    calendar = Calendar()
    head = {"version": "2.0", "prodid": plain(product), "calscale": "GREGORIAN", "method": method}
    head |= {"name": plain(name), "x-wr-calname": plain(name)} if name else {}
    for key, value in head.items():
        calendar.add(key, value)
    if every:
        calendar.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(every))
    for event in events:
        calendar.add_component(_entry(event))
    return str(calendar.to_ical(sorted=False), "utf-8")


def plain(words: str) -> str:
    """The words without control signs, which no calendar may hold; line ends stay."""
    return "".join(s for s in words.replace("\r\n", "\n") if s == "\n" or s.isprintable())


def _entry(event: Event) -> Entry:
    entry = Entry()
    fields = {
        "uid": plain(event.uid), "dtstamp": event.stamped_at, "last-modified": event.stamped_at,
        "sequence": event.sequence, "dtstart": event.starts_at, "dtend": event.ends_at,
        "summary": plain(event.summary), "location": plain(event.place),
        "description": plain(event.words), "url": event.address,
        "status": "CANCELLED" if event.is_cancelled else "CONFIRMED",
        "transp": "OPAQUE" if event.is_busy and not event.is_cancelled else "TRANSPARENT",
    }  # fmt: skip
    for key, value in fields.items():
        entry.add(key, value.astimezone(UTC) if isinstance(value, datetime) else value)
    if event.point:
        longitude, latitude = event.point
        entry.add("geo", (latitude, longitude))
    if event.organiser_address:
        organiser = vCalAddress(event.organiser_address)
        organiser.params["CN"] = plain(event.organiser).replace("\n", " ")
        entry.add("organizer", organiser)
    for before in () if event.is_cancelled else event.alarms:
        entry.add_component(_alarm(before, event.summary))
    return entry


def _alarm(before: timedelta, words: str) -> Alarm:
    alarm = Alarm()
    for key, value in (("action", "DISPLAY"), ("description", plain(words)), ("trigger", -before)):
        alarm.add(key, value)
    return alarm

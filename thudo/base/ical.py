"""iCalendar (RFC 5545) as text: values, folded lines, a file of events. In UTC; pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

_OCTETS = 75


def calendar(product: str, events: Iterable[Iterable[str]], *, name: str = "") -> str:
    """A VCALENDAR with CRLF; each event is the lines between its BEGIN and END, not folded yet."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{value(product)}", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]  # fmt: skip
    if name:
        lines += [f"NAME:{value(name)}", f"X-WR-CALNAME:{value(name)}"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def stamp(at: datetime) -> str:
    """An instant: 20261203T013000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def value(words: str) -> str:
    """A TEXT value: separators escaped, line ends kept, control signs left out."""
    table = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
    plain = words.replace("\r\n", "\n")
    return "".join(table.get(sign, sign) for sign in plain if sign >= " " or sign == "\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets; no sign is cut in two."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    yield piece

"""What a caller gives: parameters of address and body, cleaned, the empty ones counted as absent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from thudo.base.folding import clean
from thudo.directory.queries import directory
from thudo.standards.open311.mapping.errors import Wrong, unknown_service
from thudo.standards.open311.mapping.services import UNDECIDED

SPAN = timedelta(days=90)
MOST = 1000
OPEN, CLOSED = "open", "closed"
_ATTRIBUTE = re.compile(r"^attribute\[([A-Za-z0-9_-]+)\](\[\d*\])?$")
_DATE = re.compile(r"^\d{4}(-\d\d(-\d\d)?)?$")
_CLOCK = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters by name, each with all its values; none of them is empty."""

    values: Mapping[str, Sequence[str]]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, ("",))[-1]

    def some(self, name: str) -> list[str]:
        """What stands in a list: given several times, or once with commas."""
        rows = self.values.get(name, ())
        return [part.strip() for row in rows for part in row.split(",") if part.strip()]

    def each(self, *names: str) -> list[str]:
        """Every value under any of these names, commas being a part of it."""
        return [value for name in names for value in self.values.get(name, ())]

    def attributes(self) -> dict[str, list[str]]:
        """attribute[CODE]=value, and attribute[CODE][]=value for several."""
        found: dict[str, list[str]] = {}
        for name, values in self.values.items():
            if match := _ATTRIBUTE.match(name):
                found.setdefault(match[1], []).extend(values)
        return found


def given(*sources: QueryDict) -> Given:
    """The parameters of address and body; of one in both, the later source is heard."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for name, values in source.lists():
            kept = [text for value in values if (text := clean(str(value)))]
            if kept:
                found[name] = kept
    return Given(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: filed from `start` to `end` (both counted in), of these services and status."""

    start: datetime
    end: datetime
    services: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    page: int = 1
    size: int = MOST


def wanted(asked: Given, at: datetime) -> Wanted:
    """The filters of GET requests; Wrong or NotFound for one that cannot be."""
    start, end = window(asked, at, default=SPAN)
    statuses = frozenset(word.lower() for word in asked.some("status"))
    if not statuses <= {OPEN, CLOSED}:
        raise Wrong(_("status must be open or closed."))
    services = frozenset(asked.some("service_code"))
    for code in services - {UNDECIDED}:
        if code not in directory().services:
            raise unknown_service(code)
    page, size = pages(asked)
    return Wanted(start, end, services, statuses, page, size)


def pages(asked: Given) -> tuple[int, int]:
    """Which page, and how long one is."""
    return _number(asked, "page", 1, 1_000_000), _number(asked, "page_size", MOST, MOST)


def window(asked: Given, at: datetime, *, default: timedelta) -> tuple[datetime, datetime]:
    """From start_date to end_date; the missing end lies 90 days off, or both end now."""
    start, end = moment(asked, "start_date"), moment(asked, "end_date", is_end=True)
    if start is None:
        start = end - SPAN if end else at - default
    if end is None:
        end = start + SPAN if asked["start_date"] else at
    if start > end:
        raise Wrong(_("start_date lies after end_date."))
    if end - start > SPAN:
        raise Wrong(_("start_date and end_date may not span more than 90 days."))
    return start, end


def moment(asked: Given, name: str, *, is_end: bool = False) -> datetime | None:
    """A W3C date and time; without a zone it is the city's. `is_end`: a bare date means all of it."""
    text = asked[name]
    if not text:
        return None
    try:
        at = _day(text, is_end=is_end) if _DATE.match(text) else _clock(text)
        # The ends of the calendar have no neighbour in another zone.
        if not 1900 <= at.year <= 9000:
            raise ValueError(text)  # noqa: TRY301
    except ValueError as bad:
        sentence = _("%(name)s must be a date and time such as 2010-01-01T00:00:00Z.")
        raise Wrong(sentence % {"name": name}) from bad
    return at


def _day(text: str, *, is_end: bool) -> datetime:
    start = datetime.fromisoformat((text + "-01-01")[:10]).replace(tzinfo=_zone())
    return start + timedelta(days=1, microseconds=-1) if is_end and len(text) == 10 else start


def _clock(text: str) -> datetime:
    # A plus that nobody escaped arrives as a space.
    text = text.replace(" ", "+")
    if not _CLOCK.match(text):
        raise ValueError(text)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _number(asked: Given, name: str, default: int, most: int) -> int:
    text = asked[name] or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Wrong(
            _("%(name)s must be a number from 1 to %(most)s.") % {"name": name, "most": most}
        )
    return int(text)

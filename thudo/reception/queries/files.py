"""Bookings and days as calendar files and feeds."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thudo.base import phrases
from thudo.base.ical import CANCEL, PUBLISH, Event, calendar_file
from thudo.directory.queries import post_title, unit_name
from thudo.reception.models import Booking
from thudo.reception.queries.days import DayLine, coming_days
from thudo.reception.queries.plan import reception_rules
from thudo.reception.rules import HOLDING
from thudo.reception.rules.atom import Item, feed

PRODUCT = "-//thudo//reception//EN"


def booking_file(booking: Booking, site: str) -> tuple[str, str]:
    """(file, method). Neither the matter nor the secret link goes into a calendar, which families
    and offices share."""
    method = PUBLISH if booking.state in HOLDING else CANCEL
    day = booking.day
    reminders = reception_rules().get("reminders", ())
    event = Event(
        uid=f"booking-{booking.pk}@{_host(site)}",
        starts_at=booking.slot.starts_at,
        ends_at=booking.slot.ends_at,
        stamped_at=booking.changed_at,
        sequence=booking.sequence,
        summary=_("Citizen reception: %(host)s") % {"host": post_title(day.host)},
        place=phrases.say(day.place),
        words=_("Number %(number)s. Please bring your papers and be there ten minutes before.")
        % {"number": phrases.pairs(booking.number)},
        address=f"{site}/reception/units/{day.unit}",
        organiser=unit_name(day.unit),
        organiser_address=f"{site}/reception/units/{day.unit}",
        is_cancelled=method == CANCEL,
        alarms=tuple(timedelta(minutes=minutes) for minutes in reminders),
    )
    return calendar_file([event], method=method, product=PRODUCT), method


def days_file(unit: str, site: str, at: datetime) -> str:
    """The coming days of a unit ("" for the city) to subscribe to."""
    events = [_day_event(line, site) for line in coming_days(at, unit=unit)]
    return calendar_file(
        events, method=PUBLISH, product=PRODUCT, name=feed_title(unit), every=timedelta(hours=12)
    )


def days_feed(unit: str, site: str, at: datetime) -> bytes:
    """The coming days of a unit ("" for the city) as Atom."""
    page = f"{site}/reception/units/{unit}" if unit else f"{site}/reception/"
    address = f"{page}/days.atom" if unit else f"{page}days.atom"
    return feed(
        [_item(line, site) for line in coming_days(at, unit=unit)],
        key=address, title=feed_title(unit), author=unit_name(unit) or _host(site),
        address=address, page=page, language=get_language() or "", empty_at=at,
    )  # fmt: skip


def feed_title(unit: str) -> str:
    """What a subscription is called."""
    title = _("Citizen reception days")
    return f"{title}: {unit_name(unit)}" if unit else title


def _day_event(line: DayLine, site: str) -> Event:
    day = line.day
    return Event(
        uid=f"day-{day.pk}@{_host(site)}", starts_at=line.starts_at, ends_at=line.ends_at,
        stamped_at=day.called_off_at or day.published_at, sequence=day.version - 1,
        summary=_("Citizen reception: %(host)s") % {"host": line.host}, place=line.place,
        words=day.reason or day.legal_basis, address=f"{site}/reception/days/{day.pk}",
        organiser=line.unit, organiser_address=f"{site}/reception/units/{day.unit}",
        is_cancelled=line.is_called_off,
    )  # fmt: skip


def _item(line: DayLine, site: str) -> Item:
    day = line.day
    title = f"{phrases.dated(line.starts_at)}: {line.host}"
    if line.is_called_off:
        title = _("Called off: %(day)s") % {"day": title}
    return Item(
        key=f"urn:uuid:{day.pk}", title=title, summary=day.reason or line.place,
        address=f"{site}/reception/days/{day.pk}", published_at=day.published_at,
        updated_at=day.called_off_at or day.published_at,
    )  # fmt: skip


def _host(site: str) -> str:
    return urlsplit(site).hostname or "localhost"

"""Instants, lengths and numbers as people read them, in the language that is active."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import numberformat
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

# Within this distance a day and a month are enough; the promise stays on one line.
_YEAR_AFTER = timedelta(days=300)


def instant(at: datetime, now: datetime) -> str:
    """'16:30 Monday 23 Feb' in the city's zone; the year only when far from `now`."""
    local = at.astimezone(city_zone())
    return gettext("%(hour)s %(weekday)s %(day)s") % {
        "hour": f"{local:%H:%M}",
        "weekday": weekday(local),
        "day": date(at, now),
    }


def dated(at: datetime) -> str:
    """'16:30 Monday 23 Feb 2026': with its year, for what is printed and kept."""
    return instant(at, at + 2 * _YEAR_AFTER)


def promise(at: datetime, now: datetime) -> str:
    """'before 16:30 Monday 23 Feb': a promise is an instant, never a countdown."""
    return gettext("before %(instant)s") % {"instant": instant(at, now)}


def hour(at: datetime) -> str:
    """'16:30' in the city's zone."""
    return f"{at.astimezone(city_zone()):%H:%M}"


def day(at: datetime, now: datetime) -> str:
    """'Monday 23 Feb' in the city's zone; the year only when far from `now`."""
    return instant(at, now).split(" ", 1)[1]


def date(at: datetime, now: datetime) -> str:
    """'23 Feb' in the city's zone, for rows; the year only when far from `now`."""
    local = at.astimezone(city_zone())
    near = pgettext("day and month, Django date format", "j M")
    far = pgettext("day, month and year, Django date format", "j M Y")
    return date_format(local, far if abs(at - now) > _YEAR_AFTER else near)


def weekday(local: datetime) -> str:
    """The day's name in running text (not every language capitalises it)."""
    return (
        pgettext("weekday", "Monday"),
        pgettext("weekday", "Tuesday"),
        pgettext("weekday", "Wednesday"),
        pgettext("weekday", "Thursday"),
        pgettext("weekday", "Friday"),
        pgettext("weekday", "Saturday"),
        pgettext("weekday", "Sunday"),
    )[local.weekday()]


def working_time(minutes: float) -> str:
    """'3 hours 20 minutes of working time'; under a minute says so."""
    total = int(minutes)
    hours, rest = divmod(total, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": count(hours)})
    if rest:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    if not parts:
        return gettext("less than a minute of working time")
    return gettext("%(length)s of working time") % {"length": " ".join(parts)}


def pairs(number: str) -> str:
    """'04 12 77 38 16': a number as it is read out."""
    text = str(number)
    return " ".join(text[i : i + 2] for i in range(0, len(text), 2))


def count(number: float) -> str:
    """1234 as '1.234' or '1,234', as the language writes it."""
    separator = get_format("THOUSAND_SEPARATOR")
    # Not every language of Django groups by itself (Vietnamese does not), so it is said here.
    return numberformat.format(
        number,
        get_format("DECIMAL_SEPARATOR"),
        grouping=3,
        thousand_sep=separator,
        force_grouping=True,
    )


def say(words: dict[str, str] | str | None) -> str:
    """The words of the active language out of {'vi': ..., 'en': ...}; else of the city's own."""
    if not isinstance(words, dict):
        return words or ""
    for language in (get_language() or "", settings.LANGUAGE_CODE, *words):
        if words.get(language):
            return words[language]
    return ""


def city_zone() -> ZoneInfo:
    """The pack's time zone, whatever the server's."""
    return ZoneInfo(settings.TIME_ZONE)

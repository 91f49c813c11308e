"""Tags and filters that every template has (settings.TEMPLATES builtins)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from thudo.base import clock, phrases
from thudo.base.grants import grant

register = template.Library()

register.filter("hour", phrases.hour)
register.filter("pairs", phrases.pairs)
register.filter("say", phrases.say)
register.filter("working_time", phrases.working_time)
register.filter("count", phrases.count)

# 14 px shapes of a state: readable in black and white, told apart by form before colour.
SHAPES = {
    "ok": '<circle cx="7" cy="7" r="5.5"/>',
    "soon": '<path d="M7 .8 13.2 7 7 13.2.8 7z"/>',
    "late": '<path d="M7 1.2 13.6 13H.4z"/>',
    "wait": '<circle class="ring" cx="7" cy="7" r="4.75"/>',
    "done": '<rect x=".75" y=".75" width="12.5" height="12.5" rx="2"/>'
    '<path class="tick" d="m3.9 7.3 2.2 2.2 4.1-4.6"/>',
    "unknown": '<path class="hatch" d="M1 5 5 1M1 9l8-8M1 13 13 1M5 13l8-8M9 13l4-4"/>'
    '<rect class="frame" x=".75" y=".75" width="12.5" height="12.5"/>',
}


@register.filter
def instant(at: datetime) -> str:
    """'16:30 thứ Hai 23/02'."""
    return phrases.instant(at, clock.now())


@register.filter
def promise(at: datetime) -> str:
    """'trước 16:30 thứ Hai 23/02'."""
    return phrases.promise(at, clock.now())


@register.filter
def day(at: datetime) -> str:
    """'thứ Hai 23/02'."""
    return phrases.day(at, clock.now())


@register.filter
def date_only(at: datetime) -> str:
    """'23/02'."""
    return phrases.date(at, clock.now())


@register.simple_tag
def moment(at: datetime | None, form: str = "instant") -> str:
    """An instant inside <time>; `form` is instant, dated, promise, hour, day or date."""
    if at is None:
        return ""
    forms = {
        "instant": instant,
        "promise": promise,
        "dated": phrases.dated,
        "hour": phrases.hour,
        "day": day,
        "date": date_only,
    }
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), forms[form](at))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon from the sprite; without `label` it is only decoration beside a word."""
    naming = SafeString('aria-hidden="true"')
    if label:
        naming = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"></use></svg>', naming, static("icons.svg"), name
    )


@register.simple_tag
def push_offer(topic: str) -> SafeString:
    """An offer to hear of a topic on this device (<push-offer>); only on a page that its reader
    may see: it grants the topic to the page's script. Without a script nothing is offered."""
    form = '<push-offer data-topic="{}" data-grant="{}"></push-offer>'
    return format_html(form, topic, grant(topic))


@register.simple_tag
def state_mark(state: str, word: Any = "") -> SafeString:
    """Shape and word of a state (ok, soon, late, wait, done, unknown); `word` overrides."""
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>',
        state,
        state_shape(state),
        word or state_word(state),
    )


@register.simple_tag
def state_word(state: str) -> str:
    """The word that a state has when nothing more exact is said."""
    return {
        "ok": pgettext("state", "On time"),
        "soon": pgettext("state", "Due soon"),
        "late": pgettext("state", "Late"),
        "wait": pgettext("state", "Waiting"),
        "done": pgettext("state", "Resolved"),
        "unknown": pgettext("state", "Not yet judged"),
    }[state]


@register.simple_tag
def state_shape(state: str) -> SafeString:
    """The shape alone, for places where the word stands beside it anyway."""
    return format_html(
        '<svg class="shape shape-{}" viewBox="0 0 14 14" aria-hidden="true">{}</svg>',
        state,
        SafeString(SHAPES[state]),
    )


@register.simple_tag
def promise_mini(stations: Sequence[Mapping[str, Any]]) -> SafeString:
    """The promise line, 96 px long, for a row; stations as in components/_promise_line.html."""
    places = [8 + i * 80 / max(len(stations) - 1, 1) for i in range(len(stations))]
    legs = format_html_join(
        "",
        '<path class="leg leg-{}" d="M{} 8H{}"/>',
        (
            (_leg(after["state"]), f"{start:g}", f"{end:g}")
            for start, end, after in zip(places, places[1:], stations[1:], strict=False)
        ),
    )
    dots = format_html_join(
        "",
        '<g class="stop stop-{}" transform="translate({} 8)">{}</g>',
        (
            (station["state"], f"{x:g}", SafeString(_STOPS[station["state"]]))
            for x, station in zip(places, stations, strict=True)
        ),
    )
    return format_html(
        '<svg class="mini-line" viewBox="0 0 96 16" role="img" aria-label="{}">{}{}</svg>',
        _told(stations),
        legs,
        dots,
    )


_STOPS = {
    "done": '<circle r="4"/>',
    "now": '<circle r="5"/>',
    "future": '<circle r="3.5"/>',
    "late": '<path d="M0-6 6.4 5.4H-6.4z"/>',
}


_UPRIGHT = {
    "done": '<circle r="7"/>',
    "now": '<circle r="9"/>',
    "future": '<circle r="6"/>',
    "late": '<path d="M0-10 11 9H-11z"/>',
}


def _leg(state: str) -> str:
    return "future" if state == "future" else "done"


def _told(stations: Sequence[Mapping[str, Any]]) -> str:
    """The line in words: what is done, where it is, what was broken."""
    return "; ".join(f"{_stop_words(s['state'])} {s['label']}" for s in stations)


def _stop_words(state: str) -> str:
    return {
        "done": gettext("Done:"),
        "now": gettext("Now:"),
        "future": gettext("To come:"),
        "late": gettext("Late:"),
    }[state]


@register.simple_tag
def stop_mark(state: str) -> SafeString:
    """One stop of the upright promise line."""
    return format_html(
        '<svg class="stop-mark stop-{}" viewBox="-14 -14 28 28" aria-hidden="true">{}</svg>'
        '<span class="visually-hidden">{}</span>',
        state,
        SafeString(_UPRIGHT[state]),
        _stop_words(state),
    )


@register.simple_tag
def bar(part: float, whole: float, late: object = "") -> SafeString:
    """A bar of part / whole; the figures stand beside it as text."""
    width = 100 * part / whole if whole else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" width="{}" height="10"/></svg>',
        "bar-late" if late else "bar-part",
        f"{width:.1f}",
    )


@register.filter
def share(part: float, whole: float) -> str:
    """part / whole as '98,1 %'; a dash when there is nothing to count."""
    if not whole:
        return "–"
    return f"{number_format(100 * part / whole, decimal_pos=1)} %"

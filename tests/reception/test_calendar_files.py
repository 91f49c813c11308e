"""What RFC 5545 and RFC 5546 ask of a calendar file: lines, escapes, sequence, method, alarms."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.reception.conftest import EIGHT, MONDAY, book
from tests.reception.test_book_hour import owner
from thudo.base.ical import Event, calendar_file
from thudo.reception import actions
from thudo.reception.models import Day
from thudo.reception.queries.files import booking_file, days_feed, days_file

SITE = "https://town.example"


def unfolded(written: str) -> list[str]:
    """The content lines of a file, once it has been seen that it keeps to the form."""
    assert written.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", written)
    raw = written.removesuffix("\r\n").split("\r\n")
    assert all(0 < len(line.encode()) <= 75 for line in raw)
    return written.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def value(written: str, name: str) -> str:
    found = [line.split(":", 1)[1] for line in unfolded(written) if re.match(f"{name}[;:]", line)]
    assert len(found) == 1, (name, found)
    return found[0]


def event(**more: object) -> Event:
    at = datetime(2026, 3, 5, 1, tzinfo=UTC)
    known = {
        "uid": "x@y", "starts_at": at, "ends_at": at + timedelta(minutes=30), "stamped_at": at,
        "sequence": 0, "summary": "s", "place": "p", "words": "w", "address": "https://a/",
        "organiser": "o", "organiser_address": "https://a/o",
    }  # fmt: skip
    return Event(**{**known, **more})  # type: ignore[arg-type]


@given(st.text(max_size=300))
def test_any_words_make_a_well_formed_file(words: str) -> None:
    written = calendar_file([event(summary=words, organiser=words)], product="p")

    lines = unfolded(written)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines)


def test_separators_are_escaped_and_lines_kept() -> None:
    written = calendar_file([event(words="a;b,c\\d\ne")], product="p")

    assert value(written, "DESCRIPTION") == r"a\;b\,c\\d\ne"


def test_a_booking_in_utc_with_its_alarms_and_nothing_secret(days: list[Day]) -> None:
    done = book(days[0])

    written, method = booking_file(done.booking, SITE)

    assert (method, value(written, "METHOD")) == ("PUBLISH", "PUBLISH")
    assert value(written, "DTSTART") == "20260305T010000Z"
    assert value(written, "SEQUENCE") == "0"
    assert [line for line in unfolded(written) if line.startswith("TRIGGER")] == [
        "TRIGGER:-P1D", "TRIGGER:-PT2H",
    ]  # fmt: skip
    assert done.secret not in written
    assert "drain" not in written


def test_a_moved_and_then_cancelled_booking_is_the_same_event_later(days: list[Day]) -> None:
    booking = book(days[0]).booking
    first = value(booking_file(booking, SITE)[0], "UID")

    later = EIGHT + timedelta(minutes=30)
    actions.move_booking(booking, days[0], later, actor=owner(booking), at=MONDAY)
    moved, _ = booking_file(booking, SITE)
    assert (value(moved, "UID"), value(moved, "SEQUENCE")) == (first, "1")

    actions.cancel_booking(booking, actor=owner(booking), at=MONDAY)
    ended, method = booking_file(booking, SITE)
    assert (method, value(ended, "SEQUENCE"), value(ended, "STATUS")) == (
        "CANCEL",
        "2",
        "CANCELLED",
    )
    assert "VALARM" not in ended


def test_the_days_of_a_unit_and_of_the_city(days: list[Day]) -> None:
    assert days_file("ward-1", SITE, MONDAY).count("BEGIN:VEVENT") == 2
    assert days_file("", SITE, MONDAY).count("BEGIN:VEVENT") == 4
    unfolded(days_file("", SITE, MONDAY))
    feed = days_feed("ward-1", SITE, MONDAY).decode()
    assert feed.count("<entry>") == 2
    assert f"urn:uuid:{days[0].pk}" in feed

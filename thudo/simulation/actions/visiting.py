"""Invented visitors book hours of citizen reception and are received; an invented business files."""

import random
from datetime import datetime
from typing import Any

from thudo.accounts.rules import RESIDENT
from thudo.base.errors import Refused
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Idempotency
from thudo.petitions.rules import Contact, Filing, Organisation, RequestKey
from thudo.reception.actions import Wish, book_hour, hold_booking
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import Visitor
from thudo.reception.queries.days import hours_of
from thudo.reception.queries.plan import today
from thudo.reception.rules import BOOKED
from thudo.simulation import queries
from thudo.simulation.actions.filling import past
from thudo.simulation.actions.people import SIMULATED, officer

# Of which unit only so many days are filled: the page shows full and empty ones.
_DAYS = 2


def visit(*, at: datetime) -> None:
    """Fill a share of the next days' hours, receive who came, let the business file; each once.

    Only where a demonstration was begun: an empty city stays empty.
    """
    given = queries.visits()
    if not given or past() is None:
        return
    for unit in given["units"]:
        coming = Day.objects.filter(unit=unit, on__gt=today(at), called_off_at=None)
        for day in coming.order_by("on", "host")[:_DAYS]:
            _fill(day, given, at)
    for row in given.get("organisations", ()):
        _file(row, at)
    _receive(given, at)


def _fill(day: Day, given: dict[str, Any], at: datetime) -> None:
    """The same hours whenever it is asked: a day that was filled stays as it is."""
    if Booking.objects.filter(request_key__startswith=f"{SIMULATED}:{day.pk}:").exists():
        return
    dice = random.Random(str(day.pk))
    for place, hour in enumerate(hours_of(day, at)):
        if not hour.free or dice.random() > given["share"]:
            continue
        who = dice.choice(given["visitors"])
        # Nobody's number, another one for each hour.
        phone = f"0000{dice.randrange(10**6):06}"
        wish = Wish(
            Visitor(who["name"], phone, who["matter"]), hour.starts_at, None,
            f"{SIMULATED}:{day.pk}:{place}",
        )  # fmt: skip
        try:
            book_hour(day, wish, actor=RESIDENT, at=at)
        except Refused:
            continue


def _receive(given: dict[str, Any], at: datetime) -> None:
    over = Booking.objects.filter(
        request_key__startswith=f"{SIMULATED}:", state=BOOKED, slot__ends_at__lte=at
    ).select_related("day", "slot")
    for booking in over.order_by("slot__ends_at", "id")[:20]:
        text = given["results"][int(booking.number[-2]) % len(given["results"])]
        hold_booking(booking, outcome="answered", text=text, actor=officer(booking.day.unit), at=at)


def _file(row: dict[str, str], at: datetime) -> None:
    scope, key = f"{SIMULATED}:organisation", row["code"]
    if Idempotency.objects.filter(scope=scope, key=key).exists():
        return
    body = Organisation(
        row["name"], row["tax_code"], row["representative"], row["position"], row["request"],
        row["dossier"],
    )  # fmt: skip
    filing = Filing(
        text=row["text"], service=row["service"], organisation=body, is_public=False,
        contact=Contact(body.representative, "0000000000"),
        answers={"organisation_request": body.request, "dossier": body.dossier},
    )  # fmt: skip
    file_petition(filing, key=RequestKey(scope, key), actor=RESIDENT, at=at)

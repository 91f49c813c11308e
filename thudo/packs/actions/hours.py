"""Writes calendars, terms and duty shifts: a changed calendar becomes a new version."""

from datetime import datetime
from typing import Any

from django.db import models as fields
from django.db import transaction

from thudo.deadlines.models import Calendar, DutyShift, Term
from thudo.packs.rules.expand import shifts
from thudo.packs.rules.values import Pack

BATCH = 2_000


@transaction.atomic
def write_hours(pack: Pack, *, at: datetime) -> None:
    """All that tells working time."""
    _write_calendars(pack, at)
    terms = [
        Term(
            clock=row.clock, urgency=row.urgency, service=row.service, measure=row.measure,
            minutes=row.minutes, source=row.source, valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in pack.terms
    ]  # fmt: skip
    _replace(Term, terms)
    duty = [
        DutyShift(
            unit=row.unit, days=list(row.days), starts=row.starts, ends=row.ends, post=row.post,
            valid_from=row.valid_from, valid_to=row.valid_to,
        )
        for row in shifts(pack)
    ]  # fmt: skip
    _replace(DutyShift, duty)


def _write_calendars(pack: Pack, at: datetime) -> None:
    """Open clocks keep the version they were reckoned with until they are reckoned anew."""
    newest = {
        row.code: row for row in Calendar.objects.order_by("code", "-version").distinct("code")
    }
    for calendar in pack.calendars:
        last = newest.get(calendar.code)
        row = Calendar(
            code=calendar.code,
            version=last.version + 1 if last else 1,
            time_zone=calendar.time_zone,
            week=calendar.week,
            exceptions=calendar.exceptions,
            legal_basis=calendar.legal_basis,
            loaded_at=at,
        )
        if last is None or _content(last) != _content(row):
            row.save()


def _content(row: Calendar) -> tuple[Any, ...]:
    return (row.time_zone, row.week, row.exceptions, row.legal_basis)


def _replace(model: type[Any], rows: list[Any]) -> None:
    """Another set of rows, unless it is the same; a clock keeps its own allowance, so none dangle."""
    if sorted(map(_values, model.objects.all())) != sorted(map(_values, rows)):
        model.objects.all().delete()
        model.objects.bulk_create(rows, batch_size=BATCH)


def _values(row: fields.Model) -> tuple[str, ...]:
    kept = (f for f in row._meta.concrete_fields if not f.primary_key)
    return tuple(str(getattr(row, f.attname)) for f in kept)

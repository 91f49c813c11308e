"""Writes the matrix of authority. A row is never changed: it ends, and another follows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thudo.directory.models import Words
from thudo.routing.models import Authority

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row as the pack wants it."""

    service: str
    scope: str
    unit: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    reason: Words


@transaction.atomic
def write_authority(wanted: Iterable[Wanted], *, pack_version: int, at: datetime) -> int:
    """Make the matrix say what the pack says from today on; the number of rows added.

    What was true before today stays as it was, since old decisions rest on it; a scope that is
    new to the matrix gets its whole history.
    """
    present = _present()
    added = []
    for key, rows in _by_key(wanted).items():
        added += _follow(present.pop(key, None), rows, at.date(), pack_version)
    for dropped in present.values():
        _end(dropped, at.date())
    Authority.objects.bulk_create(added, batch_size=BATCH)
    return len(added)


def _present() -> dict[tuple[str, str], list[Authority]]:
    found: dict[tuple[str, str], list[Authority]] = defaultdict(list)
    for row in Authority.objects.exclude(valid__isempty=True):
        found[row.service, row.scope].append(row)
    return found


def _by_key(wanted: Iterable[Wanted]) -> dict[tuple[str, str], list[Wanted]]:
    found: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for row in wanted:
        found[row.service, row.scope].append(row)
    return found


def _follow(
    present: list[Authority] | None, wanted: Sequence[Wanted], day: date, pack_version: int
) -> list[Authority]:
    """Rows to add to one service and scope; the present ones that say otherwise end today."""
    if not present:
        return [_row(row, row.valid_from, pack_version) for row in wanted]
    future = [row for row in wanted if row.valid_to is None or row.valid_to > day]
    said = {_said(row, max(row.valid_from, day)): row for row in future}
    ending = [row for row in present if row.valid.upper is None or row.valid.upper > day]
    keep = {_says(row, day) for row in ending}
    _end([row for row in ending if _says(row, day) not in said], day)
    return [
        _row(row, max(row.valid_from, day), pack_version)
        for key, row in said.items()
        if key not in keep
    ]


def _said(row: Wanted, starts: date) -> tuple[object, ...]:
    return (starts, row.valid_to, row.unit, row.legal_basis, _fixed(row.reason))


def _says(row: Authority, day: date) -> tuple[object, ...]:
    starts = max(row.valid.lower, day)
    return (starts, row.valid.upper, row.unit, row.legal_basis, _fixed(row.reason))


def _fixed(words: Words) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(words.items()))


def _end(rows: Iterable[Authority], day: date) -> None:
    changed = []
    for row in rows:
        lower, upper = row.valid.lower, row.valid.upper
        if upper is not None and upper <= day:
            continue
        # What had not begun never was; the empty range overlaps with nothing.
        row.valid = DateRange(empty=True) if lower >= day else DateRange(lower, day)
        changed.append(row)
    # Ended first, so that the rows that follow do not overlap with them.
    Authority.objects.bulk_update(changed, ["valid"], batch_size=BATCH)


def _row(row: Wanted, starts: date, pack_version: int) -> Authority:
    return Authority(
        service=row.service,
        scope=row.scope,
        unit=row.unit,
        valid=DateRange(starts, row.valid_to),
        legal_basis=row.legal_basis,
        reason=row.reason,
        pack_version=pack_version,
    )

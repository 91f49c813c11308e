"""Rows of another system's petitions, read from CSV. Pure.

code, filed_at, text are needed; besides them service, lon, lat, area, place, name, phone, email,
verified, public, accepted_at, closed_at, answer. Instants are ISO 8601; one without a zone is
the city's. Yes is 1, true, yes or x. A row with closed_at is closed.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TextIO

NEEDED = ("code", "filed_at", "text")
_YES = frozenset({"1", "true", "yes", "x", "có", "co"})


class Unreadable(ValueError):
    """A row, or the file, is not in the form; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Past:
    """One petition of another system, as it stands there."""

    code: str
    filed_at: datetime
    text: str
    digest: str
    service: str = ""
    longitude: float | None = None
    latitude: float | None = None
    area: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    is_verified: bool = False
    is_public: bool = False
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    answer: str = ""


def rows(file: TextIO, zone: tzinfo) -> Iterator[tuple[int, Past | Unreadable]]:
    """(line, row or what is wrong with it). Raises Unreadable when a needed column is missing."""
    reader = csv.DictReader(file)
    lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        raise Unreadable(f"columns missing: {', '.join(lacking)}")
    for row in reader:
        given = {
            name: (value or "").strip()
            for name, value in row.items()
            if name and isinstance(value, str | None)
        }
        try:
            yield reader.line_num, _past(given, zone)
        except Unreadable as wrong:
            yield reader.line_num, wrong


def _past(given: Mapping[str, str], zone: tzinfo) -> Past:
    if not given["code"] or len(given["code"]) > 200:
        raise Unreadable("code is empty or too long")
    filed = _instant(given, "filed_at", zone)
    if filed is None:
        raise Unreadable("filed_at is empty")
    accepted, closed = _instant(given, "accepted_at", zone), _instant(given, "closed_at", zone)
    if any(later and later < filed for later in (accepted, closed)):
        raise Unreadable("it was accepted or closed before it was filed")
    if accepted and closed and closed < accepted:
        raise Unreadable("it was closed before it was accepted")
    texts = {
        name: given.get(name, "")
        for name in ("service", "area", "place", "name", "phone", "email", "answer")
    }
    return Past(
        code=given["code"], filed_at=filed, text=given["text"], digest=_digest(given),
        longitude=_number(given, "lon"), latitude=_number(given, "lat"),
        is_verified=given.get("verified", "").lower() in _YES,
        is_public=given.get("public", "").lower() in _YES,
        accepted_at=accepted, closed_at=closed, **texts,
    )  # fmt: skip


def _digest(given: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()


def _instant(given: Mapping[str, str], name: str, zone: tzinfo) -> datetime | None:
    if not given.get(name):
        return None
    try:
        found = datetime.fromisoformat(given[name])
    except ValueError as wrong:
        raise Unreadable(f"{name} is no ISO 8601 instant") from wrong
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _number(given: Mapping[str, str], name: str) -> float | None:
    if not given.get(name):
        return None
    try:
        return float(given[name])
    except ValueError as wrong:
        raise Unreadable(f"{name} is no number") from wrong

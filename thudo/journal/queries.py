"""Readers of the journal. Only `position` orders entries; `number` does not (see models)."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.translation import gettext

from thudo.journal.models import Entry, Follower
from thudo.journal.rules import JournalEntry, read_body

_Rows = Iterable[tuple[int | None, datetime, bytes | memoryview]]


def entries_about(kind: str, thing: str) -> list[JournalEntry]:
    """Every entry about one thing, oldest first, those of this very moment included."""
    rows = Entry.objects.filter(subject_kind=kind, subject_id=thing)
    return _read(rows.order_by("subject_version", "number").values_list("position", "at", "body"))


def entries_after(position: int, limit: int = 1000) -> list[JournalEntry]:
    """Up to `limit` entries after a position, in order; what is not sequenced yet is not here."""
    rows = Entry.objects.filter(position__gt=position).order_by("position")
    return _read(rows.values_list("position", "at", "body")[:limit])


def latest_position() -> int:
    """The last position given; 0 for an empty journal."""
    last = Entry.objects.exclude(position=None).order_by("-position")
    return last.values_list("position", flat=True).first() or 0


def lagging(names: Iterable[str]) -> list[str]:
    """Which of these followers have entries before them; takes no lock."""
    places = dict(Follower.objects.values_list("name", "position"))
    latest = latest_position()
    return [name for name in names if places.get(name, 0) < latest]


def sentence(action: str) -> str:
    """What an action means, in the reader's language; KeyError when no slice names it."""
    return gettext(sentences()[action])


@lru_cache(maxsize=1)
def sentences() -> dict[str, str]:
    """action -> English sentence: the tables ACTIONS in lifecycle.py or rules.py of the slices."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("thudo."):
            for room in ("lifecycle", "rules"):
                found |= _actions_in(f"{app.name}.{room}")
    return found


def _actions_in(module: str) -> dict[str, str]:
    if find_spec(module) is None:
        return {}
    actions: dict[str, str] = getattr(import_module(module), "ACTIONS", {})
    return actions


def _read(rows: _Rows) -> list[JournalEntry]:
    return [read_body(position or 0, at, bytes(body)) for position, at, body in rows]

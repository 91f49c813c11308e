"""Loads a pack: checks it, writes what differs, ends what is gone. The same pack again costs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thudo.base.errors import Refused
from thudo.directory import actions as lists
from thudo.directory import queries
from thudo.directory.models import PackVersion
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.packs.actions import rows
from thudo.packs.actions.hours import write_hours
from thudo.packs.rules.check import judged
from thudo.packs.rules.expand import Entry
from thudo.packs.rules.reader import digest_of
from thudo.packs.rules.values import Pack, Problem
from thudo.routing import queries as routing
from thudo.routing.actions import write_authority


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: the version now in force, and whether anything had to be written."""

    version_id: int
    changed: bool
    counts: dict[str, int]


class PackRefused(Refused):
    """The pack has problems; `problems` lists each with file, line and sentence."""

    code = "pack_refused"

    def __init__(self, problems: list[Problem]) -> None:
        sentence = ngettext(
            "The pack has %(number)s problem. The first: %(first)s",
            "The pack has %(number)s problems. The first: %(first)s",
            len(problems),
        ) % {"number": len(problems), "first": problems[0]}
        super().__init__(sentence, problems=[str(problem) for problem in problems])
        self.problems = problems


class NoPack(Refused):
    """The folder holds no pack."""

    code = "no_pack"


def load_pack(folder: Path, *, actor: str, at: datetime) -> Loaded:
    """Make the database say what the pack says. Raises PackRefused and NoPack.

    Readers see either the version before or this one: a version counts once its digest is set.
    """
    if not (folder / "city.toml").is_file():
        raise NoPack(_("There is no city pack in %(folder)s.") % {"folder": folder})
    present = PackVersion.objects.exclude(digest="").order_by("-id").first()
    if present and present.digest == digest_of(folder):
        return Loaded(present.pk, changed=False, counts={})
    problems, pack, cells = judged(folder, at.date())
    if problems:
        raise PackRefused(problems)
    version = lists.begin_version(pack.city["code"], pack.city["version"], rows.city(pack), at=at)
    with _flushed_at_the_end():
        _write_all(pack, cells, version, at)
    counts = _counts(pack, cells)
    _finish(version, pack, counts, actor=actor, at=at)
    queries.forget()
    routing.forget()
    return Loaded(version.pk, changed=True, counts=counts)


@contextmanager
def _flushed_at_the_end() -> Iterator[None]:
    """Commits inside do not wait for the disk, one by one: the version's own, which comes last, does
    for all of them, and a load that was broken off before is repeated."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            # What rolls back takes the setting back with it.
            if not connection.needs_rollback:
                cursor.execute("RESET synchronous_commit")


def _write_all(pack: Pack, cells: list[Entry], version: PackVersion, at: datetime) -> None:
    """In several transactions: no deed stays open for long, and a broken-off load is repeated."""
    lists.write_lists(rows.lists(pack), at=at)
    lists.write_successions(rows.successions(pack))
    lists.write_layers(rows.layers(pack))
    lists.write_shapes(rows.shapes(pack))
    write_hours(pack, at=at)
    lists.write_places(rows.places(pack))
    write_authority(rows.wanted(cells), pack_version=version.pk, at=at)


@transaction.atomic
def _finish(
    version: PackVersion, pack: Pack, counts: dict[str, int], *, actor: str, at: datetime
) -> None:
    lists.finish_version(version, pack.digest)
    data: dict[str, Any] = {
        "pack": version.code, "version": version.version, "digest": pack.digest, **counts
    }  # fmt: skip
    record(
        "pack.loaded",
        subject=Subject("pack", version.code, version.pk),
        actor=actor,
        at=at,
        data=data,
    )


def _counts(pack: Pack, cells: list[Entry]) -> dict[str, int]:
    return {
        "areas": len(pack.areas),
        "units": len(pack.units),
        "services": len(pack.services),
        "places": len(pack.places),
        "authority": len(cells),
    }

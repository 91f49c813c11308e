"""Bulk writing by several processes: each takes the next piece of the plan."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connection, connections

from thudo.base.errors import Refused
from thudo.operations import actions as figures
from thudo.petitions.models import Petition
from thudo.simulation.actions.copies import Numbers
from thudo.simulation.actions.history import CHUNK, copy_history, draw_scenes
from thudo.simulation.actions.memory import TABLES
from thudo.simulation.actions.million import Repeated, copy_weeks
from thudo.simulation.actions.plan import Plan

Told = Callable[[int, int], None]
Piece = tuple[int, int]


class NotEmpty(Refused):
    """Invented petitions are not written beside those that are there."""

    code = "not_empty"


@dataclass
class Work:
    """What every process inherits: the plan, and its own share of public numbers."""

    plan: Plan | Repeated
    numbers: Numbers

    def pieces(self) -> list[Piece]:
        if isinstance(self.plan, Repeated):
            return self.plan.chunks()
        total = self.plan.petitions
        return [(at, min(at + CHUNK, total)) for at in range(0, total, CHUNK)]

    def write(self, piece: Piece) -> tuple[int, int]:
        if isinstance(self.plan, Repeated):
            return copy_weeks(self.plan, *piece, self.numbers)
        return copy_history(self.plan, *piece, self.numbers)


_work: Work | None = None


def write_in_bulk(plan: Plan | Repeated, *, jobs: int, force: bool, tell: Told) -> tuple[int, int]:
    """Write a whole plan; `tell` hears of petitions and entries written so far.

    Raises NotEmpty where petitions are, unless `force`.
    """
    taken = {int(number[:9]) for number in Petition.objects.values_list("number", flat=True)}
    if taken and not force:
        raise NotEmpty("There are petitions in this database: use an empty one, or --force.")
    petitions = entries = 0
    with _unwatched():
        for some, more in _written(plan, taken, jobs):
            petitions, entries = petitions + some, entries + more
            tell(petitions, entries)
    _analyze()
    figures.rebuild(at=plan.until)
    return petitions, entries


def _written(plan: Plan | Repeated, taken: set[int], jobs: int) -> Iterator[tuple[int, int]]:
    global _work
    _work = Work(plan, Numbers(0, max(jobs, 1), taken))
    pieces = _work.pieces()
    if jobs <= 1:
        yield from map(_write, pieces)
        return
    draw_scenes(plan)
    # A connection must not be shared by a parent and its children.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    shares = context.SimpleQueue()
    for share in range(jobs):
        shares.put(share)
    with _workers(context.Pool(jobs, _begin, (shares,))) as pool:
        yield from pool.imap_unordered(_write, pieces)


@contextmanager
def _workers(pool: "multiprocessing.pool.Pool") -> Iterator["multiprocessing.pool.Pool"]:
    try:
        yield pool
        pool.close()
    finally:
        pool.terminate()
        pool.join()


def _begin(shares: "multiprocessing.SimpleQueue[int]") -> None:
    assert _work is not None  # noqa: S101
    _work.numbers.share = shares.get()


def _write(piece: Piece) -> tuple[int, int]:
    assert _work is not None  # noqa: S101
    return _work.write(piece)


def _tables() -> list[str]:
    return [*(model._meta.db_table for model in TABLES), "journal_entry"]


@contextmanager
def _unwatched() -> Iterator[None]:
    """Autovacuum passes over locked tables: it read the growing ones anew every minute.

    That was an eighth of the server's and the writers' work together. Writers go on beside this
    lock, which ends with its connection, however this process ends.
    """
    watch = connections.create_connection(DEFAULT_DB_ALIAS)
    watch.set_autocommit(False)
    try:
        with watch.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN SHARE UPDATE EXCLUSIVE MODE")
        yield
    finally:
        watch.close()


def _analyze() -> None:
    """Fresh statistics at once: autovacuum would come minutes later."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"ANALYZE {table}")

"""What the bulk writer writes is what the deeds write: table by table, column by column."""

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.simulation.comparing import Told, check_bonds, told
from tests.simulation.conftest import NOW
from thudo.journal.actions import record, sequence_entries
from thudo.journal.models import Entry, Sequence
from thudo.journal.rules import Subject
from thudo.petitions.models import Petition
from thudo.simulation.actions.copies import Numbers
from thudo.simulation.actions.history import copy_history, tell_by_deeds
from thudo.simulation.actions.million import Repeated, copy_weeks
from thudo.simulation.actions.plan import Plan
from thudo.simulation.queries import World


def _written(write: Callable[[], object]) -> Told:
    """What a writer leaves behind, which is then taken back."""
    mark = transaction.savepoint()
    write()
    _sequence()
    check_bonds()
    positions = list(Entry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    found = told()
    transaction.savepoint_rollback(mark)
    return found


def _sequence() -> None:
    """Positions for all; the very first call only begins the sequence."""
    sequence_entries()
    while sequence_entries():
        pass


def _compare(deeds: Told, copies: Told) -> None:
    for table, rows in deeds.items():
        only_deeds, only_copies = rows - copies[table], copies[table] - rows
        assert not only_deeds, f"{table}: only the deeds wrote {next(iter(only_deeds))}"
        assert not only_copies, f"{table}: only the copies hold {next(iter(only_copies))}"


def _compare_weeks(world: World, lives: int) -> Told:
    # From the end of August: with the holidays of September in it, and with lives that are cut
    # off by the present.
    repeated = Repeated(world, 12 * lives, 90, NOW, seed=11)
    deeds = _written(lambda: tell_by_deeds(repeated, 0, lives))
    copies = _written(lambda: copy_weeks(repeated, 0, lives, Numbers()))
    _compare(deeds, copies)
    return deeds


@pytest.mark.audit
def test_two_hundred_petitions_copied_equal_two_hundred_by_deeds(world: World) -> None:
    found = _compare_weeks(world, 17)

    assert found["Petition"].total() >= 200


def test_a_history_in_memory_equals_one_by_deeds(world: World) -> None:
    plan = Plan(world, 60, 20, NOW, seed=5)

    deeds = _written(lambda: tell_by_deeds(plan, 0, 60))
    copies = _written(lambda: copy_history(plan, 0, 60, Numbers()))

    _compare(deeds, copies)


def test_the_sequencer_goes_on_after_what_was_copied(world: World) -> None:
    copy_history(Plan(world, 20, 20, NOW, seed=5), 0, 20, Numbers())
    last = Sequence.objects.get().position

    record("case.begun", subject=Subject("case", "x", 1), actor="clock", at=NOW, data={})
    _sequence()

    assert (Entry.objects.get(subject_id="x").position or 0) > last
    assert Entry.objects.filter(position=None).count() == 0


def test_the_same_seed_makes_the_same_city(world: World) -> None:
    first = [m.text for m in Plan(world, 30, 20, NOW, seed=5).matters(0, 30)]

    assert first == [m.text for m in Plan(world, 30, 20, NOW, seed=5).matters(0, 30)]
    assert first != [m.text for m in Plan(world, 30, 20, NOW, seed=6).matters(0, 30)]
    assert not Petition.objects.exists()

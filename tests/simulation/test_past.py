"""The demonstration's past: begun once, filled piece by piece, never beside real petitions."""

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from tests.simulation.conftest import NOW
from thudo.petitions.models import Petition
from thudo.simulation import actions
from thudo.simulation.actions import bulk, filling
from thudo.simulation.actions.bulk import NotEmpty
from thudo.simulation.queries import World


def test_the_past_is_filled_piece_by_piece_and_leaves_what_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "PETITIONS", 20)
    assert actions.fill_past() is None
    assert actions.seed(3, at=NOW) >= 3
    before = {row.pk: row.version for row in Petition.objects.all()}

    first = actions.fill_past(limit=12)
    second = actions.fill_past(limit=12)

    assert first
    assert not first.is_whole
    assert second
    assert second.is_whole
    assert actions.fill_past() is None
    assert Petition.objects.count() >= 23
    assert {row.pk: row.version for row in Petition.objects.filter(pk__in=before)} == before
    assert actions.seed(3, at=NOW) == 0
    with pytest.raises(NotEmpty):
        plan = actions.Plan(world, 1, 1, NOW, 1)
        actions.write_in_bulk(plan, jobs=1, force=False, tell=lambda *_: None)


def test_the_tables_are_kept_from_autovacuum_while_they_are_written_in_bulk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[bool] = []
    after: list[bool] = []
    monkeypatch.setattr(bulk, "_analyze", lambda: after.append(_is_locked("petitions_petition")))

    def tell(petitions: int, entries: int) -> None:
        watched.append(_is_locked("petitions_petition") and _is_locked("journal_entry"))

    plan = actions.Plan(world, 2, 1, NOW, 1)
    petitions, _ = actions.write_in_bulk(plan, jobs=1, force=False, tell=tell)

    assert petitions == Petition.objects.count() >= 2
    assert watched
    assert all(watched)
    assert after == [False]


def _is_locked(table: str) -> bool:
    """Whether another one, as autovacuum would be, must pass over it."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE NOWAIT")
    except OperationalError:
        return True
    finally:
        other.close()
    return False

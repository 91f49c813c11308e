"""The demonstration's past: begun once, filled piece by piece, never beside real petitions."""

import pytest

from tests.simulation.conftest import NOW
from thudo.petitions.models import Petition
from thudo.simulation import actions
from thudo.simulation.actions import filling
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

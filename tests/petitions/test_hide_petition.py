"""What the desk takes out of public sight is out of it everywhere."""

from uuid import uuid4

import pytest

from tests import town
from tests.town import CAST, MONDAY
from thudo.accounts.rules import RESIDENT
from thudo.base.errors import NotAllowed
from thudo.journal.queries import entries_about
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of, public_petitions
from thudo.petitions.rules import Contact, Filing


@pytest.fixture
def filed(db: None) -> Petition:
    town.build()
    filing = Filing(
        text="A hole in the road before the school.", service="road_damage",
        longitude=town.TOWN_SQUARE[0], latitude=town.TOWN_SQUARE[1],
        contact=Contact("A", "0900000000"), draft_key=str(uuid4()),
    )  # fmt: skip
    receipt = actions.file_petition(filing, actor=RESIDENT, at=MONDAY)
    return Petition.objects.get(number=receipt.number)


def test_a_hidden_petition_leaves_the_lists_and_the_streams(filed: Petition) -> None:
    actions.hide_petition(filed, text="Names a child.", actor=CAST.intake, at=MONDAY)

    case = cases_of(filed)[0]
    assert not public_petitions().filter(pk=filed.pk).exists()
    assert not case.is_public
    assert entries_about("case", str(case.pk))[-1].data["public"] is False


def test_it_can_be_shown_again(filed: Petition) -> None:
    actions.hide_petition(filed, text="Names a child.", actor=CAST.intake, at=MONDAY)

    actions.show_petition(filed, actor=CAST.intake, at=MONDAY)

    assert public_petitions().filter(pk=filed.pk).exists()
    assert cases_of(filed)[0].is_public


def test_only_the_desks_hide(filed: Petition) -> None:
    with pytest.raises(NotAllowed):
        actions.hide_petition(filed, text="I do not like it.", actor=CAST.handler, at=MONDAY)

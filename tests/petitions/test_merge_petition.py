"""Two petitions about one matter go on in one case; each keeps its number and its verdict."""

import pytest

from tests import town
from tests.cases.test_rebuild import held, rebuilt
from tests.town import CAST, MONDAY
from thudo.accounts.rules import RESIDENT
from thudo.base.errors import Invalid, NotAllowed
from thudo.cases.models import Case
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of, petitions_of
from thudo.petitions.rules import Contact, Filing


@pytest.fixture
def two(db: None) -> tuple[Case, Case]:
    town.build()
    return _filed(), _filed()


def _filed() -> Case:
    filing = Filing(
        text="A hole in the road before the school.", service="road_damage",
        longitude=town.TOWN_SQUARE[0], latitude=town.TOWN_SQUARE[1],
        contact=Contact("A", "0900000000"),
    )  # fmt: skip
    number = actions.file_petition(filing, actor=RESIDENT, at=MONDAY).number
    return cases_of(Petition.objects.get(number=number))[0]


def test_the_second_goes_on_in_the_first(two: tuple[Case, Case]) -> None:
    first, second = two

    actions.merge_petition(second, first, actor=CAST.intake, at=MONDAY)

    first.refresh_from_db()
    second.refresh_from_db()
    assert second.state == "merged"
    assert sorted(first.numbers) == sorted(p.number for p in petitions_of(first))
    assert len(first.numbers) == 2
    assert rebuilt(first) == rebuilt(first) | held(first)


def test_a_case_is_not_merged_with_itself_or_by_others(two: tuple[Case, Case]) -> None:
    first, second = two
    with pytest.raises(Invalid):
        actions.merge_petition(first, first, actor=CAST.intake, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.merge_petition(second, first, actor=CAST.handler, at=MONDAY)

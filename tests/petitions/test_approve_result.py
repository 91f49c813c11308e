"""A checked result goes out, with the petitioner's photos only where the desk says so."""

from uuid import uuid4

import pytest

from tests import town
from tests.town import CAST, MONDAY
from thudo.accounts.rules import RESIDENT
from thudo.base.errors import NotAllowed
from thudo.cases.actions import Claim, accept_case, answer_case
from thudo.cases.models import Case
from thudo.files.models import Attachment
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.rules import Contact, Filing


@pytest.fixture
def claimed(db: None) -> Case:
    """A public petition with a photo, answered by its unit."""
    town.build()
    filing = Filing(
        text="A hole in the road before the school.", service="road_damage",
        longitude=town.TOWN_SQUARE[0], latitude=town.TOWN_SQUARE[1],
        contact=Contact("A", "0900000000"),
    )  # fmt: skip
    number = actions.file_petition(filing, actor=RESIDENT, at=MONDAY).number
    petition = Petition.objects.get(number=number)
    Attachment.objects.create(
        id=uuid4(), subject_kind="petition", subject_id=str(petition.pk), media_type="image/jpeg",
        bytes=1, digest="0" * 64, uploaded_at=MONDAY, uploaded_by="resident",
    )  # fmt: skip
    case = cases_of(petition)[0]
    accept_case(case, actor=CAST.handler, at=MONDAY)
    claim = Claim("resolved", "The hole was filled with asphalt on Monday.", proof=("photo",))
    answer_case(case, claim, draw=0.5, actor=CAST.handler, at=MONDAY)
    return case


def photo() -> Attachment:
    return Attachment.objects.get(media_type="image/jpeg")


def test_the_photos_stay_with_the_city_unless_the_desk_shows_them(claimed: Case) -> None:
    actions.approve_result(claimed, actor=CAST.checker, at=MONDAY)

    assert claimed.state == "resolved"
    assert not photo().is_public


def test_the_desk_shows_the_photos_with_the_result(claimed: Case) -> None:
    actions.approve_result(claimed, with_photos=True, actor=CAST.checker, at=MONDAY)

    assert photo().is_public


def test_a_paper_of_the_petitioner_is_never_shown(claimed: Case) -> None:
    paper = photo()
    paper.pk, paper.media_type = uuid4(), "application/pdf"
    paper.save(force_insert=True)

    actions.approve_result(claimed, with_photos=True, actor=CAST.checker, at=MONDAY)

    assert photo().is_public
    assert not Attachment.objects.get(pk=paper.pk).is_public


def test_a_private_petitions_photos_are_never_shown(claimed: Case) -> None:
    Petition.objects.update(is_public=False)

    actions.approve_result(claimed, with_photos=True, actor=CAST.checker, at=MONDAY)

    assert not photo().is_public


def test_photos_of_somebodys_home_are_never_shown(claimed: Case) -> None:
    Petition.objects.update(is_home=True)

    actions.approve_result(claimed, with_photos=True, actor=CAST.checker, at=MONDAY)

    assert not photo().is_public


def test_the_handler_does_not_publish_his_own_result(claimed: Case) -> None:
    with pytest.raises(NotAllowed):
        actions.approve_result(claimed, with_photos=True, actor=CAST.handler, at=MONDAY)

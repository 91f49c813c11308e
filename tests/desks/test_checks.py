"""The checking desk: its queue, one result on one page, out or back."""

from datetime import datetime

import pytest

from tests.desks.conftest import SignIn
from tests.desks.pages import do, petition_of, photo, text_of
from tests.town import CAST
from thudo.accounts.models import Holding, User
from thudo.base.identifiers import new_id
from thudo.cases import actions, lifecycle
from thudo.cases.models import Case
from thudo.files.models import Attachment
from thudo.petitions.models import Petition

DONE = "The hole was filled with asphalt on Monday morning."


@pytest.fixture
def claimed(opened: Case, signed_in: SignIn, morning: datetime) -> Case:
    """Answered with a photo: it waits for the check."""
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    do(signed_in("an"), opened, "answers", outcome="resolved", text=DONE, upload_after=photo())
    opened.refresh_from_db()
    return opened


def test_the_queue_says_why_each_is_checked(claimed: Case, signed_in: SignIn) -> None:
    page = text_of(signed_in("ha").get("/checks/"))

    assert "1 High Street" in page
    assert "Drawn at random" in page


def test_the_result_stands_beside_the_petition(claimed: Case, signed_in: SignIn) -> None:
    page = text_of(signed_in("ha").get(f"/checks/{claimed.pk}"))

    assert "A hole in the road before the school." in page
    assert DONE in page


def test_approval_publishes_the_result_and_its_photos(claimed: Case, signed_in: SignIn) -> None:
    answer = do(signed_in("ha"), claimed, "approvals")

    claimed.refresh_from_db()
    assert answer.headers["Location"] == "/checks/?done=approve_answer"
    assert claimed.state == lifecycle.RESOLVED
    assert Attachment.objects.get().is_public


def test_photos_of_a_private_petition_stay_private(claimed: Case, signed_in: SignIn) -> None:
    Case.objects.filter(pk=claimed.pk).update(is_public=False)

    do(signed_in("ha"), claimed, "approvals")

    assert not Attachment.objects.get().is_public


def test_it_goes_back_with_what_is_missing(claimed: Case, signed_in: SignIn) -> None:
    checker = signed_in("ha")
    assert do(checker, claimed, "returns").status_code == 422

    do(checker, claimed, "returns", note="The photo shows another street.")

    claimed.refresh_from_db()
    assert claimed.state == lifecycle.AWAITING_HANDLING
    assert "The photo shows another street." in text_of(signed_in("an").get(f"/cases/{claimed.pk}"))


def test_a_stale_check_is_refused(claimed: Case, signed_in: SignIn) -> None:
    answer = do(signed_in("ha"), claimed, "approvals", seen=claimed.version - 1)

    assert answer.status_code == 409
    assert "Somebody else has just updated this case." in text_of(answer)


def test_nobody_checks_his_own_unit_s_result(
    claimed: Case, signed_in: SignIn, morning: datetime
) -> None:
    user = User.objects.get(username="ha")
    Holding.objects.create(user=user, post_id="ward-1/handler", starts_at=morning)
    checker = signed_in("ha")

    assert "another desk checks this result" in text_of(checker.get(f"/checks/{claimed.pk}"))
    assert do(checker, claimed, "approvals").status_code == 403


def test_nothing_written_on_a_way_back_is_said_beside_its_field(
    claimed: Case, signed_in: SignIn
) -> None:
    answer = do(signed_in("ha"), claimed, "returns", note=" ")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what is missing." in text_of(answer)
    assert page.count('id="back_note"') == 1
    assert page.count('id="id_note"') == 1


def test_a_petitioner_s_photos_are_offered_only_where_there_are_some_to_show(
    claimed: Case, signed_in: SignIn
) -> None:
    checker, path = signed_in("ha"), f"/checks/{claimed.pk}"
    assert "with_photos" not in checker.get(path).content.decode()
    petition = petition_of(claimed)
    Attachment.objects.create(
        id=new_id(), subject_kind="petition", subject_id=str(petition.pk), purpose="matter",
        media_type="image/webp", bytes=1, width=4, height=3, digest="0" * 64,
        uploaded_at=petition.filed_at, uploaded_by="resident",
    )  # fmt: skip

    assert "with_photos" in checker.get(path).content.decode()
    Petition.objects.update(is_home=True)
    assert "with_photos" not in checker.get(path).content.decode()


@pytest.mark.parametrize("name", ["an", "binh", "khoa", "giang"])
def test_nobody_else_lets_a_result_out(claimed: Case, signed_in: SignIn, name: str) -> None:
    assert do(signed_in(name), claimed, "approvals").status_code == 403
    assert signed_in(name).get("/checks/").status_code == 403

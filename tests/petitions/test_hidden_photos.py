"""Photos follow their petition out of public sight."""

import io

from django.test import Client

from tests.petitions.conftest import file_hole, jpeg
from tests.petitions.test_follow import case_of, finish
from tests.town import CAST, MONDAY, Cast
from thudo.files.actions import bind_files, keep_upload, publish_files
from thudo.petitions import actions


def photo(kind: str, subject: str, purpose: str, colour: tuple[int, int, int]) -> str:
    """The address of a photo that everybody may see."""
    row = keep_upload(
        io.BytesIO(jpeg(colour)), draft_key="d", purpose=purpose, actor="resident", at=MONDAY
    )
    bind_files([str(row.pk)], draft_key="d", kind=kind, subject=subject, public=True)
    publish_files(kind, subject, purposes=[purpose])
    return f"/files/{row.pk}"


def seen(*addresses: str) -> list[int]:
    answers = [Client().get(address) for address in addresses]
    for answer in answers:
        # Read to its end rather than closed: closing also closes the test's own connection.
        answer.getvalue()
    return [answer.status_code for answer in answers]


def test_an_address_copied_before_shows_nothing_of_a_hidden_petition(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)
    mine = photo("petition", str(petition.pk), "matter", (1, 2, 3))
    after = photo("case", str(case_of(petition).pk), "after", (4, 5, 6))
    assert seen(mine, after) == [200, 200]

    actions.hide_petition(petition, text="Names a child.", actor=CAST.intake, at=MONDAY)
    assert seen(mine, after) == [404, 404]

    actions.show_petition(petition, actor=CAST.intake, at=MONDAY)
    assert seen(mine, after) == [404, 200]

"""One case on one page: what it shows, to whom, and what it never shows."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from tests.cases.conftest import open_one
from tests.desks.conftest import SignIn
from tests.desks.pages import do, petition_of, photo, text_of
from tests.town import CAST
from thudo.accounts.rules import RESIDENT
from thudo.base.identifiers import new_id
from thudo.cases import actions
from thudo.cases.actions.steps import write_note
from thudo.cases.models import Case
from thudo.files.models import Attachment


def test_one_case_stands_on_one_page(opened: Case, signed_in: SignIn) -> None:
    near = open_one(number="5720000002")

    page = signed_in("an").get(f"/cases/{opened.pk}")

    words = text_of(page)
    for expected in (
        "A hole in the road before the school.",
        "This unit looks after it.",
        "Town rule 2",
        "Ward w1",
        "Take in",
        "0 m away",
        "The case was opened",
        "starts when it is taken in",
        "1 hour of 8 hours of working time used",
    ):
        assert expected in words
    assert f"/cases/{near.pk}" in page.content.decode()


def test_the_map_gets_one_pin(opened: Case, signed_in: SignIn) -> None:
    found = signed_in("an").get(f"/cases/{opened.pk}/place.geojson").json()

    assert [one["geometry"]["coordinates"] for one in found["features"]] == [[105.05, 21.05]]
    assert signed_in("chi").get(f"/cases/{opened.pk}/place.geojson").status_code == 404


def test_only_the_deeds_that_are_open_have_buttons(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    an, head = signed_in("an"), signed_in("binh")
    before = an.get(f"/cases/{opened.pk}").content.decode()
    assert f"/cases/{opened.pk}/acceptances" in before
    assert f"/cases/{opened.pk}/answers" not in before
    assert f"/cases/{opened.pk}/acknowledgements" not in before
    assert f"/cases/{opened.pk}/assignments" not in before

    actions.accept_case(opened, actor=CAST.handler, at=morning)

    after = an.get(f"/cases/{opened.pk}").content.decode()
    assert f"/cases/{opened.pk}/acceptances" not in after
    assert f"/cases/{opened.pk}/answers" in after
    assert f"/cases/{opened.pk}/extensions" not in after
    assert f"/cases/{opened.pk}/extensions" in head.get(f"/cases/{opened.pk}").content.decode()


def test_every_form_opens_at_its_own_address(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    head = signed_in("binh")

    for noun in (
        "notes",
        "questions",
        "transfers",
        "extensions",
        "assignments",
        "answers",
        "refusals",
    ):
        page = head.get(f"/cases/{opened.pk}/{noun}")
        assert page.status_code == 200
        assert f'action="/cases/{opened.pk}/{noun}' in page.content.decode()


def test_photos_are_sent_to_those_who_may_read_the_case_only(
    opened: Case, signed_in: SignIn, client: Client, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    an = signed_in("an")
    text = "The hole was filled with asphalt on Monday morning."
    do(an, opened, "answers", outcome="resolved", text=text, upload_after=photo())
    row = Attachment.objects.get()
    path = f"/cases/{opened.pk}/files/{row.pk}"

    for address in (path, f"{path}/small"):
        sent: Any = an.get(address)
        assert sent.headers["Content-Type"] == "image/webp"
        # Read to its end, since only then does the test's client close it.
        assert b"".join(sent.streaming_content)[:4] == b"RIFF"
    assert signed_in("chi").get(path).status_code == 404
    assert client.get(path).status_code == 302
    other = open_one(number="5720000002")
    assert an.get(f"/cases/{other.pk}/files/{row.pk}").status_code == 404


def test_what_the_petitioner_added_stands_in_the_letters_with_its_day_and_files(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    petition, later = petition_of(opened), morning + timedelta(minutes=20)
    Attachment.objects.create(
        id=new_id(), subject_kind="petition", subject_id=str(petition.pk), purpose="supplement",
        media_type="image/webp", bytes=1, width=4, height=3, digest="0" * 64, uploaded_at=morning,
        uploaded_by="resident",
    )  # fmt: skip
    write_note(
        opened, "reply", "It is twice as deep now.", actor=RESIDENT, at=later, is_public=False
    )

    page = signed_in("an").get(f"/cases/{opened.pk}")

    letter = page.content.decode().split("Added by the petitioner")[2]
    assert "It is twice as deep now." in letter
    assert "/files/" in letter.split("</section>")[0]
    assert "10:20" in letter.split("</p>")[0]


def test_what_was_taken_in_is_ended_not_refused_to_be_taken_in(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    an = signed_in("an")
    assert "Not to be taken" in text_of(an.get(f"/cases/{opened.pk}"))

    actions.accept_case(opened, actor=CAST.handler, at=morning)

    page = an.get(f"/cases/{opened.pk}/refusals")
    assert "Not to be taken" not in text_of(page)
    assert "Propose to end it unhandled" in text_of(page)
    assert [act.noun for act in page.context["acts"]][-1] == "refusals"


def test_no_outcome_is_chosen_before_the_officer_chooses(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    an = signed_in("an")
    form = an.get(f"/cases/{opened.pk}/answers").context["form"]
    assert form["outcome"].value() is None

    refused = do(an, opened, "answers", text="The hole was filled with asphalt on Monday.")

    assert refused.status_code == 422
    assert "Say whether it is resolved." in text_of(refused)

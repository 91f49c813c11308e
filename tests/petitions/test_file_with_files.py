"""Files that came before the form: bound once however often it is sent; speaking instead of writing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.files.test_films import sample
from tests.petitions.conftest import HOLE, jpeg
from thudo.files.models import Attachment
from thudo.petitions.models import Petition

pytestmark = pytest.mark.usefixtures("town_built")


@pytest.fixture
def town_built(db: None, settings: Any, tmp_path: Path) -> None:
    from tests import town

    settings.FILES_DIR = tmp_path
    town.build()


def sent(browser: Client, key: str, **more: Any) -> Any:
    form = {"text": HOLE, "no_place": "on", "phone": "0900000001", "step": "sent"} | more
    return browser.post("/petitions/", form, headers={"idempotency-key": key})


def kept(browser: Client, name: str, content: bytes) -> str:
    given = {"file": SimpleUploadedFile(name, content)}
    return str(browser.post("/files/", given).json()["id"])


def test_a_form_whose_answer_was_lost_is_answered_again_with_its_photos() -> None:
    browser = Client()
    photo = kept(browser, "a.jpg", jpeg())

    first, again = sent(browser, "k", files=photo), sent(browser, "k", files=photo)

    assert first.status_code == again.status_code == 302, again.content
    assert first["Location"] == again["Location"]
    assert Petition.objects.count() == 1
    assert Attachment.objects.get().subject_id == str(Petition.objects.get().pk)


def test_who_speaks_need_not_write_and_the_desk_names_the_matter() -> None:
    browser = Client()
    spoken = kept(browser, "a.webm", sample("speech.webm"))

    assert sent(browser, "k", text="", sounds=spoken).status_code == 302

    petition = Petition.objects.get()
    assert (petition.service, petition.service_by, petition.handling) == ("", "desk", "case")
    assert petition.text.startswith("Phản ánh bằng lời nói")
    page = browser.get(f"/petitions/{petition.number}")
    assert f"/petitions/{petition.number}/files/{spoken}" in page.content.decode()
    assert Client().get(f"/petitions/{petition.number}/files/{spoken}").status_code == 404
    assert Client().get(f"/files/{spoken}").status_code == 404


def test_without_a_script_a_recording_travels_with_the_form() -> None:
    sound = SimpleUploadedFile("a.m4a", sample("speech.m4a"))

    assert sent(Client(), "k", text="", sounds=sound).status_code == 302
    assert Attachment.objects.get().media_type == "audio/mp4"


def test_a_photo_alone_says_too_little() -> None:
    browser = Client()

    answer = sent(browser, "k", text="", files=kept(browser, "a.jpg", jpeg()))

    assert answer.status_code == 422
    assert not Petition.objects.exists()

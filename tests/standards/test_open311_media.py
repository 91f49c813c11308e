"""Open311, photos: uploaded or lying at an address; a photo that cannot be had keeps nothing back."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests import town
from tests.standards.open311 import Open311
from tests.standards.test_open311_filing import number_of
from thudo.base.fetching import Unreachable
from thudo.files.models import Attachment
from thudo.petitions.models import Petition
from thudo.standards.open311.views import media

URL = "https://photos.example/hole.jpg"


@pytest.fixture
def open311(client: Client, small_town: town.Cast, settings: Any, tmp_path: Any) -> Open311:
    settings.FILES_DIR = tmp_path
    return Open311(client)


def picture(colour: str = "grey") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    out.seek(0)
    out.name = "photo.jpg"
    return out


def photos(number: str) -> list[Attachment]:
    petition = Petition.objects.get(number=number)
    return list(Attachment.objects.filter(subject_kind="petition", subject_id=str(petition.pk)))


def serve(monkeypatch: pytest.MonkeyPatch, *answers: bytes | Unreachable) -> list[str]:
    """What fetching answers, one after the other; returns the addresses that were asked for."""
    asked: list[str] = []

    def fetch(url: str, *, limit: int, seconds: float) -> bytes:
        answer = answers[len(asked)]
        asked.append(url)
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    monkeypatch.setattr(media, "fetch", fetch)
    return asked


def test_a_photo_at_an_address_is_kept_as_our_own(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, picture().read())
    number = number_of(open311.post("requests", {**sent, "media_url": URL}))
    assert asked == [URL]
    (photo,) = photos(number)
    assert (photo.media_type, photo.is_public) == ("image/jpeg", False)
    assert open311.get(f"requests/{number}")[0]["media_url"] == ""
    Attachment.objects.update(is_public=True)
    shown = open311.get(f"requests/{number}", extensions="true")[0]
    assert shown["media_url"] == f"http://localhost:8000/files/{photo.pk}"
    assert shown["extended_attributes"]["photos"][0]["media_url"] == shown["media_url"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Unreachable("down"), "could not be fetched"),
        (b"<html>a page about a photo</html>", "is not a photo"),
        (b"%PDF-1.7 not for addresses", "is not a photo"),
        (b"\xff\xd8\xff but broken", "cannot be read"),
    ],
)
def test_a_photo_that_cannot_be_had_is_said_and_the_petition_filed(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch, answer: Any, words: str
) -> None:
    serve(monkeypatch, answer)
    told = open311.post("requests", {**sent, "media_url": URL}, headers={"Accept-Language": "en"})
    assert words in told[0]["service_notice"]
    assert photos(number_of(told)) == []


def test_a_repetition_is_the_same_though_its_photo_can_be_had_now(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, Unreachable("down"), picture().read())
    first = open311.post("requests", {**sent, "media_url": URL})
    again = open311.post("requests", {**sent, "media_url": URL})
    assert number_of(first) == number_of(again)
    assert asked == [URL]


def test_several_photos_in_order_and_no_more_than_three_addresses(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, *[picture(c).read() for c in ("red", "green", "blue")])
    urls = [f"https://photos.example/{n}.jpg" for n in range(5)]
    number = number_of(open311.post("requests", {**sent, "media_url": urls}))
    assert asked == urls[:3]
    assert len(photos(number)) == 3


def test_uploads_of_any_name_are_kept_and_a_repetition_is_known_by_their_bytes(
    open311: Open311, sent: dict[str, Any]
) -> None:
    first = open311.post("requests", {**sent, "media": picture()})
    again = open311.post("requests", {**sent, "media": picture()})
    other = open311.post("requests", {**sent, "photo1": picture("red")})
    assert number_of(first) == number_of(again)
    assert [len(photos(number_of(told))) for told in (first, other)] == [1, 1]
    assert Attachment.objects.count() == 2


def test_an_upload_that_is_no_photo_is_said(open311: Open311, sent: dict[str, Any]) -> None:
    nonsense = io.BytesIO(b"nonsense")
    nonsense.name = "photo.jpg"
    told = open311.post("requests", {**sent, "media": nonsense}, headers={"Accept-Language": "en"})
    assert "Only photos" in told[0]["service_notice"]


def test_a_rehearsal_fetches_nothing(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch)
    Open311(open311.client, "/open311/test/v2").post("requests", {**sent, "media_url": URL})
    assert asked == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5433/", "http://169.254.169.254/latest", "file:///etc/passwd", "x", "http://["]
)  # fmt: skip
def test_our_own_networks_are_never_read(open311: Open311, sent: dict[str, Any], url: str) -> None:
    told = open311.post("requests", {**sent, "media_url": url}, headers={"Accept-Language": "en"})
    assert "could not be fetched" in told[0]["service_notice"]

"""Uploads: kept as drafts of one browser, public copies without what the camera wrote."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from thudo.base.errors import Invalid
from thudo.files import actions
from thudo.files.models import Attachment
from thudo.files.queries import drafts_of, public_path, small_path
from thudo.files.rules import CameraFacts

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def photo(size: tuple[int, int] = (2400, 1800), *, place: bool = False) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Phone of Mr A"
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {1: "N", 2: (21.0, 3.0, 0.0), 3: "E", 4: (105.0, 3.0, 0.0)}
        )
    out = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def keep(content: bytes, key: str = "d", **more: Any) -> Attachment:
    return actions.keep_upload(io.BytesIO(content), draft_key=key, actor="resident", at=AT, **more)


def test_public_copies_hold_nothing_that_the_camera_wrote() -> None:
    row = keep(photo(place=True))

    with Image.open(public_path(row.digest)) as large, Image.open(small_path(row.digest)) as small:
        assert not large.getexif()
        assert max(large.size) == 1600
        assert max(small.size) == 480
    assert b"Phone of Mr A" not in public_path(row.digest).read_bytes()
    assert (row.longitude, row.latitude) == (105.05, 21.05)


def test_what_the_browser_read_before_scaling_completes_a_photo_that_says_nothing() -> None:
    facts = CameraFacts(AT, 105.1, 21.1)

    scaled, original = keep(photo(), facts=facts), keep(photo(place=True), facts=facts)

    assert (scaled.longitude, scaled.taken_at) == (105.1, AT)
    assert original.longitude == 105.05


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<svg onload=x>", b"\xff\xd8\xff broken"], ids=["empty", "text", "svg", "torn"]
)  # fmt: skip
def test_what_is_no_photo_or_document_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(content)

    assert "file" in refusal.value.fields
    assert Attachment.objects.count() == 0


def test_a_file_too_large_is_refused(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000

    with pytest.raises(Invalid) as refusal:
        keep(photo())

    assert "file" in refusal.value.fields


def test_a_browser_sees_its_own_drafts_only() -> None:
    mine, other = keep(photo(), "mine"), keep(photo(), "other")
    ids = [str(other.pk), str(mine.pk), str(mine.pk), "no-id"]

    assert drafts_of("mine", ids) == [mine]
    assert drafts_of("", ids) == []


def test_a_draft_of_another_browser_cannot_be_bound() -> None:
    other = keep(photo(), "other")

    bound = actions.bind_files(
        [str(other.pk)], draft_key="mine", kind="petition", subject="1", public=False
    )

    assert bound == []


def test_an_upload_answers_with_its_place_and_only_its_browser_may_look() -> None:
    browser, stranger = Client(), Client()
    given = {
        "file": SimpleUploadedFile("a.jpg", photo()),
        "lon": "105.2",
        "lat": "21.2",
        "taken_at": "2026-02-13T16:45:00",
    }
    answer = browser.post("/files/", given, headers={"accept": "application/json"}).json()

    assert (answer["lon"], answer["lat"]) == (105.2, 21.2)
    assert answer["taken_at"].startswith("2026-02-13T16:45:00")
    shown = browser.get(answer["small"])
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["Content-Security-Policy"] == "sandbox"
    assert shown.getvalue()[:4] == b"RIFF"
    assert stranger.get(answer["small"]).status_code == 404


@pytest.mark.parametrize(
    "given", [{"lon": "200", "lat": "21"}, {"lon": "x", "lat": ""}, {"lon": "105.2"}]
)
def test_a_place_that_is_none_is_left_out(given: dict[str, str]) -> None:
    body = given | {"file": SimpleUploadedFile("a.jpg", photo())}

    assert Client().post("/files/", body).json()["lon"] is None


def test_drafts_that_nobody_sent_are_swept_with_their_bytes(folder: Path) -> None:
    row = keep(photo())

    assert actions.sweep_drafts(at=AT + timedelta(days=8)) == 1
    assert not public_path(row.digest).exists()

"""tus 1.0 as a strict client sees it."""

import base64
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.files.test_uploads import AT, photo
from thudo.base.errors import Refused
from thudo.files import actions
from thudo.files.models import Attachment, Upload
from thudo.files.queries import original_path, part_path, parts_folder
from thudo.files.rules import CameraFacts

TUS = {"tus-resumable": "1.0.0"}
BODY = "application/offset+octet-stream"
PHOTO = photo((300, 200))


def encoded(**given: str) -> str:
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in given.items())
    return ",".join(f"{key} {value}" for key, value in pairs)


def announce(browser: Client, length: int | str = len(PHOTO), **more: str) -> Any:
    headers = TUS | {"upload-length": str(length)} | more
    return browser.post("/files/uploads/", data=b"", content_type="text/plain", headers=headers)


def place(browser: Client, length: int = len(PHOTO), metadata: str = "") -> str:
    answer = announce(browser, length, **{"upload-metadata": metadata})
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])


def piece(browser: Client, url: str, content: bytes, offset: int | str, **more: str) -> Any:
    kind = more.pop("kind", BODY)
    headers = TUS | {"upload-offset": str(offset)} | more
    # The test client leaves both out where there is no content.
    sent = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(content))}
    return browser.patch(url, content, content_type=kind, headers=headers, **sent)  # type: ignore[arg-type]


def asked(browser: Client, url: str) -> Any:
    return browser.head(url, headers=TUS)


def id_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_what_is_spoken_here_is_said() -> None:
    answer = Client().options("/files/uploads/")

    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert (
        answer["Tus-Extension"] == "creation,creation-with-upload,expiration,termination,checksum"
    )
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256,md5"
    assert int(answer["Tus-Max-Size"]) == 64 * 1024 * 1024


def test_a_file_in_three_pieces_becomes_a_draft_of_its_browser() -> None:
    browser = Client()
    given = encoded(purpose="matter", lon="105.2", lat="21.2", filename="hố.jpg")
    url = place(browser, metadata=given)
    assert asked(browser, url)["Upload-Offset"] == "0"

    half, more = len(PHOTO) // 2, len(PHOTO) // 2 + 10
    assert piece(browser, url, PHOTO[:half], 0)["Upload-Offset"] == str(half)
    assert piece(browser, url, PHOTO[half:more], half)["Upload-Offset"] == str(more)
    told = asked(browser, url)
    last = piece(browser, url, PHOTO[more:], more)

    assert (told["Upload-Offset"], told["Upload-Length"]) == (str(more), str(len(PHOTO)))
    assert told["Upload-Metadata"] == given
    assert "no-store" in told["Cache-Control"]
    assert told["Upload-Expires"].endswith("GMT")
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(PHOTO)))
    kept = Attachment.objects.get()
    assert str(kept.pk) == id_of(url)
    assert (kept.media_type, kept.longitude, kept.width) == ("image/jpeg", 105.2, 300)
    assert original_path(kept.digest).read_bytes() == PHOTO
    assert list(parts_folder().iterdir()) == []
    assert browser.get(f"/files/{kept.pk}/small").getvalue()[:4] == b"RIFF"


def test_a_small_file_comes_with_its_announcement() -> None:
    browser, pk = Client(), str(uuid4())
    headers = TUS | {"upload-length": str(len(PHOTO)), "upload-metadata": encoded(id=pk)}

    answer = browser.post("/files/uploads/", PHOTO, content_type=BODY, headers=headers)

    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(PHOTO)))
    assert id_of(answer["Location"]) == pk
    assert str(Attachment.objects.get().pk) == pk


def test_the_same_id_is_announced_once() -> None:
    browser, given = Client(), {"upload-metadata": encoded(id=str(uuid4()))}
    url = place(browser, metadata=given["upload-metadata"])

    assert announce(browser, **given).status_code == 409
    assert announce(Client(), **given).status_code == 409
    piece(browser, url, PHOTO, 0)
    Upload.objects.all().delete()
    assert announce(browser, **given).status_code == 409


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"tus-resumable": "0.2.0"}, 412), ({}, 412),
        (TUS | {"upload-length": "-1"}, 400), (TUS | {"upload-length": "1e3"}, 400), (TUS, 400),
        (TUS | {"upload-length": "9", "upload-defer-length": "1"}, 400),
        (TUS | {"upload-length": "9", "upload-metadata": "name !!"}, 400),
        (TUS | {"upload-length": "9", "upload-metadata": "a YQ==,a YQ=="}, 400),
        (TUS | {"upload-length": "0"}, 422), (TUS | {"upload-length": str(65 * 1024 * 1024)}, 413),
    ],
)  # fmt: skip
def test_a_wrong_announcement_is_refused(headers: dict[str, str], status: int) -> None:
    answer = Client().post("/files/uploads/", b"", content_type="text/plain", headers=headers)

    assert answer.status_code == status, answer.content
    assert answer["Tus-Resumable"] == "1.0.0"
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.get("Tus-Version") == "1.0.0") == (status == 412)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("offset", "content", "more", "status"),
    [
        (5, PHOTO[:10], {}, 409), (0, PHOTO[:10], {"kind": "text/plain"}, 415),
        ("", PHOTO[:10], {}, 400), ("-1", PHOTO[:10], {}, 400), (0, PHOTO + b"x", {}, 413),
        (0, PHOTO[:10], {"tus-resumable": "2.0.0"}, 412),
        (0, PHOTO[:10], {"upload-checksum": "sha1 AAAA"}, 460),
        (0, PHOTO[:10], {"upload-checksum": "crc9 AAAA"}, 400),
    ],
)  # fmt: skip
def test_a_wrong_piece_changes_nothing(
    offset: Any, content: bytes, more: dict[str, str], status: int
) -> None:
    browser = Client()
    url = place(browser)

    answer = piece(browser, url, content, offset, **more)

    assert answer.status_code == status, answer.content
    assert asked(browser, url)["Upload-Offset"] == "0"
    assert len(list(parts_folder().iterdir())) == 1


def test_a_piece_with_its_checksum_is_kept() -> None:
    browser = Client()
    url = place(browser)
    digest = base64.b64encode(hashlib.sha256(PHOTO).digest()).decode()

    answer = piece(browser, url, PHOTO, 0, **{"upload-checksum": f"sha256 {digest}"})

    assert answer.status_code == 204
    assert Attachment.objects.exists()


def test_another_browser_sees_nothing_of_an_upload() -> None:
    url = place(Client())

    for stranger in (Client(), Client(headers={"cookie": "thudo_draft=x"})):
        assert asked(stranger, url).status_code == 404
        assert piece(stranger, url, PHOTO, 0).status_code == 404
        assert stranger.delete(url, headers=TUS).status_code == 404
    assert part_path(id_of(url)).stat().st_size == 0


def test_an_upload_can_be_ended_and_is_gone() -> None:
    browser = Client()
    begun, done = place(browser), place(browser)
    piece(browser, begun, PHOTO[:100], 0)
    piece(browser, done, PHOTO, 0)

    for url in (begun, done):
        assert browser.delete(url, headers=TUS).status_code == 204
        assert asked(browser, url).status_code == 404
    assert not Attachment.objects.exists()
    assert list(parts_folder().iterdir()) == []


def test_methods_that_a_network_forbids_travel_in_a_header() -> None:
    browser = Client()
    url = place(browser)
    headers = TUS | {"upload-offset": "0", "x-http-method-override": "PATCH"}

    answer = browser.post(url, PHOTO[:10], content_type=BODY, headers=headers)

    assert answer.status_code == 204
    assert browser.post(url, b"", content_type=BODY, headers=TUS).status_code == 405


def test_what_is_not_taken_is_refused_with_its_first_bytes_and_leaves_nothing() -> None:
    browser = Client()
    url = place(browser, 1_000_000)

    answer = piece(browser, url, b"<svg onload=x>" * 10, 0)

    assert answer.status_code == 422
    assert answer.json()["title"].endswith(".")
    assert asked(browser, url).status_code == 404
    assert list(parts_folder().iterdir()) == []


def test_a_photo_larger_than_a_photo_may_be_is_refused_before_it_travels(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000_000
    browser = Client()

    answer = piece(browser, place(browser, 1_000_001), PHOTO[:200], 0)

    assert answer.status_code == 422


def test_a_torn_photo_leaves_nothing() -> None:
    browser, torn = Client(), PHOTO[:400]

    answer = piece(browser, place(browser, len(torn)), torn, 0)

    assert answer.status_code == 422
    assert not Attachment.objects.exists()
    assert [p for p in parts_folder().parent.rglob("*") if p.is_file()] == []


def test_the_last_answer_may_be_lost() -> None:
    browser = Client()
    url = place(browser)
    piece(browser, url, PHOTO, 0)

    assert asked(browser, url)["Upload-Offset"] == str(len(PHOTO))
    assert piece(browser, url, b"", len(PHOTO)).status_code == 204
    assert Attachment.objects.count() == 1


def test_a_server_killed_before_the_draft_was_made_makes_it_when_asked() -> None:
    browser = Client()
    url = place(browser)
    part_path(id_of(url)).write_bytes(PHOTO)

    assert asked(browser, url)["Upload-Offset"] == str(len(PHOTO))
    assert str(Attachment.objects.get().pk) == id_of(url)


def test_what_came_before_a_network_broke_is_kept() -> None:
    upload = begun()
    blocks = iter([PHOTO[:100], PHOTO[100:150]])

    def broken(_count: int) -> bytes:
        try:
            return next(blocks)
        except StopIteration:
            raise OSError("reset") from None

    assert actions.append_piece(upload, broken, 500, offset=0) == 150
    assert actions.offset_of(upload, AT) == 150


def test_an_expired_upload_is_gone_and_swept() -> None:
    browser = Client()
    url = place(browser)
    Upload.objects.update(expires_at=AT)

    assert asked(browser, url).status_code == 410
    assert piece(browser, url, PHOTO, 0).status_code == 410
    assert actions.sweep_uploads(at=AT + timedelta(days=1)) == 1
    assert asked(browser, url).status_code == 404


def test_parts_and_contents_that_nobody_names_are_swept() -> None:
    kept, now_and_later = begun(), AT + timedelta(days=3650)
    Upload.objects.update(expires_at=now_and_later)
    stray, orphan = part_path("stray"), original_path("ab" * 32)
    for path in (stray, orphan):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")

    actions.sweep_uploads(at=now_and_later)

    assert not stray.exists()
    assert part_path(kept.pk).exists()
    assert actions.sweep_orphans(0xAB, at=now_and_later) == 1
    assert not orphan.exists()


def test_one_browser_cannot_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thudo.files.actions.uploading.MOST_DRAFTS", 2)
    browser = Client()
    place(browser), place(browser)

    assert announce(browser).status_code == 413
    assert announce(Client()).status_code == 201


def test_a_full_disk_takes_no_more_and_says_so(settings: Any) -> None:
    settings.LEAST_FREE_BYTES = 1 << 60

    assert announce(Client()).status_code == 507


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_the_same_piece_one_is_heard_and_the_file_is_kept_once() -> None:
    upload = begun()

    def send(_turn: int) -> int:
        try:
            end = actions.append_piece(upload, io.BytesIO(PHOTO).read, len(PHOTO), offset=0)
            actions.finish_upload(upload, CameraFacts(), "matter", at=AT)
        except Refused as refused:
            return refused.status
        finally:
            connection.close()
        return end

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(send, range(6)))

    assert outcomes.count(len(PHOTO)) == 1
    assert set(outcomes) <= {len(PHOTO), 409, 410}
    row = Attachment.objects.get()
    assert original_path(row.digest).read_bytes() == PHOTO


def begun() -> Upload:
    return actions.create_upload(uuid4(), len(PHOTO), "", draft_key="d", actor="resident", at=AT)


def test_a_folder_of_parts_is_made_when_it_is_needed(folder: Path) -> None:
    assert not (folder / "uploads").exists()
    place(Client())
    assert (folder / "uploads").is_dir()

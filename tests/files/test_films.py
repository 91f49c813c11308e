"""Films and recordings: told by their content, measured by their container, never public."""

import io
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.files.test_uploads import AT
from thudo.base.errors import Invalid
from thudo.files import actions
from thudo.files.models import Attachment
from thudo.files.rules import HEAD, Torn, Unsatisfiable, byte_range, film_facts, media_type

# Two seconds each, as Chromium's own recorder writes them (its test picture and tone).
SAMPLES = Path(__file__).with_name("samples")
KINDS = {
    "film.mp4": "video/mp4", "film.webm": "video/webm",
    "speech.m4a": "audio/mp4", "speech.webm": "audio/webm",
}  # fmt: skip


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def clock(ticks: int, length: int) -> bytes:
    return struct.pack(">5I", 0, 0, 0, ticks, length) + bytes(80)


def whole_mp4(seconds: int, handler: bytes = b"vide") -> bytes:
    """A film as a phone writes it: the header behind the pictures."""
    media = box(b"mdhd", clock(600, 600 * seconds)) + box(b"hdlr", bytes(8) + handler + bytes(12))
    track = box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", media))
    header = box(b"moov", box(b"mvhd", clock(1000, 1000 * seconds)) + track)
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", bytes(500)) + header


def page(granule: int, content: bytes) -> bytes:
    head = b"OggS" + bytes(2) + struct.pack("<q", granule) + bytes(12) + bytes([1, len(content)])
    return head + content


def opus(seconds: int) -> bytes:
    start = page(0, b"OpusHead\x01\x01" + struct.pack("<HI", 312, 48000) + bytes(3))
    return start + page(48000 * seconds + 312, bytes(40))


def facts(content: bytes) -> tuple[str, float]:
    media = media_type(content[:HEAD])
    assert media
    found = film_facts(io.BytesIO(content), media)
    return found.media_type, found.seconds


def keep(content: bytes) -> Attachment:
    return actions.keep_upload(io.BytesIO(content), draft_key="d", actor="resident", at=AT)


@pytest.mark.parametrize("name", KINDS)
def test_what_a_browser_records_is_told_and_measured(name: str) -> None:
    media, seconds = facts(sample(name))

    assert media == KINDS[name]
    assert seconds == pytest.approx(1.95, abs=0.1)


def test_whole_films_recordings_and_ogg_are_measured() -> None:
    assert facts(whole_mp4(30)) == ("video/mp4", 30.0)
    assert facts(whole_mp4(30, b"soun")) == ("audio/mp4", 30.0)
    assert facts(whole_mp4(9).replace(b"isom", b"qt  ")) == ("video/quicktime", 9.0)
    assert facts(opus(7)) == ("audio/ogg", 7.0)


@pytest.mark.parametrize(
    "content",
    [
        box(b"ftyp", b"isom" + bytes(4)), box(b"ftyp", b"isom") + box(b"moov"),
        sample("film.mp4")[:2000], sample("film.webm")[:700], b"OggS" + bytes(60),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 1 << 31, b"moov"),
        sample("film.webm").replace(b"webm", b"matr"), box(b"ftyp", b"isom") + box(b"free") * 250_000,
    ],
    ids=["no header", "empty", "torn mp4", "torn webm", "ogg", "lie", "matroska", "many parts"],
)  # fmt: skip
def test_what_is_no_whole_film_is_refused_and_leaves_nothing(content: bytes, folder: Path) -> None:
    with pytest.raises(Invalid):
        keep(content)

    assert [path for path in folder.rglob("*") if path.is_file()] == []


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 4000), st.binary(max_size=40))
def test_no_content_breaks_the_reader(name: str, at: int, noise: bytes) -> None:
    content = sample(name)
    content = content[:at] + noise + content[at + len(noise) :]
    media = media_type(content[:HEAD])

    if media and media.partition("/")[0] in {"video", "audio"}:
        with suppress(Torn):
            film_facts(io.BytesIO(content), media)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_still_pictures_in_the_same_container_are_no_films(brand: bytes) -> None:
    assert media_type(box(b"ftyp", brand + bytes(4))) is None


def test_a_film_too_long_is_refused_with_its_limit() -> None:
    with pytest.raises(Invalid) as refusal:
        keep(whole_mp4(63))

    assert "60" in refusal.value.sentence
    assert keep(whole_mp4(61)).seconds == 61


def test_a_recording_may_be_longer_but_not_larger(settings: object) -> None:
    assert keep(whole_mp4(119, b"soun")).seconds == 119
    with pytest.raises(Invalid):
        keep(whole_mp4(124, b"soun"))
    with pytest.raises(Invalid):
        keep(whole_mp4(10, b"soun") + box(b"free", bytes(9 * 1024 * 1024)))


def test_a_film_is_never_public() -> None:
    film = keep(sample("film.mp4"))
    actions.bind_files([str(film.pk)], draft_key="d", kind="case", subject="1", public=False)

    actions.publish_files("case", "1", purposes=["matter"])

    film.refresh_from_db()
    assert not film.is_public
    film.is_public = True
    with pytest.raises(IntegrityError):
        film.save()


def test_a_player_gets_the_bytes_it_asks_for() -> None:
    browser, content = Client(), sample("film.mp4")
    kept = browser.post("/files/", {"file": SimpleUploadedFile("a.mp4", content)}).json()
    assert kept["kind"] == "film"
    assert kept["small"] is None

    whole = browser.get(kept["url"])
    first = browser.get(kept["url"], headers={"range": "bytes=0-1"})
    rest = browser.get(kept["url"], headers={"range": "bytes=1000-"})
    tail = browser.get(kept["url"], headers={"range": "bytes=-10"})
    old = browser.get(kept["url"], headers={"range": "bytes=0-1", "if-range": '"other"'})
    beyond = browser.get(kept["url"], headers={"range": "bytes=99999-"})

    assert (whole["Accept-Ranges"], whole["Content-Type"]) == ("bytes", "video/mp4")
    assert (first.status_code, first["Content-Range"]) == (206, f"bytes 0-1/{len(content)}")
    assert first.getvalue() == content[:2]
    assert rest.getvalue() == content[1000:]
    assert tail.getvalue() == content[-10:]
    assert old.status_code == 200
    assert old.getvalue() == content
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert whole.getvalue() == content


@pytest.mark.parametrize(
    ("asked", "part"),
    [("", None), ("bytes=2-4", (2, 4)), ("bytes=2-999", (2, 9)), ("bytes=-3", (7, 9)),
     ("bytes=5-2", None), ("bytes=0-1,4-5", None), ("lines=1-2", None), ("bytes=-", None),
     ("bytes=-99", (0, 9))],
)  # fmt: skip
def test_ranges(asked: str, part: tuple[int, int] | None) -> None:
    assert byte_range(asked, 10) == part


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=-0"])
def test_ranges_outside(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(asked, 10)

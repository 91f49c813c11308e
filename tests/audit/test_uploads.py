"""Bad files at the real front: refused with a sentence, nothing left behind, nothing told of the camera."""

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.stack import CAMERA, Answer, Caller, Stack, jpeg

pytestmark = pytest.mark.audit
TOKEN = "uploads-of-the-audit"


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a megabyte that unpacks to 2.7 GB."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    line = zlib.compress(bytes(1 + 3 * side) * 40, 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", line), (b"IEND", b""))
    )


BAD = {
    "a torn photo": jpeg()[: len(jpeg()) // 2],
    "a picture that unpacks to gigabytes": bomb(),
    "a picture just above what is taken": bomb(9_000),
    "a program called a photo": b"<?php system($_GET['x']); ?>",
    "a program behind the first bytes of a photo": b"\xff\xd8\xff<?php system($_GET['x']); ?>",
    "a page that calls itself a picture": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "nothing": b"",
    "25 MB": b"\xff\xd8\xff" + os.urandom(1024) * 25 * 1024,
}


def stored(stack: Stack) -> set[Path]:
    return {path for path in (stack.data / "files").rglob("*") if path.is_file()}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    stack: Stack, content: bytes
) -> None:
    before = stored(stack)
    program, browser = Caller(stack.url), Caller(stack.url)
    browser.page("/petitions/new")
    token = next(c.value for c in browser.cookies if c.name == "csrftoken")

    told: Answer = program.upload("/api/v1/files", content, x_client_token=TOKEN)
    asked = browser.upload("/files/", content, x_csrftoken=token or "", accept="application/json")

    for answer in (told, asked):
        assert answer.status == 422, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["title"].endswith(".")
    assert stored(stack) == before


def test_nothing_of_the_camera_is_in_what_others_may_see(stack: Stack) -> None:
    browser = Caller(stack.url)
    browser.page("/petitions/new")
    token = next(c.value for c in browser.cookies if c.name == "csrftoken")
    kept = browser.upload("/files/", jpeg((7, 8, 9)), x_csrftoken=token or "")
    assert kept.status == 201, kept.text
    assert kept.json()["lon"] == pytest.approx(105.813)

    for address in (kept.json()["url"], kept.json()["small"]):
        content = browser.send("GET", address).body
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
            assert "exif" not in picture.info
            assert "xmp" not in picture.info
        assert CAMERA.encode() not in content
        assert Caller(stack.url).send("GET", address).status == 404


def test_a_program_behind_a_whole_photo_never_reaches_anybody(stack: Stack) -> None:
    browser = Caller(stack.url)
    browser.page("/petitions/new")
    token = next(c.value for c in browser.cookies if c.name == "csrftoken")
    kept = browser.upload(
        "/files/", jpeg((3, 2, 1)) + b"<?php system(); ?>", x_csrftoken=token or ""
    )
    assert kept.status == 201

    shown = browser.send("GET", kept.json()["url"])

    assert b"<?php" not in shown.body
    assert shown.headers["Content-Type"] == "image/webp"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert [p for p in stored(stack) if p.suffix not in {"", ".webp", ".jpg"}] == []

"""What a person sees of a page, and small photos to send."""

import io
import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from thudo.cases.models import Case


def text_of(answer: Any) -> str:
    """The words of a page without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def do(client: Client, case: Case, noun: str, **typed: Any) -> Any:
    """One deed as the page sends it, with the version the case has now unless `seen` is given."""
    case.refresh_from_db()
    return client.post(f"/cases/{case.pk}/{noun}", {"seen": case.version, **typed})


def photo(name: str = "after.jpg") -> SimpleUploadedFile:
    """A picture as a browser without scripts sends it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")

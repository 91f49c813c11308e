"""What a person sees of a page, and small photos to send."""

import io
import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from thudo.base.identifiers import new_id
from thudo.cases.models import Case
from thudo.petitions.models import Petition, PetitionCase


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


def petition_of(case: Case) -> Petition:
    """A public petition behind a case that was opened without one."""
    petition = Petition.objects.create(
        id=new_id(), number=case.numbers[0], secret=b"", stream="field", service=case.service,
        service_by="person", channel="web", text=case.matter, salt=b"", folded="", area=case.area,
        is_public=True, filed_at=case.opened_at, pack_version=case.pack_version,
    )  # fmt: skip
    PetitionCase.objects.create(petition=petition, case=case)
    return petition

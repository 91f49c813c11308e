"""The page for a person who was asked to wait: what he typed is still there, to be sent again."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from thudo.base import refusal
from thudo.base.errors import Refused

UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
_SECRET = ("csrfmiddlewaretoken", "password")


def kept_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence, and a form with every field of the request and one button."""
    fields = _fields(request)
    page = {
        "sentence": refused.sentence,
        "typed": [one for one in fields if one[0] not in _SECRET],
        "is_form": request.method == "POST",
        # A password is never put into a page: it is typed again where it was typed.
        "asks_again": any(name == "password" for name, _value in fields),
        "has_files": bool(fields and request.FILES),
        "back": refusal.back(request),
        "address": request.get_full_path(),
    }
    return render(request, "base/too_many.html", page, status=refused.status)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of every field of a form."""
    if request.method != "POST":
        return []
    try:
        return [(name, value) for name, some in request.POST.lists() for value in some]
    except UNREADABLE:
        return []

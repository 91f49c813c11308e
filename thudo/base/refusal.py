"""A refusal as a person or a machine reads it: a page with a way back, or RFC 9457."""

import json
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from thudo.base.errors import Refused


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence of `refused` with its status, in the form that the caller reads."""
    if wants_json(request):
        return problem(refused.status, refused.code, str(refused.sentence), **refused.extra)
    page = {
        "sentence": refused.sentence,
        "fields": refused.extra.get("fields") or {},
        "back": back(request),
        "typed": request.method == "POST",
    }
    return render(request, "base/refused.html", page, status=refused.status)


def problem(status: int, code: str, sentence: str, **extra: object) -> HttpResponse:
    """application/problem+json; `code` is a stable word for machines, `extra` more members."""
    body = {
        "type": f"urn:thudo:problem:{code}",
        "title": sentence,
        "status": status,
        "code": code,
        **{name: value for name, value in extra.items() if value not in (None, {}, [])},
    }
    text = json.dumps(body, ensure_ascii=False, default=str)
    response = HttpResponse(text, content_type="application/problem+json", status=status)
    patch_vary_headers(response, ["Accept"])
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program: the address or its Accept header says so."""
    if request.path.startswith("/api/"):
        return True
    kinds = ["text/html", "application/json", "application/problem+json"]
    return request.get_preferred_type(kinds) in kinds[1:]


def back(request: HttpRequest) -> str:
    """The page of this site that the person came from, else the front page."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or parts.path == request.path:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")

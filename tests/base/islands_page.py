"""Addresses of a page with every island, and of what the islands ask; for test_layout_islands."""

import base64
import json
import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http import StreamingHttpResponse as Stream
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

FORM = """{% extends "base/layout.html" %}{% block title %}Form{% endblock %}{% block main %}
<draft-form data-key="petition"><form method="post" action="/form">{% csrf_token %}<h1>Form</h1>
{% if wrong %}<p id="errors" tabindex="-1">wrong</p>{% endif %}
<photo-field><label for="photos">Photos</label><input id="photos" type="file" name="photos" multiple></photo-field>
<place-picker><div class="field"><label for="place">Place</label><input id="place" name="place"></div></place-picker>
<div class="field"><label for="text">Text</label><textarea id="text" name="text"></textarea></div>
<service-suggest><div data-danger hidden>call</div><div data-chips></div><div data-similar hidden></div></service-suggest>
<button id="send">Send</button></form></draft-form>
<live-region data-topics="case:1" data-refresh="/fragment"><p data-live-state></p>
<div data-live-body><ul><li id="a">A</li><li id="b">B</li></ul></div></live-region>
{% endblock %}"""
THANKS = """{% extends "base/layout.html" %}{% block title %}Thanks{% endblock %}
{% block main %}<h1>Thanks</h1><draft-form data-clear="petition"></draft-form>{% endblock %}"""

received: list[dict[str, str]] = []
uploads: list[dict[str, object]] = []


def form(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request, FORM)
    if "wrong" in request.POST["text"]:
        return page(request, FORM, status=422, wrong=True)
    received.append({**request.POST.dict(), "header": request.headers.get("Idempotency-Key", "")})
    return HttpResponseRedirect("/thanks")


def thanks(request: HttpRequest) -> HttpResponse:
    return page(request, THANKS)


def page(request: HttpRequest, source: str, status: int = 200, **context: object) -> HttpResponse:
    html = engines["django"].from_string(source).render(context, request)
    return HttpResponse(html, status=status)


def announced(request: HttpRequest) -> HttpResponse:
    """tus: a file with its first piece."""
    pairs = [pair.split(" ", 1) for pair in request.headers["Upload-Metadata"].split(",")]
    given = {name: base64.b64decode(value).decode() for name, value in pairs}
    length = int(request.headers["Upload-Length"])
    uploads.append({**given, "body": request.body, "length": length})
    return arrived(uploads[-1], 201)


def piece(request: HttpRequest, pk: str) -> HttpResponse:
    """tus: the next piece of it, or how much is there."""
    upload = next(one for one in uploads if one["id"] == pk)
    if request.method == "PATCH":
        upload["body"] += request.body  # type: ignore[operator]
    return arrived(upload, 204)


def arrived(upload: dict[str, object], status: int) -> HttpResponse:
    size = len(upload["body"])  # type: ignore[arg-type]
    return HttpResponse(status=status, headers={"Upload-Offset": str(size)})


def places(request: HttpRequest) -> HttpResponse:
    rows = [
        {"label": "Ngõ 168", "detail": "phường Khương Đình", "lon": 105.8155, "lat": 20.9935},
        {"label": "Đường Khương Đình", "detail": "", "lon": None, "lat": None},
    ]
    return JsonResponse({"places": rows})


def suggestions(request: HttpRequest) -> HttpResponse:
    answer = {
        "service": {"code": "flooding", "name": "Ngập úng"},
        "alternatives": [{"code": "manhole", "name": "Hố ga"}],
        "danger": "cháy" in request.POST["text"],
        "similar": '<ul class="similar-cards"><li><a href="/x">12 Khương Đình</a></li></ul>',
    }
    return JsonResponse(answer)


def grants(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"url": "/live/stream?grant=x&after=5", "position": 5})


def stream(request: HttpRequest) -> Stream:
    return Stream(entries(int(request.GET["after"])), content_type="text/event-stream")


def entries(after: int) -> Iterator[str]:
    """One entry of the case that the page follows, one of another; then the stream ends."""
    for position, case in ((after + 1, "1"), (after + 2, "2")):
        body = {
            "position": position,
            "action": "case.begun",
            "subject": {"kind": "case", "id": case},
            "at": "2026-02-13T09:45:00Z",
            "data": {},
        }
        time.sleep(0.2)
        yield f"id: {position}\ndata: {json.dumps(body)}\n\n"


def fragment(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<ul><li id="a">A</li><li id="b">B changed</li></ul>')


urlpatterns = [
    path("form", form),
    path("thanks", thanks),
    path("files/uploads/", csrf_exempt(announced)),
    path("files/uploads/<str:pk>", csrf_exempt(piece)),
    path("places", places),
    path("petitions/suggestions", suggestions),
    path("live/grants", grants),
    path("live/stream", stream),
    path("fragment", fragment),
    path("", include("thudo.base.urls")),
]

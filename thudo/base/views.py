"""Pages that belong to no slice: faults, display choices, the showcase of the design system."""

from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from thudo.base import clock, installable, refusal, showcase
from thudo.base.context import TEXT_COOKIE, THEME_COOKIE, THEMES, brand_colour
from thudo.base.marks import public

_YEAR = 365 * 24 * 3600


# Exempt: it stores how this browser likes to read and nothing else, and a token here would put
# a cookie on every public page.
@public
@csrf_exempt
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remembers language, theme and text size; then back to the page `next`."""
    response = HttpResponseRedirect(_next(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    if "theme" in request.POST:
        theme = request.POST["theme"]
        _remember(response, THEME_COOKIE, theme if theme in THEMES else "")
    if "text" in request.POST:
        _remember(response, TEXT_COOKIE, "large" if request.POST["text"] == "large" else "")
    return response


@public
@require_safe
def brand(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The pack's colour as a style sheet, since pages carry no inline style."""
    colour = brand_colour()
    rule = f"--brand:{colour};--brand-hover:{colour}"
    light = f"@media (prefers-color-scheme:light){{:root{{{rule}}}}}"
    sheet = f"@layer tokens{{{light}:root[data-theme=light]{{{rule}}}}}" if colour else ""
    return HttpResponse(sheet, content_type="text/css", headers={"Cache-Control": "max-age=3600"})


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /manifest.webmanifest: what a phone needs to install the site as an app."""
    found = installable.manifest(
        get_language() or settings.LANGUAGE_CODE,
        gettext("What the city promised: who answers, by when, and what came of it."),
        gettext("Send a report"),
    )
    response = JsonResponse(found, content_type="application/manifest+json")
    response["Cache-Control"] = "max-age=3600"
    return response


@public
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /service-worker.js, at the root so that its scope is the whole site."""
    script = installable.service_worker()
    return HttpResponse(
        script, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands where no network is."""
    return render(request, "base/offline.html")


@public
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on invented data; where developers and demos can see it."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "base/design.html", showcase.examples(clock.now()))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the browser sent something that cannot be read."""
    return _fault(request, 400, "bad_request", gettext("This request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403: signed in or not, this page is not for this person."""
    return _fault(request, 403, "not_allowed", gettext("This page is not open to you."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: no such address."""
    return _fault(request, 404, "not_found", gettext("There is no page at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page must not touch the database, which may be the cause."""
    return _fault(request, 500, "fault", gettext("Something went wrong on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 when the form's token is missing or old: nothing typed is lost."""
    return _fault(request, 403, "form_expired", gettext("The form was open for too long."))


def _fault(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if refusal.wants_json(request):
        return refusal.problem(status, code, sentence)
    page: dict[str, Any] = {"sentence": sentence, "code": code, "back": refusal.back(request)}
    return render(request, "base/fault.html", page, status=status)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else "/"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    """Readable by the page's own script, which changes the display without a reload."""
    response.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )

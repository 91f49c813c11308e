"""Feeds and downloads."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.context import city_name
from thudo.base.errors import NotFound
from thudo.directory.queries import directory, say
from thudo.operations.queries import export, listing, shown
from thudo.operations.queries.views_of import views_of
from thudo.operations.rules import Filters

FEED_LENGTH = 50
# What the city has not said of its licence in the pack.
_LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}


@gate("page.public")
@require_safe
def atom(request: Request, code: str = "") -> HttpResponse:  # noqa: ARG001
    """The newest public petitions of the city or of one ward."""
    area = directory().areas.get(code) if code else None
    if code and area is None:
        raise NotFound(_("There is no ward or commune with this code."))
    path = f"/feeds/areas/{code}.atom" if code else "/feeds/petitions.atom"
    city = city_name(get_language() or "")
    feed = Atom1Feed(
        title=_("Reports to %(place)s") % {"place": say(area.full_name) if area else city},
        link=f"{settings.PUBLIC_URL}/petitions/" + (f"?area={code}" if code else ""),
        description="",
        language=get_language(),
        author_name=city,
        feed_url=settings.PUBLIC_URL + path,
        feed_guid=settings.PUBLIC_URL + path,
        subtitle=_("What was reported, who has it and by when the result is promised."),
    )
    _fill(feed, listing.latest(Filters(area=code), at=now(), limit=FEED_LENGTH))
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@gate("page.public")
@require_safe
def petitions_csv(request: Request) -> StreamingHttpResponse:  # noqa: ARG001
    """A row for every petition; what each column holds is in petitions.json beside it."""
    response = StreamingHttpResponse(_lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="petitions.csv"'
    response["Link"] = '</open/petitions.json>; rel="describedby"'
    return response


@gate("page.public")
@require_safe
def petitions_json(request: Request) -> JsonResponse:  # noqa: ARG001
    """What the file holds, under which licence, and how many rows say the city for the ward."""
    small = export.small_cells()
    pack = directory()
    body = {
        "name": "petitions",
        "title": _("Every petition and what became of it"),
        "publisher": city_name(get_language() or ""),
        "made_at": now().isoformat(timespec="seconds"),
        "demonstration": settings.DEMO,
        "path": f"{settings.PUBLIC_URL}/open/petitions.csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "licenses": [settings.CITY.get("open_data", {}).get("licence", _LICENCE)],
        "pack": {"code": pack.pack, "version": pack.version},
        "petitions": export.count(),
        "coarsened": {"rows": small.rows, "cells": len(small.cells), "below": export.SMALL},
        "formulas": _formulas(),
        "schema": {"fields": [_field(name, told) for name, told in export.COLUMNS.items()]},
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _fill(feed: Atom1Feed, rows: list[listing.Row]) -> None:
    views = views_of([row.petition for row in rows])
    for row in rows:
        told = shown.one(row)
        feed.add_item(
            title=f"{told.service}: {told.place}",
            link=settings.PUBLIC_URL + told.href,
            description=f"{told.word}. {told.unit}. {_excerpt(views[row.petition].text)}",
            # A second matter of one petition is an entry of its own.
            unique_id=f"urn:uuid:{row.case}",
            pubdate=row.filed_at,
            updateddate=row.updated_at,
            categories=[row.service or "unnamed"],
        )


def _excerpt(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(300)


def _lines() -> Iterator[str]:
    pen = csv.writer(_Echo())
    yield pen.writerow(export.COLUMNS)
    for row in export.rows(export.small_cells()):
        yield pen.writerow(row)


class _Echo:
    """Gives the writer's line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _field(name: str, told: str) -> dict[str, Any]:
    kind = "datetime" if name.endswith("_at") else "string"
    kind = {"shared": "integer", "case_first": "boolean"}.get(name, kind)
    return {"name": name, "type": kind, "description": told}


def _formulas() -> dict[str, str]:
    return {
        "open": "rows with case_first whose state is not answered, resolved, refused, merged or withdrawn",
        "late": "open, state not awaiting_supplement, promised_at over",
        "due": "cases with a promise whose due lies in the month and is over, not replaced by a later promise made before its due, not merged or withdrawn by then, not within a wait; or kept",
        "kept": "of these, cases whose every such promise has a result between its made and its due (or the making of the next promise)",
    }

"""What every door of the desks does first: a signed-in member of staff, a case he may read."""

import re
from uuid import UUID

from django.http import HttpResponse

from thudo.accounts.gate import Request, require
from thudo.base.clock import now
from thudo.cases.models import Case
from thudo.cases.queries import scope_of
from thudo.desks.queries.sheet import case_for


def case_in(request: Request, pk: UUID, act: str = "case.read") -> Case:
    """The case of the address, or NotFound for one that this actor may not know of.

    The right to `act` is asked before a form is shown or judged: what was typed must not hide
    who may not type it.
    """
    case = case_for(request.actor, pk, now())
    require(request.actor, act, scope_of(case))
    return case


def number_in(request: Request, name: str, *, least: int = 1) -> int:
    """A whole number of the query string, never below `least`."""
    text = request.GET.get(name, "")
    return max(least, int(text)) if re.fullmatch("[0-9]{1,6}", text) else least


def is_fragment(request: Request) -> bool:
    """Whether <live-region> asks for the list alone."""
    return request.headers.get("X-Fragment") == "1"


def kept_query(request: Request) -> str:
    """The list's filter, carried from page to page."""
    kept = {name: request.GET[name] for name in ("tab", "unit") if request.GET.get(name)}
    return "&".join(f"{name}={value}" for name, value in kept.items() if value.isascii())


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of it may stay in a cache, also not the browser's own."""
    response["Cache-Control"] = "no-store, private"
    return response

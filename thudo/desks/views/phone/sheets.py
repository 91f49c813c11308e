"""When the system is down: the paper form, and the sheet that is loaded afterwards."""

import csv
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from thudo.accounts.gate import Request, gate
from thudo.accounts.rules import Actor
from thudo.base.clock import now
from thudo.base.errors import Invalid, Refused
from thudo.base.phrases import city_zone
from thudo.desks import actions
from thudo.desks.forms.sheets import (
    HEADS,
    SheetForm,
    SheetRow,
    filing_of,
    read_sheet,
    rows_of_form,
)
from thudo.desks.forms.tables import MOST_BYTES
from thudo.desks.queries.phone import phone_desk
from thudo.desks.views.doors import private
from thudo.directory.queries import directory, say, unit_name

_BLOCKS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Filed:
    """A row that is a petition now, or was before (`is_known`)."""

    row: int
    number: str
    unit: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that is not filed: its cells as they were written, with a sentence each."""

    row: int
    sentence: str
    cells: list[tuple[str, str, str, str]]


@gate("desk.phone")
@never_cache
@require_GET
def paper(request: Request) -> HttpResponse:
    """GET /phone/paper: one A4 with a code of its own, for four calls."""
    local = now().astimezone(city_zone())
    page = {
        "code": f"P{local:%y%m%d}-{secrets.token_hex(4).upper()}",
        "blocks": _BLOCKS,
        "services": [say(row.name) for row in directory().groups.values()],
    }
    return render(request, "desks/phone/paper.html", page)


@gate("desk.phone")
@require_GET
def empty(request: Request) -> HttpResponse:  # noqa: ARG001
    """GET /phone/sheets/empty.csv: the columns, as a spreadsheet opens them."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sheet.csv"'
    csv.writer(response).writerow([str(words) for words in HEADS.values()])
    return response


@gate("desk.phone")
@never_cache
@require_http_methods(["GET", "POST"])
def sheets(request: Request) -> HttpResponse:
    """GET: choose a sheet. POST: its rows filed as of their calls; what is wrong comes back named,
    to be corrected in place and sent again."""
    if request.method == "GET":
        page = {"form": SheetForm(), "heads": HEADS.values()}
        return render(request, "desks/phone/sheets.html", page)
    form = SheetForm(request.POST, request.FILES)
    try:
        rows = _rows(request)
    except Invalid as refused:
        form.add_error("file", refused.sentence)
        rows = []
    if not form.is_valid():
        # Rows that were corrected on the page stay on it, whatever is wrong with the code.
        kept = {"form": form, "heads": HEADS.values(), "wrong": [_kept(row) for row in rows]}
        return private(render(request, "desks/phone/sheets.html", kept, status=422))
    return _loaded(request, form, rows)


def _loaded(request: Request, form: SheetForm, rows: list[SheetRow]) -> HttpResponse:
    at, sheet = now(), form.cleaned_data["sheet"]
    done = [_file(row, sheet, request.actor, at) for row in rows]
    filed = [one for one in done if isinstance(one, Filed)]
    wrong = [one for one in done if isinstance(one, Wrong)]
    known = sum(one.is_known for one in filed)
    actions.finish_sheet(
        sheet, filed=len(filed) - known, known=known, wrong=len(wrong), actor=request.actor, at=at
    )
    page = {"form": SheetForm(initial={"sheet": sheet}), "heads": HEADS.values(), "sheet": sheet,
            "filed": filed, "known": known, "wrong": wrong, "done": True}  # fmt: skip
    return private(render(request, "desks/phone/sheets.html", page, status=422 if wrong else 200))


def _rows(request: Request) -> list[SheetRow]:
    upload = request.FILES.get("file")
    if upload is None:
        rows = rows_of_form(request.POST)
        if not rows:
            raise Invalid(_("Choose a file."))
        return rows
    if (upload.size or 0) > MOST_BYTES:
        raise Invalid(_("The file is too large: a sheet of calls has at most 2 MB."))
    return read_sheet(upload.read())


def _file(row: SheetRow, sheet: str, actor: Actor, at: datetime) -> Filed | Wrong:
    try:
        filing, called_at = filing_of(row, at, phone_desk().oldest)
        receipt = actions.file_row(
            filing, sheet=sheet, row=row.number, called_at=called_at, actor=actor, at=at
        )
    except Refused as refused:
        fields = refused.fields if isinstance(refused, Invalid) else {}
        return _wrong(row, refused.sentence, fields)
    return Filed(row.number, receipt.number, unit_name(receipt.unit), receipt.is_replay)


def _kept(row: SheetRow) -> Wrong:
    return _wrong(row, _("This row is not filed yet."), {})


def _wrong(row: SheetRow, sentence: str, fields: dict[str, str]) -> Wrong:
    known = {name: words for name, words in fields.items() if name in HEADS}
    other = " ".join(words for name, words in fields.items() if name not in HEADS)
    cells = [
        (name, str(head), row.values[name] if name != "row" else str(row.number or ""),
         known.get(name, ""))
        for name, head in HEADS.items()
    ]  # fmt: skip
    return Wrong(row.number, other or sentence, cells)

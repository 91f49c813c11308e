"""A table out of a file that somebody filled in: CSV in any usual form, or XLSX. Cells are text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from thudo.base.errors import Invalid

MOST_BYTES = 2_000_000
MOST_ROWS = 2000
_MOST_UNPACKED = 30_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_XLSX = b"PK\x03\x04"
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # the first day of a spreadsheet's calendar


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of the first sheet, empty ones left out. Raises Invalid with a sentence."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file is too large: a sheet of calls has at most 2 MB."))
    found = _xlsx(content) if content.startswith(_XLSX) else _csv(content)
    rows = [row for row in found if any(row)]
    if len(rows) > MOST_ROWS:
        raise Invalid(_("At most %(count)s rows in a sheet.") % {"count": MOST_ROWS})
    return rows


def moment_of_serial(text: str) -> str:
    """A spreadsheet's number of days as "dd/mm/yyyy HH:MM"; other text as it is."""
    if not re.fullmatch(r"[0-9]{5}(\.[0-9]+)?(E-?[0-9]+)?", text):
        return text
    minutes = round(float(text) * 1440)
    return f"{_DAY_ZERO + timedelta(minutes=minutes):%d/%m/%Y %H:%M}"


def _csv(content: bytes) -> Iterator[list[str]]:
    for code in ("utf-8-sig", "utf-16"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Invalid(_("The file is not readable text. Save it as CSV UTF-8 or XLSX."))
    if "\0" in text:
        raise Invalid(_("The file is not readable text. Save it as CSV UTF-8 or XLSX."))
    head = text.partition("\n")[0]
    mark = max(";,\t", key=head.count)
    try:
        yield from (
            [c.strip() for c in row] for row in csv.reader(io.StringIO(text), delimiter=mark)
        )
    except csv.Error as bad:
        raise Invalid(_("The file is not a table that can be read.")) from bad


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(one.file_size for one in book.infolist()) > _MOST_UNPACKED:
                raise Invalid(_("The file is too large: a sheet of calls has at most 2 MB."))
            return _sheet(book)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError) as bad:
        raise Invalid(_("The file is not a table that can be read.")) from bad


def _sheet(book: zipfile.ZipFile) -> list[list[str]]:
    sheets = sorted(
        (one for one in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one)),
        key=lambda one: int(re.sub(r"\D", "", one)),
    )
    if not sheets:
        raise Invalid(_("The file is not a table that can be read."))
    shared = _shared(book)
    root = _parsed(book.read(sheets[0]))
    return [_row(row, shared) for row in root.iter(f"{_MAIN}row")]


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = _parsed(book.read("xl/sharedStrings.xml"))
    return ["".join(part.text or "" for part in one.iter(f"{_MAIN}t")) for one in root]


def _parsed(xml: bytes) -> ElementTree.Element:
    """Spreadsheets are UTF-8 and declare no entities; a file that does is no spreadsheet."""
    text = xml.decode("utf-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("entities")
    return ElementTree.fromstring(text.removeprefix("\ufeff"))  # noqa: S314  # no entities above


def _row(row: ElementTree.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_MAIN}c"):
        place = _column(cell.get("r", ""))
        if place is not None and place < 64:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = _text(cell, shared).strip()
    return cells


def _column(name: str) -> int | None:
    """0 for "A7", 26 for "AA7"."""
    letters = re.match("[A-Z]{1,3}", name)
    if not letters:
        return None
    found = 0
    for letter in letters[0]:
        found = found * 26 + ord(letter) - 64
    return found - 1


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v", "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    # A number of digits alone (a telephone) may come as 912345678.0.
    return re.sub(r"^([0-9]+)\.0$", r"\1", value)

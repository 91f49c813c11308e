"""The sheet of calls written on paper: its columns, and what is wrong with a row, in sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.base.errors import Invalid
from thudo.base.folding import fold
from thudo.base.phrases import city_zone
from thudo.desks.forms.phone import settled
from thudo.desks.forms.tables import moment_of_serial, rows_of
from thudo.directory.queries import directory, say
from thudo.petitions.rules import TEXT_LEAST, Contact, Filing, clean_phone

# column -> how people may head it (folded); the first is what the empty sheet says.
COLUMNS: dict[str, tuple[str, ...]] = {
    "row": ("stt", "dong", "row", "no"),
    "time": ("gio goi", "thoi gian", "time"),
    "phone": ("so may goi", "dien thoai", "so dien thoai", "phone"),
    "name": ("ho ten", "ten", "name"),
    "text": ("noi dung", "text"),
    "place": ("o dau", "dia chi", "place"),
    "ward": ("phuong xa", "phuong", "ward"),
    "service": ("loai viec", "service"),
    "private": ("khong cong khai", "private"),
}
HEADS = {
    "row": gettext_lazy("Row number"),
    "time": gettext_lazy("Time of the call"),
    "phone": gettext_lazy("Caller's number"),
    "name": gettext_lazy("Name"),
    "text": gettext_lazy("What happens"),
    "place": gettext_lazy("Where"),
    "ward": gettext_lazy("Ward or commune"),
    "service": gettext_lazy("Kind of matter"),
    "private": gettext_lazy("Not public"),
}
_FORMS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%H:%M %d/%m/%Y",
)
_YES = frozenset({"x", "1", "co", "yes", "true"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it was written. `values`: column -> text."""

    number: int
    values: dict[str, str]


class SheetForm(forms.Form):
    """Which sheet it is: the code printed on the paper, so that a row is never filed twice."""

    sheet = forms.RegexField(
        r"^[A-Za-z0-9-]{4,40}$",
        label=gettext_lazy("Code of the sheet"),
        help_text=gettext_lazy("Printed at the top of the paper form."),
        error_messages={"invalid": gettext_lazy("Letters, digits and hyphens, at least four.")},
    )
    file = forms.FileField(
        label=gettext_lazy("The sheet (CSV or XLSX)"), required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )  # fmt: skip

    def clean_sheet(self) -> str:
        """One sheet has one code, however it is typed from the paper."""
        return str(self.cleaned_data["sheet"]).upper()


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of a filled-in file. Raises Invalid when no head names the columns."""
    rows = rows_of(content)
    columns = _columns(rows[0]) if rows else {}
    if not {"time", "text"} <= columns.keys():
        raise Invalid(_("The first row must name the columns, as in the empty sheet."))
    return [_sheet_row(place, cells, columns) for place, cells in enumerate(rows[1:], 1)]


def rows_of_form(data: MultiValueDict[str, str]) -> list[SheetRow]:
    """Rows corrected on the page: one value of each column for each row."""
    lists = {name: data.getlist(f"cell-{name}") for name in COLUMNS}
    found = []
    for place, number in enumerate(lists["row"][:2000]):
        values = {
            n: (some[place] if place < len(some) else "").strip() for n, some in lists.items()
        }
        found.append(SheetRow(int(number) if re.fullmatch("[0-9]{1,6}", number) else 0, values))
    return found


def filing_of(row: SheetRow, at: datetime, oldest: timedelta) -> tuple[Filing, datetime]:
    """What the row files and when it was said. Raises Invalid with a sentence for each column."""
    wrong: dict[str, str] = {}
    called_at = _called_at(row.values["time"], at, oldest, wrong)
    filing = Filing(
        text=row.values["text"], service=_service(row.values["service"], wrong),
        contact=Contact(row.values["name"][:120], _phone(row.values["phone"], wrong)),
        is_public=fold(row.values["private"]) not in _YES, channel="phone",
        place=row.values["place"][:300], **_where(row.values, wrong),
    )  # fmt: skip
    if len(filing.text) < TEXT_LEAST:
        wrong["text"] = _("Write what happens, in a few words.")
    if row.number < 1:
        wrong["row"] = _("Give the row its number on the paper.")
    if wrong or called_at is None:
        raise Invalid(_("This row is not filed yet."), wrong)
    return filing, called_at


def _columns(head: list[str]) -> dict[str, int]:
    names = {word: name for name, words in COLUMNS.items() for word in words}
    names |= {_plain(str(words)): name for name, words in HEADS.items()}
    told = {_plain(cell): place for place, cell in enumerate(head)}
    return {names[word]: place for word, place in told.items() if word in names}


def _plain(head: str) -> str:
    """The words of a head alone: "Phường, xã" is "phuong xa"."""
    return " ".join(re.findall(r"\w+", fold(head)))


def _sheet_row(place: int, cells: list[str], columns: Mapping[str, int]) -> SheetRow:
    values = {
        name: cells[columns[name]] if name in columns and columns[name] < len(cells) else ""
        for name in COLUMNS
    }
    values["time"] = moment_of_serial(values["time"])
    number = values["row"] or str(place)
    return SheetRow(int(number) if re.fullmatch("[0-9]{1,6}", number) else 0, values)


def _called_at(
    text: str, at: datetime, oldest: timedelta, wrong: dict[str, str]
) -> datetime | None:
    found = _instant(text)
    if found is None:
        wrong["time"] = _("Write the day and the hour: 25/11/2026 14:05.")
    elif found > at:
        wrong["time"] = _("This time has not come yet.")
    elif found < at - oldest:
        wrong["time"] = _("A call older than %(days)s days is not loaded any more.") % {
            "days": oldest.days
        }
    return found


def _instant(text: str) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(" ".join(text.split()), form).replace(tzinfo=city_zone())
        except ValueError:
            continue
    return None


def _phone(text: str, wrong: dict[str, str]) -> str:
    # A spreadsheet eats the first zero of a number.
    digits = f"0{text}" if re.fullmatch("[1-9][0-9]{8}", text) else text
    try:
        return clean_phone(digits)
    except ValueError:
        wrong["phone"] = _("This is not a telephone number.")
        return ""


def _service(text: str, wrong: dict[str, str]) -> str:
    if not text:
        return ""
    rows = [row for row in directory().services.values() if row.is_admissible and not row.valid_to]
    found = [row.code for row in rows if text == row.code or fold(text) == fold(say(row.name))]
    if not found:
        wrong["service"] = _("There is no such kind of matter; leave it empty.")
    return found[0] if found else ""


def _where(values: Mapping[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    ward = _ward(values["ward"], wrong)
    found = settled(", ".join(filter(None, (values["place"], values["ward"]))), None, None)
    # What was written on the paper is stronger than what the words seem to name.
    if ward and found.get("area", ward) != ward:
        return {"area": ward}
    return found or ({"area": ward} if ward else {})


def _ward(text: str, wrong: dict[str, str]) -> str:
    if not text:
        return ""
    wanted = fold(text)
    found = [
        area.code for area in directory().wards()
        if wanted in {area.code, fold(say(area.name)), fold(say(area.full_name))}
    ]  # fmt: skip
    if len(found) != 1:
        wrong["ward"] = _("No ward or commune has this name today.")
    return found[0] if len(found) == 1 else ""

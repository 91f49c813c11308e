"""Calls written on paper: the form, and the sheet that is loaded when the system is back."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import town
from tests.desks.conftest import SignIn
from tests.desks.pages import text_of
from thudo.base.errors import Invalid
from thudo.cases.models import Case
from thudo.desks.forms.sheets import HEADS, read_sheet
from thudo.desks.forms.tables import moment_of_serial, rows_of
from thudo.journal.queries import entries_about
from thudo.petitions.models import Petition

HEAD = "STT;Giờ gọi;Số máy gọi;Nội dung;Ở đâu;Phường, xã;Loại việc"
GOOD = (
    "1;02/03/2026 08:05;0912345678;A hole in the road before the school;Town square;w1;road_damage"
)
EARLY = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_of(*rows: str, code: str = "utf-8-sig") -> SimpleUploadedFile:
    return SimpleUploadedFile("s.csv", "\r\n".join([HEAD, *rows]).encode(code), "text/csv")


def xlsx_of(rows: list[list[str]]) -> bytes:
    """A workbook as spreadsheets write it: shared strings, numbers as numbers."""
    words = sorted({cell for row in rows for cell in row if not cell.replace(".", "").isdigit()})
    body = ""
    for y, row in enumerate(rows, 1):
        cells = ""
        for x, cell in enumerate(row):
            name = f"{chr(65 + x)}{y}"
            if cell in words:
                cells += f'<c r="{name}" t="s"><v>{words.index(cell)}</v></c>'
            elif cell:
                cells += f'<c r="{name}"><v>{cell}</v></c>'
        body += f'<row r="{y}">{cells}</row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        shared = "".join(f"<si><t>{word}</t></si>" for word in words)
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def load(client: Any, *rows: str, sheet: str = "P260302-AB12") -> Any:
    return client.post("/phone/sheets", {"sheet": sheet, "file": csv_of(*rows)})


def test_a_row_is_filed_as_of_its_call_and_once(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")

    first, again = load(giang, GOOD), load(giang, GOOD)

    petition = Petition.objects.get()
    case = Case.objects.get()
    assert (first.status_code, again.status_code) == (200, 200)
    assert petition.filed_at == case.opened_at == EARLY
    assert (petition.channel, petition.area, case.unit) == ("phone", "w1", "ward-1")
    assert "filed before" not in text_of(first)
    assert "filed before" in text_of(again)
    loaded = entries_about("sheet", "P260302-AB12")
    assert [(e.action, e.at) for e in loaded] == [("sheet.loaded", morning)] * 2


def test_what_is_wrong_comes_back_named_and_is_loaded_after_its_correction(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    bad = "2;31/02/2026 08:05;12;Short;Harbour;w9;nothing"

    page = load(giang, GOOD, bad)

    told = page.content.decode()
    assert page.status_code == 422
    assert Petition.objects.count() == 1
    for sentence in (
        "Write the day and the hour", "This is not a telephone number.", "in a few words",
        "No ward or commune has this name", "There is no such kind of matter",
    ):  # fmt: skip
        assert sentence in told
    for value in ("31/02/2026 08:05", "Harbour", "Short"):
        assert f'value="{value}"' in told

    mended = ["2", "02/03/2026 08:10", "0912345679", "", "A hole before the harbour gate", "Harbour",
              "w2", "road_damage", ""]  # fmt: skip
    cells = {f"cell-{name}": value for name, value in zip(HEADS, mended, strict=True)}
    after = giang.post("/phone/sheets", {"sheet": "P260302-AB12", **cells})

    assert after.status_code == 200
    assert Petition.objects.count() == 2
    assert load(giang, GOOD).status_code == 200
    assert Petition.objects.count() == 2


def test_the_same_row_with_other_words_is_not_filed_a_second_time(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    load(giang, GOOD)

    page = load(giang, GOOD.replace("hole", "pit"))

    assert "This key was already used" in text_of(page)
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    ("when", "sentence"),
    [("03/03/2026 08:00", "has not come yet"), ("02/01/2026 08:00", "is not loaded any more")],
)
def test_no_call_of_tomorrow_and_none_of_last_winter_is_loaded(
    small_town: town.Cast, morning: datetime, signed_in: SignIn, when: str, sentence: str
) -> None:
    page = load(signed_in("giang"), GOOD.replace("02/03/2026 08:05", when))

    assert sentence in text_of(page)
    assert not Petition.objects.exists()


def test_a_spreadsheet_is_read_with_its_own_kind_of_days(
    small_town: town.Cast, morning: datetime
) -> None:
    day = (datetime(2026, 3, 2, 8, 5) - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    rows = [
        ["STT", "Giờ gọi", "Số máy gọi", "Nội dung"],
        ["1", f"{day:.6f}", "912345678", "A hole"],
    ]

    [row] = read_sheet(xlsx_of(rows))

    assert (row.number, row.values["time"]) == (1, "02/03/2026 08:05")
    assert (row.values["phone"], row.values["text"]) == ("912345678", "A hole")
    assert moment_of_serial("hello") == "hello"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00", b"PK\x03\x04 no book", b"\x89PNG\x00\x01", b"a,b\n1,2",
        b"x" * 2_000_001, xlsx_of([["a"]]).replace(b"sheet1", b"paper1"),
    ],
    ids=["half utf-16", "broken zip", "picture", "other columns", "too large", "no sheet"],
)  # fmt: skip
def test_what_is_no_sheet_of_calls_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_sheet(content)


def test_a_sheet_with_entities_is_no_spreadsheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    with pytest.raises(Invalid):
        rows_of(out.getvalue())


@pytest.mark.parametrize("sent", [{}, {"sheet": "P260302-AB12"}, {"sheet": "!", "cell-row": "1"}])
def test_an_empty_sheet_is_asked_for_again_and_nothing_is_filed(
    small_town: town.Cast, morning: datetime, signed_in: SignIn, sent: dict[str, str]
) -> None:
    answer = signed_in("giang").post("/phone/sheets", sent)

    assert answer.status_code == 422
    assert not Petition.objects.exists()


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_the_codes_that_spreadsheets_save(code: str) -> None:
    [row] = read_sheet("\r\n".join([HEAD, GOOD]).encode(code))
    assert row.values["ward"] == "w1"


def test_the_paper_form_has_a_code_of_its_own_and_the_empty_sheet_its_columns(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")

    assert "P260302-" in text_of(giang.get("/phone/paper"))
    empty = giang.get("/phone/sheets/empty.csv").content
    assert empty.startswith(b"\xef\xbb\xbf")
    with pytest.raises(Invalid):
        read_sheet(b"")
    filled = empty + b"1,02/03/2026 08:05,,,A hole in the road,,,,x\r\n"
    [row] = read_sheet(filled)
    assert (row.values["text"], row.values["private"]) == ("A hole in the road", "x")

"""The page of settings names every variable that the code reads, and no other."""

import re

from thudo.cli import ROOT

_NAME = re.compile(r"\b(THUDO_[A-Z_]+|DATABASE_URL)\b")
# Between our own programs; nobody sets them.
_INTERNAL = {"THUDO_SINCE"}


def test_the_page_of_settings_equals_the_code() -> None:
    files = [*(ROOT / "thudo").rglob("*.py"), ROOT / "bin" / "chromium"]
    read = {name for file in files for name in _NAME.findall(file.read_text("utf-8"))}
    page = (ROOT / "docs" / "running" / "settings.md").read_text("utf-8")

    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read - _INTERNAL

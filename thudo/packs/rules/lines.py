"""Lines of a pack's files: each field read with the sentence that is said when it is wrong."""

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from thudo.packs.rules.values import Origin, Pack, Problem, Words

_TRUE = {"true", "yes", "1"}


class Broken(Exception):
    """A line cannot be used; its problem has been noted."""


class Line:
    """One row of a table: a field that is missing or wrong is noted and ends the row."""

    def __init__(self, pack: Pack, file: str, number: int, values: dict[str, str]) -> None:
        self.pack, self.values = pack, values
        self.at = Origin(file, number)

    def broken(self, sentence: str) -> Broken:
        self.pack.problems.append(Problem(self.at.file, self.at.line, sentence))
        return Broken(sentence)

    def text(self, name: str) -> str:
        """The field, "" when the column is empty or not there."""
        return (self.values.get(name) or "").strip()

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise self.broken(f'The column "{name}" is empty.')
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in allowed:
            words = ", ".join(f'"{word}"' for word in allowed)
            raise self.broken(f'"{value}" is not a {name}: one of {words} is.')
        return value

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(self.text(name).split())

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def number(self, name: str) -> int:
        try:
            return int(self.need(name))
        except ValueError:
            raise self.broken(f'"{self.text(name)}" in "{name}" is not a whole number.') from None

    def degrees(self, name: str) -> float | None:
        value = self.text(name)
        try:
            return float(value) if value else None
        except ValueError:
            raise self.broken(f'"{value}" in "{name}" is not a number of degrees.') from None

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.need(name))
        except ValueError:
            raise self.broken(
                f'"{self.text(name)}" in "{name}" is not a day such as 2026-01-31.'
            ) from None

    def end(self, name: str = "valid_to") -> date | None:
        if not self.text(name):
            return None
        ends = self.day(name)
        if ends <= self.day("valid_from"):
            raise self.broken(f"It ends on {ends}, before it begins.")
        return ends

    def hour(self, name: str) -> time:
        try:
            return time.fromisoformat(self.need(name))
        except ValueError:
            raise self.broken(
                f'"{self.text(name)}" in "{name}" is not an hour such as 07:30.'
            ) from None

    def words(self, name: str, *, optional: bool = False) -> Words:
        """The columns name_<language>, one for each language of the city."""
        found = {code: self.text(f"{name}_{code}") for code in self.pack.languages}
        if optional and not any(found.values()):
            return {}
        for code, value in found.items():
            if not value:
                raise self.broken(f'The words in "{code}" are missing: column "{name}_{code}".')
        return found


def table(pack: Pack, name: str) -> Iterator[Line]:
    """Rows of name.csv and of every name-*.csv beside it."""
    for path in sorted([*pack.folder.glob(f"{name}.csv"), *pack.folder.glob(f"{name}-*.csv")]):
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for values in reader:
                if None in values or None in values.values():
                    count = len(reader.fieldnames or ())
                    sentence = f"The line does not have the {count} columns of its heading."
                    pack.problems.append(Problem(path.name, reader.line_num, sentence))
                    continue
                yield Line(pack, path.name, reader.line_num, values)


def document(pack: Pack, name: str) -> tuple[dict[str, Any], str]:
    """A TOML file of the pack as values and text; a file that is not there is empty."""
    path = pack.folder / name
    if not path.is_file():
        return {}, ""
    text = path.read_text("utf-8")
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"at line (\d+)", str(fault))
        line = int(found.group(1)) if found else 1
        pack.problems.append(Problem(name, line, f"The file is not TOML: {fault}."))
        return {}, text


def line_of(text: str, *needles: str) -> int:
    """The line on which the first of the needles found stands; 1 when none is."""
    for needle in needles:
        place = text.find(needle)
        if place >= 0:
            return text.count("\n", 0, place) + 1
    return 1

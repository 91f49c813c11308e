"""Files of a pack that may be missing: reception days, organisations, the form of letters."""

import re
from collections.abc import Iterator
from typing import Any

from thudo.deadlines.rules import CalendarFault
from thudo.packs.rules.lines import document, line_of
from thudo.packs.rules.values import Pack, Problem
from thudo.reception.rules import rule_of
from thudo.reception.rules.days import RuleFault

FILES = ("reception", "organisations", "letters")
_LETTERS = ("legal_basis", "country", "motto", "place", "symbols")
_TAX_CODE = ("legal_basis", "weights", "modulus", "minuend", "checked")


def read_civic(pack: Pack) -> None:
    """Each file into the city's entry of its name; {} when it is missing."""
    for name in FILES:
        found, text = document(pack, f"{name}.toml")
        problems = _JUDGES[name](found, text) if found else iter(())
        pack.problems += [Problem(f"{name}.toml", line, sentence) for line, sentence in problems]
        pack.city = pack.city | {name: found}


def judge_references(pack: Pack) -> Iterator[Problem]:
    """Units, posts, kinds of unit and services that these files name."""
    units = {unit.code: unit.kind for unit in pack.units}
    kinds = set(units.values())
    posts = {(post.unit_kind, post.code) for post in pack.posts}
    services = {service.code for service in pack.services}
    for row in pack.city.get("reception", {}).get("days", ()):
        named = [*row.get("units", ()), *row.get("unit_kinds", ())]
        held = [units.get(one, one) for one in named]
        if not all(kind in kinds for kind in held):
            yield Problem("reception.toml", 1, f'"{row["code"]}" names a unit that is not there.')
        elif not all((kind, row["host"]) in posts for kind in held):
            yield Problem("reception.toml", 1, f'"{row["code"]}": not every unit has that post.')
    for row in pack.city.get("organisations", {}).get("requests", ()):
        if row.get("service") and row["service"] not in services:
            sentence = f'There is no service "{row["service"]}".'
            yield Problem("organisations.toml", 1, sentence)


def _reception(found: dict[str, Any], text: str) -> Iterator[tuple[int, str]]:
    for row in found.get("days", []):
        try:
            rule_of(row)
        except (RuleFault, CalendarFault) as fault:
            yield line_of(text, f'code = "{row.get("code", "")}"'), str(fault)
    if "horizon_days" not in found:
        yield 1, 'The entry "horizon_days" is missing.'
    if "legal_basis" not in found.get("extra", {}):
        yield 1, 'The entry "extra.legal_basis" is missing.'


def _organisations(found: dict[str, Any], text: str) -> Iterator[tuple[int, str]]:
    code = found.get("tax_code", {})
    for name in _TAX_CODE:
        if name not in code:
            yield line_of(text, "[tax_code]"), f'The entry "{name}" is missing.'
    for row in found.get("requests", []):
        line = line_of(text, f'code = "{row.get("code", "")}"')
        if not {"code", "label", "handling"} <= row.keys():
            yield line, "A request needs code, label and handling."
        elif row["handling"] == "refuse" and not {"service", "guide"} <= row.keys():
            yield line, f'"{row["code"]}" is refused: name its service and a guide where to go.'
    dossier = found.get("dossier", {})
    for name in ("pattern", "refused"):
        try:
            re.compile(dossier.get(name, ""))
        except re.error as fault:
            yield line_of(text, "[dossier]"), f'"{name}" is no pattern: {fault}.'


def _letters(found: dict[str, Any], _text: str) -> Iterator[tuple[int, str]]:
    for name in _LETTERS:
        if name not in found:
            yield 1, f'The entry "{name}" is missing.'


_JUDGES = {"reception": _reception, "organisations": _organisations, "letters": _letters}

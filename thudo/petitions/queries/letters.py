"""Letters to organisations as they are printed (the pack's letters.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from thudo.base import phrases
from thudo.cases.models import Answer
from thudo.directory.queries import directory, post_title, say, unit_name
from thudo.petitions.models import Letter, Petition
from thudo.petitions.queries.organisations import Asked, asked_of

ACKNOWLEDGEMENT, ANSWER = "acknowledgement", "answer"


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter as it is printed; words in the city's own language."""

    letter: Letter
    country: str
    motto: str
    above: str
    unit: str
    place: str
    post: str
    answer: Answer | None
    ground: str
    asked: Asked | None


def letters_of(petition: Petition) -> list[Letter]:
    """The letters that went out, oldest first."""
    return list(Letter.objects.filter(petition=petition).order_by("decided_at", "number"))


def has_letters() -> bool:
    """Whether the city writes letters of its own form."""
    return bool(directory().city.get("letters"))


def symbol_for(unit: str) -> str:
    """The sign behind the number: the unit's own, else its kind's, else the city's."""
    symbols: Mapping[str, str] = directory().city["letters"]["symbols"]
    row = directory().units.get(unit)
    return symbols.get(unit) or symbols.get(row.kind if row else "") or symbols.get("", "")


def year_of(at: datetime) -> int:
    """The year by the city's clock: numbers begin anew with it."""
    return at.astimezone(phrases.city_zone()).year


def paper_of(letter: Letter) -> Paper:
    """The letter with all that its form asks for."""
    form = directory().city["letters"]
    unit = directory().units.get(letter.unit)
    parent = directory().units.get((unit.parent if unit else None) or "")
    has_above = bool(unit and parent and unit.kind in form.get("under_parent", ()))
    area = directory().areas.get((unit.area if unit else None) or "")
    governs = bool(unit and area and directory().unit_of_area(area.code) is unit)
    answer = Answer.objects.filter(pk=letter.answer).first() if letter.answer else None
    return Paper(
        letter=letter, country=form["country"], motto=form["motto"],
        above=say(parent.name) if has_above and parent else "", unit=unit_name(letter.unit),
        place=say(area.name) if governs and area else form["place"], post=post_title(letter.post),
        answer=answer, ground=_ground(answer), asked=asked_of(letter.petition),
    )  # fmt: skip


def _ground(answer: Answer | None) -> str:
    grounds = directory().city.get("refusal_grounds", [])
    code = answer.ground if answer else ""
    return next((say(ground["label"]) for ground in grounds if ground["code"] == code), "")

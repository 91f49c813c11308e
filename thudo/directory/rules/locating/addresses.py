"""An address as one writes it: a number, lanes, a street. For names and details of places."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from thudo.directory.rules.locating.words import Grammar, Word, is_number, words_of

_LONGEST_NAME = 6


class Address(NamedTuple):
    """`lanes`: the street's own first; `key`: the street's folded name; `name` as written."""

    house: str
    lanes: tuple[str, ...]
    words: tuple[Word, ...]
    key: str
    name: str
    opposite: bool


def leading(number: str) -> int:
    """12 of "12a/5"; 0 for none."""
    digits = re.match(r"\d+", number)
    return int(digits.group()) if digits else 0


def along(grammar: Grammar, house: str, lanes: Sequence[str]) -> list[tuple[int, float]]:
    """The numbers along the street that are meant, with weights; a lane is where its number is."""
    if lanes:
        return [(leading(lanes[0]), 1.0)]
    first, slash, last = house.partition("/")
    if not slash:
        return [(leading(house), 1.0)] if house else []
    last = last.split("/")[-1]
    likely, other = (last, first) if grammar.lane_comes_last else (first, last)
    return [(leading(likely), 0.65), (leading(other), 0.35)]


def address_of(grammar: Grammar, text: str) -> Address | None:
    """What a text that is an address says; None when no street is left."""
    words = grammar.written_out(words_of(text))
    place, house, lanes, opposite, marked = _before_name(grammar, words)
    name: list[Word] = []
    for word in words[place:]:
        if name and word.fresh:
            break
        name.append(word)
    name = _without_void(grammar, name)
    if not name or len(name) > _LONGEST_NAME:
        return None
    if all(is_number(word.folded) for word in name) and not marked:
        return None
    key = " ".join(word.folded for word in name)
    return Address(house, tuple(lanes[::-1]), tuple(name), key, _spelled(text, name), opposite)


def _before_name(grammar: Grammar, words: list[Word]) -> tuple[int, str, list[str], bool, bool]:
    place, house, lanes, opposite, marked = 0, "", [], False, False
    while place < len(words):
        step = next(grammar.marks_at(words, place), None)
        after = place + step[0] if step else place
        following = words[after].folded if after < len(words) else ""
        if step and "lane" in step[1] and following and is_number(following):
            lanes.append(following)
            place = after + 1
        elif step and "house" in step[1] and following and is_number(following):
            house, place = following, after + 1
        elif step and "opposite" in step[1]:
            opposite, place = True, after
        elif step and "street" in step[1] and following and not marked:
            place, marked = after, True
        elif is_number(words[place].folded) and not (house or lanes or marked):
            house, place = words[place].folded, place + 1
        else:
            break
    return place, house, lanes, opposite, marked


def _without_void(grammar: Grammar, name: list[Word]) -> list[Word]:
    for place in range(1, len(name)):
        for length, roles in grammar.marks_at(name, place):
            if "void" in roles and place + length == len(name):
                return name[:place]
    return name


def _spelled(text: str, name: list[Word]) -> str:
    """The end of the text that is the name; good enough to show."""
    pieces = re.split(r"[,;(\[]|\s-\s", text)[0].split()
    return " ".join(pieces[-len(name) :]) if len(pieces) >= len(name) else text

"""Text as words that can be compared, and the words by which a city writes its addresses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from thudo.base.folding import fold
from thudo.directory.rules.words import is_one_slip

_LETTER = r"(?:[^\W\d_](?![^\W\d_]))?"
_PIECES = re.compile(rf"\d+{_LETTER}\d*(?:[/\-]\d+{_LETTER}\d*)*|[^\W\d_]+|[^\s\w\-]|(?<=\s)-")
_NUMBER = re.compile(r"\d+[a-z]?\d*(?:[/\-]\d+[a-z]?\d*)*")
# Signs within a name, as is a hyphen without a space before it.
_WITHIN = frozenset(".'’`")
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_LISTS = (
    "void", "street", "ward", "district", "house", "lane", "other_number", "former", "opposite",
    "near", "vague", "named_by_address", "at",
)  # fmt: skip
ROLES = (
    "street", "ward", "district", "house", "lane", "other_number", "former", "opposite", "near",
    "void",
)  # fmt: skip
Marks = tuple[int, frozenset[str]]
NO_MARK: Marks = (0, frozenset())
# Folded words -> role -> how the phrase is spelled.
Phrases = dict[tuple[str, ...], dict[str, str]]


class Word(NamedTuple):
    """`toned`: the letters with their marks and the tone behind them, wherever it was typed; ""
    where nobody typed it (an abbreviation). `fresh`: begins after a comma or the like."""

    folded: str
    toned: str
    fresh: bool
    capital: bool


def words_of(text: str) -> list[Word]:
    """The words and numbers of a text; other signs only separate."""
    found: list[Word] = []
    fresh = True
    for piece in _PIECES.findall(unicodedata.normalize("NFC", text)):
        if piece[0].isalnum():
            folded, toned = _forms(piece.lower())
            if folded:
                found.append(Word(folded, toned, fresh, piece[0].isupper()))
                fresh = False
        elif piece not in _WITHIN:
            fresh = True
    return found


@lru_cache(maxsize=65_536)
def _forms(piece: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", piece)
    tone = "".join(c for c in parts if c in _TONE_MARKS)
    letters = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONE_MARKS))
    return fold(piece), letters + tone


def is_number(folded: str) -> bool:
    """12, 12a, 12/5, 12-14."""
    return folded[0].isdigit() and _NUMBER.fullmatch(folded) is not None


def key_of(words: Sequence[Word]) -> str:
    """Their folded text."""
    return " ".join(word.folded for word in words)


def toned_of(words: Sequence[Word]) -> str:
    """Their text with accents, comparable whichever letter bears the tone."""
    return " ".join(word.toned or "?" for word in words)


def fits(typed: Sequence[Word], toned: str, *, with_accents: bool) -> float:
    """How well the accents typed are those of a name (its toned_of), 0..1; none typed: 1."""
    if not with_accents:
        return 1.0
    name = toned.split()
    if len(name) != len(typed):
        return 0.8
    total = 0.0
    for word, true in zip(typed, name, strict=True):
        if word.toned == true or "?" in (true, word.toned or "?"):
            total += 1.0
        elif word.toned == word.folded:
            total += 0.7
    return total / len(name)


def one_slip_with_accents(typed: Word, toned: str) -> bool:
    """Whether a word is meant or one slip away; a slip may lose its tone, but give it no other."""
    true = fold(toned)
    if typed.folded == true or typed.toned in ("", typed.folded) or toned in ("?", true):
        return True
    letters, true_letters = typed.toned.rstrip(_TONE_MARKS), toned.rstrip(_TONE_MARKS)
    tones = set(typed.toned[len(letters) :])
    return tones <= set(toned[len(true_letters) :]) and is_one_slip(letters, true_letters)


class Grammar:
    """The words of addresses.toml, ready for reading."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.marks = _marks(words, ROLES)
        self.longest = max((len(key) for key in self.marks), default=0)
        self._marks_from = _lengths(self.marks)
        # Apart, for they hide no mark: "gần nhà" before a number is still "gần" and "nhà".
        self._vague = _marks(words, ("vague",))
        self._vague_from = _lengths(self._vague)
        self.short = {
            tuple(word.folded for word in words_of(short)): words_of(long)
            for short, long in words.get("short", {}).items()
        }
        self._short_from = _lengths(self.short)
        self.also = {
            key_of(words_of(name)): tuple(others) for name, others in words.get("also", {}).items()
        }
        lanes = [lane for lane in words.get("lane", ()) if not lane.isascii() and " " not in lane]
        self._lane_words: dict[str, str] = {key_of(words_of(lane)): lane for lane in lanes[::-1]}
        self._first_lane: str = next(iter(words.get("lane", ())), "")
        self.lane_comes_last = bool(words.get("lane_comes_last", False))
        self.named_by_address = frozenset(words.get("named_by_address", ()))
        self.at = tuple(f" {word} " for word in words.get("at", ()))

    def vague_in(self, words: Sequence[Word]) -> set[int]:
        """Places of the words that name nothing ("nào đó"), which are no slips for other words."""
        found: set[int] = set()
        for place in range(len(words)):
            for length, _roles in _fitting(self._vague, self._vague_from, words, place):
                found |= set(range(place, place + length))
        return found

    def lane_word(self, word: Word) -> str:
        """How the pack spells a word for a lane; of one it only knows as short, the first."""
        return self._lane_words.get(word.folded, self._first_lane)

    def is_void(self, key: str) -> bool:
        """Whether it says nothing about where in the city."""
        return "void" in self.marks.get(tuple(key.split()), {})

    def is_serial(self, key: str) -> bool:
        """Whether a street's name is only a number ("số 5", "72"), which alone is no name."""
        words = key.split()
        marks = self.marks.get(tuple(words[:-1]), {}) if len(words) > 1 else {"house": ""}
        return is_number(words[-1]) and ("house" in marks or "lane" in marks)

    def read(self, text: str) -> list[Word]:
        """The words of a text, abbreviations written out."""
        return self.written_out(words_of(text))

    def written_out(self, words: list[Word]) -> list[Word]:
        """Abbreviations of several or one word replaced, the longest first."""
        if not any(word.folded in self._short_from for word in words):
            return words
        found: list[Word] = []
        place = 0
        while place < len(words):
            length, long = self._short_at(words, place)
            if long:
                first = words[place]
                found.append(long[0]._replace(fresh=first.fresh, toned="", capital=first.capital))
                found += [word._replace(toned="", fresh=False) for word in long[1:]]
            else:
                found.append(words[place])
            place += length
        return found

    def _short_at(self, words: Sequence[Word], place: int) -> tuple[int, list[Word]]:
        for length in self._short_from.get(words[place].folded, ()):
            typed = tuple(word.folded for word in words[place : place + length])
            if long := self.short.get(typed):
                return length, long
        return 1, []

    def marks_at(self, words: Sequence[Word], place: int) -> Iterator[Marks]:
        """(length, roles) of the marking words that begin here, the longest first."""
        yield from _fitting(self.marks, self._marks_from, words, place)

    def mark_at(self, words: Sequence[Word], place: int) -> Marks:
        """The longest of them; (0, none) without any."""
        return next(self.marks_at(words, place), NO_MARK)


def _marks(words: Mapping[str, Any], roles: Iterable[str]) -> Phrases:
    found: Phrases = {}
    for role in roles:
        for phrase in words.get(role, ()):
            parts = words_of(phrase)
            known = found.setdefault(tuple(word.folded for word in parts), {})
            # "ngo" beside "ngõ" in a list: what is typed without accents fits anyway.
            if role not in known or toned_of(parts) != key_of(parts):
                known[role] = toned_of(parts)
    return found


def _fitting(
    phrases: Phrases, lengths: Mapping[str, list[int]], words: Sequence[Word], place: int
) -> Iterator[Marks]:
    if place >= len(words):
        return
    for length in lengths.get(words[place].folded, ()):
        part = words[place : place + length]
        roles = phrases.get(tuple(word.folded for word in part))
        if roles and len(part) == length:
            typed, plain = toned_of(part), key_of(part)
            fitting = {r for r, toned in roles.items() if typed in (toned, plain) or "?" in typed}
            if fitting:
                yield length, frozenset(fitting)


def _lengths(phrases: Iterable[tuple[str, ...]]) -> dict[str, list[int]]:
    """First word -> the lengths of the phrases that begin with it, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: sorted(lengths, reverse=True) for word, lengths in found.items()}


def wrong_words(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with an addresses.toml: (entry, sentence)."""
    for name in words:
        if name not in (*_LISTS, "short", "also", "lane_comes_last"):
            yield name, f'The entry "{name}" means nothing here.'
    for name in _LISTS:
        if not _is_list(words.get(name, [])):
            yield name, f'"{name}" is not a list of words.'
    yield from _wrong_pairs(words)


def _wrong_pairs(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for short, long in words.get("short", {}).items():
        if not isinstance(long, str) or not long:
            yield short, f'"{short}" is short for nothing.'
    for known, others in words.get("also", {}).items():
        if not _is_list(others):
            yield known, f'What "{known}" is also called is not a list of words.'


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)

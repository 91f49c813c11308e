"""A text as numbers: the pack's words found in it, and hashed words, runs and marks.

Text is folded to what a phone without accents would type; words, their neighbours and character
runs that ignore spaces make up for typos, run-on words and abbreviations. Where accents were typed
they are read too: "chưa" (not yet) must not say "chùa" (pagoda).
"""

import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Buckets of hashed features; a power of two, so that the top bits of a product are the bucket.
BITS = 17
BUCKETS = 1 << BITS
RUNS = (4, 5)
LONGEST_PHRASE = 4
# How much words, character runs and accented words count; chosen with the other learning figures.
SHARES = (1.0, 0.7, 1.0)
# A petition longer than this says what it is about before its end.
MOST_CHARACTERS = 6000
STRONG, WEAK = 3.0, 1.0
_STRONG_AT_MOST = 9.0

_TOKEN = re.compile(r"[a-z0-9]+")
_MARKED = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONELESS = dict.fromkeys(map(ord, _TONES))
_LINK = re.compile(r"(https?://|www\.)\S+")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[\d. ]{2,3}[\dx. ]{5,10}(?!\d)")
_SHORT_PLACE = re.compile(r"\b([pqd])\.\s*(?=[a-z0-9])")
_PLACES = {"p": "phuong ", "q": "quan ", "d": "duong "}

Floats = NDArray[np.float32]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The pack's words. Phrases are tuples' joined tokens; points are STRONG or WEAK."""

    version: str
    services: tuple[str, ...]
    kinds: tuple[str, ...]
    abbreviations: Mapping[str, str]
    # phrase -> ((class index, points), ...); classes are services, then kinds
    phrases: Mapping[str, tuple[tuple[int, float], ...]]
    urgent: Mapping[str, float]
    # phrase -> emergency numbers
    danger: Mapping[str, tuple[str, ...]]
    service_confidence: float
    not_taken_confidence: float
    urgent_confidence: float
    complex_confidence: float

    @property
    def classes(self) -> tuple[str, ...]:
        """All that a text may be about: services, then the kinds not taken."""
        return self.services + self.kinds


@dataclass(frozen=True, slots=True)
class Features:
    """A text as numbers: hashed words, runs and accented words, the lexicon's points per class."""

    tokens: tuple[str, ...]
    words: Indexes
    runs: Indexes
    # none where the text was typed without accents
    marked: Indexes
    points: Floats

    @property
    def blocks(self) -> tuple[Indexes, Indexes, Indexes]:
        """The hashed parts; each weighs the same however long the text is."""
        return self.words, self.runs, self.marked

    # phrases of the lexicon found: (phrase, class index)
    found: tuple[tuple[str, int], ...]
    urgent_found: tuple[str, ...]
    numbers: tuple[str, ...]


def lexicon_from(data: Mapping[str, Any]) -> Lexicon:
    """The lexicon of a pack's lexicon.toml, as tomllib reads it."""
    services, kinds = tuple(data["service"]), tuple(data["not_taken"])
    phrases: dict[str, list[tuple[int, float]]] = {}
    sections = [*data["service"].values(), *data["not_taken"].values()]
    for place, section in enumerate(sections):
        for phrase, points in _pointed(section).items():
            phrases.setdefault(phrase, []).append((place, points))
    danger: dict[str, list[str]] = {}
    for number, section in data["danger"].items():
        for phrase in section["phrases"]:
            danger.setdefault(phrase, []).append(number)
    decision = data["decision"]
    return Lexicon(
        version=data["version"],
        services=services,
        kinds=kinds,
        abbreviations=data["abbreviations"],
        phrases={phrase: tuple(places) for phrase, places in phrases.items()},
        urgent=_pointed(data["urgent"]),
        danger={phrase: tuple(numbers) for phrase, numbers in danger.items()},
        service_confidence=decision["service_confidence"],
        not_taken_confidence=decision["not_taken_confidence"],
        urgent_confidence=decision["urgent_confidence"],
        complex_confidence=decision["complex_confidence"],
    )


def tokens_of(text: str, abbreviations: Mapping[str, str]) -> list[str]:
    """Folded words; links, telephone numbers and numbers become url0, sdt0 and 0."""
    text = unicodedata.normalize("NFKD", text[:MOST_CHARACTERS].lower()).replace("đ", "d")
    text = text.encode("ascii", "ignore").decode()
    text = _PHONE.sub(" sdt0 ", _LINK.sub(" url0 ", text))
    text = _SHORT_PLACE.sub(lambda found: _PLACES[found[1]], text)
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if token.isdigit():
            tokens.append("0")
        elif token in abbreviations:
            tokens.extend(abbreviations[token].split())
        else:
            tokens.append(token)
    return tokens


def marked_tokens_of(text: str) -> list[str]:
    """Words with their accents, the tone last (so that hòa and hoà are one); none if none is typed."""
    text = unicodedata.normalize("NFD", text[:MOST_CHARACTERS].lower())
    if text.isascii():
        return []
    return [
        word if word.isascii() else word.translate(_TONELESS) + "".join(_tones(word))
        for word in _MARKED.findall(text)
    ]


def _tones(word: str) -> list[str]:
    return [letter for letter in word if letter in _TONES]


def features_of(text: str, lexicon: Lexicon) -> Features:
    """The numbers that the model weighs."""
    tokens = tokens_of(text, lexicon.abbreviations)
    points = np.zeros(len(lexicon.classes) + 2, np.float32)
    found, urgent, numbers = _phrases_in(tokens, lexicon, points)
    np.minimum(points, _STRONG_AT_MOST, out=points)
    points /= STRONG
    return Features(
        tokens=tuple(tokens),
        words=_word_buckets(tokens, _shape_marks(text, tokens)),
        runs=_run_buckets("".join(tokens)),
        marked=_marked_buckets(text),
        points=points,
        found=tuple(found),
        urgent_found=tuple(urgent),
        numbers=tuple(sorted(numbers)),
    )


def _phrases_in(
    tokens: Sequence[str], lexicon: Lexicon, points: Floats
) -> tuple[list[tuple[str, int]], list[str], set[str]]:
    """Adds the points of every phrase found once; the last two places are urgent and danger."""
    found: list[tuple[str, int]] = []
    urgent: list[str] = []
    numbers: set[str] = set()
    for phrase in _phrases(tokens):
        for place, value in lexicon.phrases.get(phrase, ()):
            points[place] += value
            found.append((phrase, place))
        if phrase in lexicon.urgent:
            points[-2] += lexicon.urgent[phrase]
            urgent.append(phrase)
        if phrase in lexicon.danger:
            points[-1] += STRONG
            numbers.update(lexicon.danger[phrase])
    return found, urgent, numbers


def _phrases(tokens: Sequence[str]) -> dict[str, None]:
    """All runs of up to LONGEST_PHRASE tokens, once each, in order."""
    phrases: dict[str, None] = dict.fromkeys(tokens)
    for start in range(len(tokens) - 1):
        phrase = tokens[start]
        for token in tokens[start + 1 : start + LONGEST_PHRASE]:
            phrase = f"{phrase} {token}"
            phrases[phrase] = None
    return phrases


def _shape_marks(text: str, tokens: Sequence[str]) -> list[int]:
    """How long the text is, roughly; how it begins and ends; whether it asks or shouts."""
    edges = [f"<{tokens[0]}", f"<{' '.join(tokens[:2])}"] if tokens else []
    edges += [f"{tokens[-1]}>", f"{' '.join(tokens[-2:])}>"] if tokens else []
    if "?" in text:
        edges.append("?>" if text.rstrip().endswith("?") else "?")
    if "!" in text:
        edges.append("!")
    return [_length_mark(len(tokens)), *(zlib.crc32(edge.encode()) for edge in edges)]


def _word_buckets(tokens: Sequence[str], marks: Sequence[int]) -> Indexes:
    """Words, pairs, triples and pairs with a gap; and marks of the text's shape."""
    hashes = hashes_of(tokens)
    parts = [joined(hashes, n) for n in (1, 2, 3)]
    parts.append(hashes[:-2] * np.uint32(31) + hashes[2:] * np.uint32(17) + np.uint32(5))
    parts.append(np.array(marks, np.uint32))
    return _once(bucket_of(np.concatenate(parts)))


def _marked_buckets(text: str) -> Indexes:
    """Accented words and their pairs, apart from the same words without accents."""
    tokens = marked_tokens_of(text)
    hashes = np.array([zlib.crc32(b"~" + token.encode()) for token in tokens], np.uint32)
    return _once(bucket_of(np.concatenate([joined(hashes, 1), joined(hashes, 2)])))


def _run_buckets(run: str) -> Indexes:
    """Character runs of the text without its spaces."""
    letters = np.frombuffer(run.encode(), np.uint8).astype(np.uint32)
    parts = []
    for length in RUNS:
        value = np.full(max(len(letters) - length + 1, 0), length, np.uint32)
        for place in range(length):
            value = value * np.uint32(257) + letters[place : place + len(value)]
        parts.append(value)
    return _once(bucket_of(np.concatenate(parts)))


def _once(buckets: Indexes) -> Indexes:
    # np.unique() of a few hundred numbers takes three times as long: it hashes.
    buckets.sort()
    return buckets[np.flatnonzero(np.diff(buckets, prepend=-1))]


def hashes_of(tokens: Sequence[str]) -> NDArray[np.uint32]:
    return np.array([zlib.crc32(token.encode()) for token in tokens], np.uint32)


def joined(hashes: NDArray[np.uint32], length: int) -> NDArray[np.uint32]:
    value = np.full(max(len(hashes) - length + 1, 0), length, np.uint32)
    for place in range(length):
        value = value * np.uint32(1_000_003) + hashes[place : place + len(value)]
    return value


def bucket_of(values: NDArray[np.uint32]) -> Indexes:
    # Knuth's multiplicative hash: the high bits of the product are well mixed.
    return ((values * np.uint32(2_654_435_761)) >> np.uint32(32 - BITS)).astype(np.intp)


def _length_mark(count: int) -> int:
    for mark, most in enumerate((1, 2, 3, 5, 8, 16, 40)):
        if count <= most:
            return 7_000_001 + mark
    return 7_000_011


def _pointed(section: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """phrase -> points; a phrase listed twice counts as strong."""
    points = dict.fromkeys(section.get("weak", ()), WEAK)
    return points | dict.fromkeys(section["strong"], STRONG)

"""How text of places is made comparable, and how close a name is to what was typed."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from thudo.base.folding import fold

_SEPARATORS = re.compile(r"[^0-9a-z/\-]+")
_NUMBER = re.compile(r"\d+[a-z]?([/-]\d+[a-z]?)*")


def plain(text: str) -> str:
    """Folded words with one space between them; only letters, digits, "/" and "-" remain."""
    return _SEPARATORS.sub(" ", fold(text)).strip()


def is_house_number(word: str) -> bool:
    """12, 12a, 12/5, 12-14."""
    return _NUMBER.fullmatch(word) is not None


def leading_number(text: str) -> int:
    """The number that a text begins with; 0 for none."""
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else 0


def holds_all(text: str, words: Sequence[tuple[str, ...]]) -> bool:
    """Whether, of each choice of spellings, one begins a word of the text."""
    padded = f" {text}"
    return all(any(f" {word}" in padded for word in spellings) for spellings in words)


def closeness(name: str, wanted: str) -> float:
    """3 the very name, 2 its beginning, 1.5 its end, 1 all words in it, 0 words elsewhere."""
    if name == wanted:
        return 3
    if name.startswith(wanted):
        return 2
    if name.endswith(f" {wanted}"):
        return 1.5
    return float(holds_all(name, [(word,) for word in wanted.split()]))


def begins_a_word(prefix: str, vocabulary: Sequence[str]) -> bool:
    """Whether a word of the sorted vocabulary begins so."""
    place = bisect_left(vocabulary, prefix)
    return place < len(vocabulary) and vocabulary[place].startswith(prefix)


def spellings(word: str, vocabulary: Sequence[str], most: int = 3) -> list[str]:
    """Known words one slip away (a letter more, less, other, or two swapped); shortest first."""
    if len(word) < 3:
        return []
    # The first letter is seldom wrong, and holding it keeps the guesses few.
    same = vocabulary[bisect_left(vocabulary, word[0]) : bisect_left(vocabulary, word[0] + "~")]
    near = (
        known for known in same if abs(len(known) - len(word)) <= 1 and is_one_slip(word, known)
    )
    return sorted(near, key=lambda known: (abs(len(known) - len(word)), known))[:most]


def is_one_slip(one: str, other: str) -> bool:
    """Whether the two words differ by one slip of the finger."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, tail = one[start:], other[start:]
    if len(one) == len(other):
        swapped = rest[:2] == tail[1::-1] and len(rest) > 1
        return rest[1:] == tail[1:] or (swapped and rest[2:] == tail[2:])
    return rest[1:] == tail if len(one) > len(other) else rest == tail[1:]

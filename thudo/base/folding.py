"""Vietnamese text made comparable: for search (accents dropped) and for order."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# The order of the Vietnamese alphabet; a letter's marks come before its tone.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x61 + place) for place, letter in enumerate(_LETTERS)}
# Order of tones in dictionaries: none, grave, hook, tilde, acute, dot.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def clean(text: str) -> str:
    """NFC, without control characters, ends and runs of spaces trimmed; line ends kept."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_cleaned(line) for line in text.split("\n")).strip()


def _cleaned(line: str) -> str:
    if not line.isprintable():
        line = "".join(c for c in line if c == "\t" or unicodedata.category(c)[0] != "C")
    return _SPACES.sub(" ", line).strip()


def fold(text: str) -> str:
    """Lower case ASCII as a phone without accents would type it; one space between words."""
    text = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    # No mark is ASCII, so they go with whatever else is not.
    return _SPACES.sub(" ", text.encode("ascii", "ignore").decode()).strip()


def sort_key(name: str) -> str:
    """A key that sorts names as a Vietnamese dictionary does, in any locale of the database."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", name.lower()):
        letter, tone = _split_tone(char)
        letters.append(_RANK.get(letter, letter))
        tones.append(tone)
    return "".join(letters) + "\x01" + "".join(tones)


def _split_tone(char: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", char)
    tone = "".join(_TONES.get(p, "") for p in parts)
    letter = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
    return letter, tone or "0"

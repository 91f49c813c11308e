"""A conversation of few words, by Zalo or short message, that ends in a petition. Pure.

a person says what happened   -> the place is found in it, or asked for, once
he names a place, or a point  -> filed; a place that nobody knows goes to the desk with his words
within the half hour          -> what he says next is added to that petition
"TRA 5688561562"              -> how that petition stands
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from thudo.base.folding import fold
from thudo.channels.rules import number_in

ASK_TEXT, ASK_PLACE, FILE, ADD, TELL, FORGET, GREET = (
    "ask_text", "ask_place", "file", "add", "tell", "forget", "greet",
)  # fmt: skip
_LEAST, _MOST, _MOST_FILES = 10, 4000, 10


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as far as it is known: degrees, the ward's code, and the words for it."""

    longitude: float | None = None
    latitude: float | None = None
    area: str = ""
    words: str = ""

    @property
    def is_known(self) -> bool:
        return self.longitude is not None or bool(self.area)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said so far. `asked`: what we asked for last; `number`: it was filed under it."""

    text: str = ""
    spot: Spot = Spot()
    files: tuple[str, ...] = ()
    asked: str = ""
    number: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def talk_of(stored: Mapping[str, Any]) -> Talk:
    """A talk as `as_json` wrote it."""
    return Talk(
        stored["text"], Spot(**stored["spot"]), tuple(stored["files"]), stored["asked"],
        stored["number"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: words, a point, photos (ids of drafts); `sentences`: what was wrong with them."""

    text: str = ""
    spot: Spot = Spot()
    files: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words a person may begin with, folded (pack: city.toml, channels)."""

    track: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now; `number` for TELL, `text` and `files` for ADD."""

    kind: str
    number: str = ""
    text: str = ""
    files: tuple[str, ...] = ()


def hear(
    talk: Talk,
    heard: Heard,
    words: Words,
    *,
    locate: Callable[[str], Spot],
    is_danger: Callable[[str], bool],
) -> tuple[Talk, Move]:
    """The talk after one more message, and what to do. A danger is filed before anything is asked."""
    if number := _tracked(heard.text, words.track):
        return talk, Move(TELL, number)
    if _is(heard.text, words.stop):
        return Talk(), Move(FORGET)
    if (rest := _after(heard.text, words.fresh)) is not None:
        talk, heard = Talk(), replace(heard, text=rest)
    if talk.number:
        return talk, _addition(heard)
    return _gathered(talk, heard, words, locate, is_danger)


def _gathered(
    talk: Talk,
    heard: Heard,
    words: Words,
    locate: Callable[[str], Spot],
    is_danger: Callable[[str], bool],
) -> tuple[Talk, Move]:
    was_asked = talk.asked == ASK_PLACE
    talk = replace(talk, files=(*talk.files, *heard.files)[:_MOST_FILES])
    if heard.spot.is_known:
        talk = replace(talk, spot=heard.spot)
    if was_asked and heard.text:
        is_place = not _is(heard.text, words.skip)
        return (_placed(talk, heard.text, locate) if is_place else talk), Move(FILE)
    talk = replace(talk, text=f"{talk.text}\n{heard.text}".strip()[:_MOST])
    if len(talk.text) < _LEAST and not is_danger(talk.text):
        is_new = not (talk.text or talk.files or talk.spot.is_known)
        return replace(talk, asked=ASK_TEXT), Move(GREET if is_new else ASK_TEXT)
    if not talk.spot.is_known:
        talk = replace(talk, spot=locate(talk.text))
    if talk.spot.is_known or is_danger(talk.text):
        return talk, Move(FILE)
    return replace(talk, asked=ASK_PLACE), Move(ASK_PLACE)


def _placed(talk: Talk, said: str, locate: Callable[[str], Spot]) -> Talk:
    """The answer to "where?": a place we know, else his words for the desk to read."""
    if talk.spot.is_known:
        return replace(talk, text=f"{talk.text}\n{said}"[:_MOST])
    found = locate(said)
    return replace(talk, spot=found if found.is_known else Spot(words=said[:300]))


def _addition(heard: Heard) -> Move:
    point = heard.spot
    where = f"{point.words} ({point.latitude:.5f}, {point.longitude:.5f})".strip() if (
        point.longitude is not None and point.latitude is not None
    ) else ""  # fmt: skip
    text = "\n".join(part for part in (heard.text, where) if part)
    return Move(ADD, text=text[:_MOST], files=heard.files)


def _tracked(text: str, keywords: Sequence[str]) -> str:
    rest = _after(text, keywords)
    return number_in(rest) if rest is not None and len(rest) < 40 else ""


def _is(text: str, keywords: Sequence[str]) -> bool:
    return fold(text).strip(" .!") in keywords


def _after(text: str, keywords: Sequence[str]) -> str | None:
    """What follows the keyword that a text begins with; None when it begins otherwise."""
    said = text.split()
    for keyword in sorted(keywords, key=len, reverse=True):
        count = len(keyword.split())
        if fold(" ".join(said[:count])).strip(":.,") == keyword:
            return " ".join(said[count:])
    return None

"""Which names a text holds, and what stands before and behind each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from thudo.directory.rules.locating.gazetteer import COMMON, Gazetteer, Named, Part, Street
from thudo.directory.rules.locating.words import (
    NO_MARK,
    Marks,
    Word,
    fits,
    is_number,
    key_of,
    one_slip_with_accents,
)

_LONGEST_NAME = 6
# A long text is a petition: there the names must be spelled as they are.
_MENDED_UP_TO = 40
_MEND = 0.75
# Candidates for the name of a place that are compared in full.
_COMPARED = 25
_ENOUGH = 0.62
# Names of so few words stand together, without a comma between.
_SHORT_NAME = 3


@dataclass(slots=True)
class Mention:
    """A name in the text, words[start:end]; `certainty` less than 1 when it had to be mended,
    `is_slip` when a letter had to be. `marks`: roles of the words before and behind; `begin`:
    where those before begin."""

    start: int
    end: int
    key: str
    certainty: float
    street: Street | None
    parts: list[Part]
    marks: set[str] = field(default_factory=set)
    house: str = ""
    lanes: tuple[str, ...] = ()
    # What each lane is called ("ngõ", "ngách"), as the pack spells it.
    lane_words: tuple[str, ...] = ()
    opposite: bool = False
    begin: int = 0
    is_tail: bool = False
    in_name: bool = False
    is_told: bool = False
    # A name of a smaller part stands before it: "Thượng Thanh, Long Biên".
    is_around: bool = False
    is_slip: bool = False


class Sight(NamedTuple):
    """Places of one name that the text seems to mean; `quality` 0..1; words[start:end];
    `is_slip`: a word of it had to be mended."""

    named: Named
    quality: float
    start: int
    end: int
    is_slip: bool


def mentions(gazetteer: Gazetteer, words: Sequence[Word]) -> list[Mention]:
    """Names of streets and parts of the city, none over another, in the text's order."""
    found = [_in_context(gazetteer, words, m) for m in _names(gazetteer, words)]
    found = [mention for mention in found if _stands(gazetteer, mention, words)]
    found.sort(key=lambda m: (-_strength(m, words), -m.is_told, -len(m.marks), m.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    kept.sort(key=lambda m: m.start)
    for before, mention in pairwise(kept):
        smaller = any(part.role in ("ward", "former_ward") for part in before.parts)
        mention.is_around = smaller and not (before.house or before.lanes)
    return kept


def _strength(mention: Mention, words: Sequence[Word]) -> float:
    """The longest name wins; of two over each other, the one whose accents were typed."""
    typed = words[mention.start : mention.end]
    tones = list(mention.street.toned if mention.street else ())
    tones += [part.toned for part in mention.parts]
    accents = any(word.toned not in ("", word.folded) for word in typed)
    fit = max((fits(typed, toned, with_accents=accents) for toned in tones), default=1.0)
    return mention.certainty * (mention.end - mention.start) * (0.7 + 0.3 * fit)


def _names(gazetteer: Gazetteer, words: Sequence[Word]) -> Iterator[Mention]:
    mends = len(words) <= _MENDED_UP_TO
    vague = gazetteer.grammar.vague_in(words)
    for start in range(len(words)):
        for length in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            part = words[start : start + length]
            if length > 1 and any(word.fresh for word in part[1:]):
                continue
            key = key_of(part)
            street, parts = gazetteer.streets.get(key), gazetteer.parts.get(key, [])
            if street or parts:
                yield Mention(start, start + length, key, 1.0, street, parts)
            elif (
                mends
                and vague.isdisjoint(range(start, start + length))
                and not any(is_number(word.folded) for word in part)
            ):
                yield from _mended(gazetteer, start, part, key)


def _mended(gazetteer: Gazetteer, start: int, part: Sequence[Word], key: str) -> Iterator[Mention]:
    typed = key.split()
    # What other names here hold in this order is no slip of the finger.
    if len(typed) == 1 and key in gazetteer.holders:
        return
    if len(typed) > 1 and all(p in gazetteer.pairs for p in pairwise(typed)):
        return
    near = gazetteer.spelling.mended(key) or gazetteer.spelling.run_on(key)
    # A number is no slip either: "X q." is not "X 2".
    near = [name for name in near if not any(sign.isdigit() for sign in name)]
    near = [name for name in near if _may_be_slip(gazetteer, part, name)]
    if near:
        streets = [gazetteer.streets[name] for name in near if name in gazetteer.streets]
        parts = [part for name in near for part in gazetteer.parts.get(name, ())]
        street, is_slip = streets[0] if streets else None, not _is_run_on(key, near[0])
        end = start + len(part)
        yield Mention(start, end, near[0], _MEND, street, parts, is_slip=is_slip)


def _is_run_on(key: str, name: str) -> bool:
    return key.replace(" ", "") == name.replace(" ", "")


def _may_be_slip(gazetteer: Gazetteer, typed: Sequence[Word], name: str) -> bool:
    """Whether the accents typed allow it: "chợ nào" is no slip for "Chợ Gạo"."""
    street = gazetteer.streets.get(name)
    forms = [*(street.toned if street else ()), *(p.toned for p in gazetteer.parts.get(name, ()))]
    return any(_is_slip_of(typed, form.split()) for form in forms)


def _is_slip_of(typed: Sequence[Word], toned: Sequence[str]) -> bool:
    if len(typed) != len(toned):
        return True
    return all(one_slip_with_accents(word, true) for word, true in zip(typed, toned, strict=True))


def _in_context(gazetteer: Gazetteer, words: Sequence[Word], mention: Mention) -> Mention:
    _look_left(gazetteer, words, mention)
    _look_right(gazetteer, words, mention)
    return mention


def _look_left(gazetteer: Gazetteer, words: Sequence[Word], mention: Mention) -> None:
    """The words before: kinds first ("phố"), then lanes, the innermost last, then the house."""
    place, lanes = _kind_before(gazetteer, words, mention), list[str]()
    called: list[str] = []
    while place > 0 and not mention.house and not _only_part(mention):
        number = words[place - 1].folded
        if not is_number(number):
            break
        length, roles = _mark_before(gazetteer, words, place - 1)
        if "lane" in roles:
            lanes.append(number)
            place -= 1 + length
            called.append(gazetteer.grammar.lane_word(words[place + length - 1]))
        elif "other_number" in roles and "house" not in roles:
            break
        else:
            mention.house = number
            place -= 1 + (length if "house" in roles else 0)
    mention.opposite = (
        bool(mention.house) and "opposite" in _mark_before(gazetteer, words, place)[1]
    )
    if lanes or mention.house:
        mention.marks = {"street"}
    mention.lanes, mention.lane_words, mention.begin = tuple(lanes), tuple(called), place
    mention.in_name = place == mention.start and any(
        tuple(word.folded for word in words[place - length : place]) in gazetteer.heads
        for length in range(1, min(place, _LONGEST_NAME) + 1)
    )


def _kind_before(gazetteer: Gazetteer, words: Sequence[Word], mention: Mention) -> int:
    """Notes what kind of thing the word before says it is; where that word begins."""
    length, roles = _mark_before(gazetteer, words, mention.start)
    kinds = roles & {"street", "ward", "district"}
    if not kinds:
        return mention.start
    mention.marks |= kinds
    mention.is_told = True
    return mention.start - length


def _only_part(mention: Mention) -> bool:
    return mention.street is None or (bool(mention.marks) and "street" not in mention.marks)


def _mark_before(gazetteer: Gazetteer, words: Sequence[Word], place: int) -> Marks:
    """The marking words that end here, the longest first; (0, none) without any."""
    for length in range(min(gazetteer.grammar.longest, place), 0, -1):
        for found, roles in gazetteer.grammar.marks_at(words, place - length):
            if found == length:
                return length, roles
    return NO_MARK


def _look_right(gazetteer: Gazetteer, words: Sequence[Word], mention: Mention) -> None:
    """That it is a part that is no more, or the number behind the street's name."""
    place = mention.end
    mention.is_tail = place >= len(words) or words[place].fresh
    if "former" in gazetteer.grammar.mark_at(words, place)[1]:
        mention.marks |= {"former"}
    while place < len(words) and not mention.house and not _only_part(mention):
        length, roles = gazetteer.grammar.mark_at(words, place)
        told = bool(roles & {"house", "lane"})
        if "near" in roles:
            place += length
            length, roles = gazetteer.grammar.mark_at(words, place)
            told = bool(roles & {"house", "lane"})
            if not told:
                return
        after = place + length if told else place
        if not _is_its_number(gazetteer, words, after, told=told):
            return
        number = words[after].folded
        if "lane" in roles:
            mention.lanes = (*mention.lanes, number)
            called = gazetteer.grammar.lane_word(words[after - 1])
            mention.lane_words = (*mention.lane_words, called)
        else:
            mention.house = number
        mention.marks = {"street"}
        place = after + 1


def _is_its_number(gazetteer: Gazetteer, words: Sequence[Word], place: int, *, told: bool) -> bool:
    """A number that belongs to the name before it: "Láng số 5", but not "Láng, 5 Vọng"."""
    if place >= len(words) or not is_number(words[place].folded):
        return False
    if words[place].fresh and not told:
        return False
    return not _leads_on(gazetteer, words, place + 1)


def _leads_on(gazetteer: Gazetteer, words: Sequence[Word], place: int) -> bool:
    """Whether the number before `place` belongs to a name that follows it at once."""
    if place >= len(words) or words[place].fresh:
        return False
    roles = gazetteer.grammar.mark_at(words, place)[1]
    if "street" in roles:
        return not roles & {"ward", "district"}
    return any(
        key_of(words[place : place + length]) in gazetteer.streets
        for length in range(_LONGEST_NAME, 1, -1)
    )


def _stands(gazetteer: Gazetteer, mention: Mention, words: Sequence[Word]) -> bool:
    """Whether so short a name is one here: single words need a mark, or to stand alone."""
    key, grammar = mention.key, gazetteer.grammar
    if mention.is_told and not grammar.is_void(key):
        return mention.certainty == 1 or len(key) > 6
    if grammar.is_serial(key) or grammar.is_void(key) or len(key) < 3:
        return False
    if mention.end - mention.start > 1 or len(key) > 6:
        return True
    if (key,) in gazetteer.heads or (key,) in grammar.marks:
        return False
    first = words[mention.start]
    alone = bool(mention.parts) and first.fresh and mention.is_tail
    return alone or bool(mention.house or mention.lanes)


def sights(gazetteer: Gazetteer, words: Sequence[Word]) -> list[Sight]:
    """Names of known places that the text holds nearly all of, the best first."""
    sums: dict[int, float] = {}
    texts = _read_as(gazetteer, words)
    for known_as in set(texts):
        for known in known_as:
            holders = gazetteer.holders[known]
            if len(holders) <= COMMON:
                weight = gazetteer.weights[known]
                for number in holders:
                    sums[number] = sums.get(number, 0.0) + weight
    names = gazetteer.names
    ranked = sorted(
        (n for n in sums if sums[n] > 0.4 * names[n].total and not names[n].is_bare),
        key=lambda n: -sums[n] * sums[n] / names[n].total,
    )
    found = [_sight(gazetteer, names[number], words, texts) for number in ranked[:_COMPARED]]
    good = [sight for sight in found if sight.quality >= _ENOUGH]
    return sorted(good, key=lambda s: (-s.quality, -s.named.total))


def _side_by_side(
    words: Sequence[Word], window: Sequence[str], length: int
) -> set[tuple[str, str]]:
    """Pairs of the name's words that follow each other in the text; of a short name, at once."""
    found: set[tuple[str, str]] = set()
    before, gap = "", False
    for word, known in zip(words, window, strict=True):
        gap = (gap or word.fresh) if before else False
        if known:
            if before and not (gap and length <= _SHORT_NAME):
                found.add((before, known))
            before, gap = known, False
        else:
            gap = True
    return found


def _read_as(gazetteer: Gazetteer, words: Sequence[Word]) -> list[tuple[str, ...]]:
    """Of each word, the words of places' names it may be; "đó", "nào" are no slips for others."""
    vague = gazetteer.grammar.vague_in(words)
    return [
        (word.folded,)
        if word.folded in gazetteer.holders
        else () if place in vague else gazetteer.respelled(word)
        for place, word in enumerate(words)
    ]  # fmt: skip


def _sight(
    gazetteer: Gazetteer, named: Named, words: Sequence[Word], read_as: Sequence[tuple[str, ...]]
) -> Sight:
    """The window of the text that holds most of the name."""
    wanted = frozenset(named.words)
    texts = [next((known for known in one if known in wanted), "") for one in read_as]
    length = min(len(words), len(named.words) + 1)
    best = (0.0, 0, length)
    for start in range(len(words) - length + 1):
        window = texts[start : start + length]
        held = {word for word in window if word}
        score = sum(gazetteer.weights[word] for word in held)
        if score > best[0] + 1e-9:
            best = (score, start, start + length)
    score, start, end = best
    while start < end and not texts[start]:
        start += 1
    while end > start and not texts[end - 1]:
        end -= 1
    window = texts[start:end]
    quality = score / named.total
    if named.pairs:
        pairs = named.near & _side_by_side(words[start:end], window, len(named.words))
        quality = 0.55 * quality + 0.45 * min(1.0, len(pairs) / len(named.pairs))
    typed = [word.folded for word in words[start:end]]
    is_slip = any(known not in ("", word) for known, word in zip(window, typed, strict=True))
    return Sight(named, quality, start, end, is_slip)

"""How well a classifier does on labelled lines: the figures of `thudo evaluate`."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thudo.routing.rules.classification import Classification, tokens_of

# The words of the exchange format, folded, and how others write the same.
URGENCY_WORDS = {
    **dict.fromkeys(("khan", "khan cap", "urgent", "emergency"), "urgent"),
    **dict.fromkeys(("binh thuong", "thuong", "normal"), "normal"),
    **dict.fromkeys(("phuc tap", "complex"), "complex"),
}
_NO = ("false", "no", "0", "khong")


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled text. `service` of an inadmissible one is its kind; `urgency` may be unknown: ""."""

    text: str
    service: str
    urgency: str
    is_admissible: bool


class LineFault(ValueError):
    """A line that is not of the format; says what is wrong."""


def line_from(data: object) -> Line:
    """One line of the exchange format; codes with or without "!", urgency in either language.

    A missing or unknown urgency becomes "". Raises LineFault where text or service is missing.
    """
    if not isinstance(data, Mapping):
        raise LineFault("this is not an object")
    text, code = data.get("text"), data.get("service")
    if not isinstance(text, str):
        raise LineFault("the member 'text' is missing")
    is_admissible = _is_true(data.get("admissible", not str(code).startswith("!")))
    if is_admissible and not (isinstance(code, str) and code.strip()):
        raise LineFault("the member 'service' is missing")
    service = str(code or "").strip().lstrip("!")
    words = " ".join(tokens_of(str(data.get("urgency") or ""), {}))
    return Line(text, service, URGENCY_WORDS.get(words, ""), is_admissible)


def known(
    lines: Iterable[Line], services: Collection[str], kinds: Collection[str]
) -> tuple[list[Line], Counter[str]]:
    """(lines that can be judged, how often each unknown code of an admissible line occurs).

    A kind not taken is never admissible, whatever the line says.
    """
    judged: list[Line] = []
    unknown: Counter[str] = Counter()
    for line in lines:
        if line.service in kinds:
            judged.append(replace(line, is_admissible=False))
        elif line.is_admissible and line.service not in services:
            unknown[line.service] += 1
        else:
            judged.append(line)
    return judged, unknown


def _is_true(value: object) -> bool:
    return value.strip().lower() not in _NO if isinstance(value, str) else bool(value)


def figures(lines: Sequence[Line], answers: Sequence[Classification]) -> dict[str, Any]:
    """The fractions of the exchange format; None where there is nothing to divide by.

    top1, top3 and macro_f1 are over the admissible lines, before abstaining; the two of urgency
    over those of them whose urgency is known.
    """
    pairs = list(zip(lines, answers, strict=True))
    taken = [(line, answer) for line, answer in pairs if line.is_admissible]
    not_taken = [(line, answer) for line, answer in pairs if not line.is_admissible]
    refused = [answer for _, answer in not_taken if answer.kind_not_taken]
    urgent = [
        (line.urgency == "urgent", answer.urgency == "urgent")
        for line, answer in taken
        if line.urgency
    ]
    hits = sum(is_so and said for is_so, said in urgent)
    return {
        "lines": len(pairs),
        "top1": _share(_within(taken, 1), len(taken)),
        "top3": _share(_within(taken, 3), len(taken)),
        "macro_f1": _macro_f1(taken),
        "urgent_recall": _share(hits, sum(is_so for is_so, _ in urgent)),
        "urgent_precision": _share(hits, sum(said for _, said in urgent)),
        "inadmissible_recall": _share(len(refused), len(not_taken)),
        "false_refusals": _share(sum(bool(a.kind_not_taken) for _, a in taken), len(taken)),
        "abstained": _share(sum(a.service is None for _, a in taken), len(taken)),
    }


def confusions(
    lines: Sequence[Line], answers: Sequence[Classification]
) -> list[tuple[str, str, int]]:
    """(what it is, what was said, how often), mistakes only, commonest first.

    "taken" and "kind" stand for the other side of admissibility.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for line, answer in zip(lines, answers, strict=True):
        said = answer.kind_not_taken or answer.alternatives[0][0]
        if line.is_admissible or not answer.kind_not_taken:
            counts[line.service, said] += 1
    wrong = [(is_so, said, n) for (is_so, said), n in counts.items() if is_so != said]
    return sorted(wrong, key=lambda row: (-row[2], row[0], row[1]))


def apart(
    lines: Iterable[Line], others: Iterable[str], most: float = 0.6
) -> tuple[list[Line], list[Line]]:
    """(kept, dropped): lines whose trigram similarity to every other text is at most `most`."""
    known = [trigrams(text) for text in others]
    kept: list[Line] = []
    dropped: list[Line] = []
    for line in lines:
        own = trigrams(line.text)
        near = any(similarity(own, other) > most for other in known)
        (dropped if near else kept).append(line)
    return kept, dropped


def trigrams(text: str) -> frozenset[str]:
    """The trigrams of a text's folded words, padded as PostgreSQL's pg_trgm does."""
    padded = (f"  {word} " for word in tokens_of(text, {}))
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared trigrams over all of both."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _within(pairs: Sequence[tuple[Line, Classification]], places: int) -> int:
    return sum(
        line.service in [code for code, _ in answer.alternatives[:places]] for line, answer in pairs
    )


def _macro_f1(pairs: Sequence[tuple[Line, Classification]]) -> float | None:
    """The mean of every service's F1, over services that occur."""
    said = Counter(answer.alternatives[0][0] for _, answer in pairs)
    meant = Counter(line.service for line, _ in pairs)
    right = Counter(line.service for line, answer in pairs if _within([(line, answer)], 1))
    scores = [2 * right[code] / (said[code] + meant[code]) for code in meant]
    return _share(sum(scores), len(scores))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


# How phones shorten what is typed without accents.
_SHORTENED = {"khong": "ko", "duoc": "dc", "phuong": "p.", "quan": "q.", "nguoi": "ng", "roi": "r"}


def phone_spelling(text: str) -> str:
    """The text as typed in haste on a phone: no accents, no capitals, the usual short words."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("đ", "d")
    words = plain.encode("ascii", "ignore").decode().split()
    return " ".join(_SHORTENED.get(word, word) for word in words)


# figure -> how much it may fall (fraction); false refusals and abstaining may rise as much.
_MAY_FALL = {
    "top1": 0.01,
    "top3": 0.01,
    "urgent_recall": 0.02,
    "urgent_precision": 0.05,
    "inadmissible_recall": 0.02,
}
_MAY_RISE = {"false_refusals": 0.005, "abstained": 0.03}


def losses(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Why the second figures are worse than the first; empty when they are not."""
    fallen = [
        f"{name}: {before[name]:.3f} -> {after[name]:.3f}"
        for name, most in _MAY_FALL.items()
        if before[name] is not None and after[name] < before[name] - most
    ]
    risen = [
        f"{name}: {before[name]:.3f} -> {after[name]:.3f}"
        for name, most in _MAY_RISE.items()
        if before[name] is not None and after[name] > before[name] + most
    ]
    return fallen + risen

"""Pure decisions about what everybody sees: filters, shapes of states, classes of a map."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

CLOSED = frozenset({"answered", "resolved", "refused"})
# A case that goes on in another one, or was taken back, is nobody's debt any more.
GONE = frozenset({"merged", "withdrawn"})
PAUSED = "awaiting_supplement"
BEFORE_INTAKE = frozenset({"awaiting_intake", "transferred"})

STATES = (
    "open",
    "late",
    "soon",
    "hours",
    "waiting",
    "done",
    "answered",
    "refused",
    "closed",
    "current",
)
PROMISES = ("due", "kept", "broken")
VERDICTS = ("result", "rated", "satisfied", "acceptable", "not_satisfied")
# What the wall calls "due in the next hours", and how long a finished case stays on the map.
HOURS = timedelta(hours=2)
RECENT = timedelta(days=7)
_MONTH = re.compile(r"^20\d\d-(0[1-9]|1[0-2])$")
_WORD = re.compile(r"^[0-9a-z_\-]{1,60}$")


# States of cases that are not ended: they are few, whatever the city's past.
NOW = frozenset({"open", "late", "soon", "hours", "waiting"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; "" leaves it open. `month` "2026-11" and `on` "2026-11-24" are of
    the city's calendar: with `promise` the month in which the promise fell due, with `verdict` that
    of the result, else that of the end (closed states) or of the filing."""

    q: str = ""
    area: str = ""
    group: str = ""
    service: str = ""
    unit: str = ""
    state: str = ""
    month: str = ""
    on: str = ""
    promise: str = ""
    verdict: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The filters in force, as an address carries them."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def finds_marks(self) -> bool:
        """Whether every case that these filters leave is open or ended lately."""
        plain = not (self.q or self.promise or self.verdict)
        return plain and self.state in NOW | {"current"}

    @property
    def counts_private(self) -> bool:
        """Whether petitions that are not public may be counted too: never where words are
        searched, and never where ward and kind of matter together would point at one person."""
        narrow = bool(self.service or self.group) and bool(self.area or self.unit)
        return not self.q and not narrow


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters in an address; what cannot be one counts as not given."""
    words = {name: given.get(name, "").strip() for name in Filters.__dataclass_fields__}
    plain = ("area", "group", "service", "unit")
    # Control signs have no meaning in a search, and the database refuses some of them.
    q = "".join(sign for sign in words["q"][:100] if sign.isprintable())
    found = Filters(q=q, **{n: words[n] for n in plain if _WORD.match(words[n])})
    found = replace(
        found,
        state=_one_of(words["state"], STATES),
        month=words["month"] if _MONTH.match(words["month"]) else "",
        on=words["on"] if _is_day(words["on"]) else "",
        promise=_one_of(words["promise"], PROMISES),
        verdict=_one_of(words["verdict"], VERDICTS),
    )
    if found.month:
        return found
    return replace(found, promise="", verdict="")


def _one_of(word: str, known: Sequence[str]) -> str:
    return word if word in known else ""


def _is_day(text: str) -> bool:
    try:
        return 2000 <= date.fromisoformat(text).year <= 2100
    except ValueError:
        return False


def is_late(state: str, promised_at: datetime, at: datetime) -> bool:
    """Whether the city has broken its word and still owes: open, not waiting for the petitioner,
    and the promised instant is over."""
    return state not in CLOSED | GONE and state != PAUSED and promised_at < at


def shape_of(state: str, promised_at: datetime, *, at: datetime, soon_at: datetime) -> str:
    """The shape that a state has on screen: ok, soon, late, wait, done, unknown.

    `soon_at`: promises up to here count as due soon. Answered is not resolved: it never gets ✔.
    """
    ended = {"resolved": "done", "answered": "wait", "refused": "unknown", PAUSED: "wait"}
    if state in ended:
        return ended[state]
    if state in GONE:
        return "unknown"
    if promised_at < at:
        return "late"
    return "soon" if promised_at <= soon_at else "ok"


# How many stops of the promise line lie behind a case, of: received, taken in, handled, checked,
# result. The present one comes after them.
_BEHIND = {
    "awaiting_intake": 1, "transferred": 1, "awaiting_handling": 2, "in_progress": 2,
    "awaiting_supplement": 2, "reopened": 2, "awaiting_check": 3, "rechecking": 3,
}  # fmt: skip
STOPS = 5


def stops_of(state: str, *, late: bool) -> list[str]:
    """The stops of a row's promise line: done, now, late, future; a broken promise adds a triangle
    before the present."""
    behind = _BEHIND.get(state, STOPS)
    if behind >= STOPS:
        return ["done"] * STOPS
    now = ["late", "now"] if late else ["now"]
    return ["done"] * behind + now + ["future"] * (STOPS - behind - 1)


def classes(values: Sequence[int], most: int = 5) -> list[int]:
    """Upper limits of at most `most` classes for a map of amounts, the last one the largest value.

    Zero is a class of its own; the others hold about as many values each, so that one crowded
    ward does not make all others look alike.
    """
    rest = sorted(value for value in values if value > 0)
    if not rest:
        return [0]
    cuts = {rest[min(len(rest) - 1, len(rest) * k // (most - 1))] for k in range(1, most - 1)}
    return sorted({0, *cuts, rest[-1]})


def class_of(value: int, limits: Sequence[int]) -> int:
    """The number (from 1) of the class that holds a value."""
    return next((k for k, limit in enumerate(limits, 1) if value <= limit), len(limits))

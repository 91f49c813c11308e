"""Pure decisions of the desks: which group a case stands in, its shape, its stops, its proof."""

import math
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LATE, TODAY, WEEK, LATER, WAITING = "late", "today", "week", "later", "waiting"
GROUPS = (LATE, TODAY, WEEK, LATER, WAITING)
# States in which the next word is somebody else's: the unit's own clock does not run.
ON_OTHERS = ("awaiting_supplement", "awaiting_check")
# When two petitions may be one matter: metres, days, and shares of trigrams that both have.
NEAR, RECENT_DAYS = 200, 30
ALIKE, COPIED = 0.4, 0.6
STOPS = ("filed", "intake", "work", "check", "result")
_PRESENT = {
    "awaiting_intake": 1,
    "transferred": 1,
    "reopened": 1,
    "awaiting_handling": 2,
    "in_progress": 2,
    "awaiting_supplement": 2,
    "awaiting_check": 3,
    "rechecking": 3,
}
_ENDED = {"resolved": "done", "answered": "wait"}
# What petitioners send: with the petition, and later.
MATTER, SUPPLEMENT = "matter", "supplement"
SENT = (MATTER, SUPPLEMENT)
PURPOSES = ("after", "before", "document", "minutes", "measurement")
# Which upload proves which kind that a service asks for (thudo.files.rules.proof_kind).
KIND_OF_PURPOSE = {
    "before": "photo",
    "after": "photo",
    "document": "document",
    "minutes": "minutes",
    "measurement": "measurement",
}


# What became of a call-back, and of asking again after a verdict that a clerk took down.
CALLED = ("reached", "filed", "given_up")
CHECKED = ("confirmed", "differs", "unreached")
DUE = "due"
# journal action -> sentence; English msgids, Vietnamese in locale/
ACTIONS: dict[str, str] = {
    "caller.looked_up": "A caller's petitions were looked up by his number",
    "question.answered": "A question was answered on the telephone",
    "callback.asked": "A caller waits to be called back",
    "callback.taken": "A clerk took a call-back",
    "callback.released": "A call-back was given back to the list",
    "callback.tried": "A call-back was tried",
    "callback.ended": "A call-back is done",
    "verdict.taken_by_phone": "The verdict was given by telephone",
    "verdict.checked": "A verdict given by telephone was asked for again",
    "sheet.loaded": "A sheet written while the system was down was loaded",
}


# Who has not said within this what came of a call has left the desk: another may take it.
HELD_AT_MOST = timedelta(minutes=30)


def edges(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Where today ends and where this week ends (Monday comes next), in the city's zone."""
    local = at.astimezone(zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    return midnight, midnight + timedelta(days=6 - local.weekday())


def shape(state: str, group: str, *, is_open: bool) -> str:
    """The status shape of a case: late, soon, ok, wait, done or unknown."""
    if not is_open:
        return _ENDED.get(state, "unknown")
    return {LATE: "late", TODAY: "soon", WAITING: "wait"}.get(group, "ok")


def stops(state: str, *, is_late: bool) -> list[tuple[str, str]]:
    """The stops of a promise line as (code, "done" | "now" | "late" | "future")."""
    here = _PRESENT.get(state)
    if here is None:
        return [(code, "done") for code in STOPS]
    marks = ["done"] * here + ["late" if is_late else "now"] + ["future"] * len(STOPS)
    return list(zip(STOPS, marks, strict=False))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance between two (longitude, latitude) points of one city; flat-earth is enough."""
    east = math.radians(b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return 6_371_000 * math.hypot(east, math.radians(b[1] - a[1]))


def still_missing(accepted: Iterable[str], given: Iterable[str]) -> list[tuple[str, bool]]:
    """Each kind of proof a service accepts, and whether one of it is there."""
    have = set(given)
    return [(kind, kind in have) for kind in accepted]


def may_be_same(
    *, likeness: float, metres: int | None, is_same_service: bool, is_recent: bool
) -> bool:
    """Whether a desk is asked if two open petitions are about one matter.

    Words so alike that one was written from the other suffice wherever they point in the ward.
    Else both must be new and near: of one service, or of neighbouring ones in like words.
    """
    if likeness >= COPIED:
        return True
    if metres is None or metres > NEAR or not is_recent:
        return False
    return is_same_service or likeness >= ALIKE

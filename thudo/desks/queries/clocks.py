"""The clocks of a case as staff see them: both terms, what is used up, and where they come from."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thudo.base.phrases import count
from thudo.cases.lifecycle import BEFORE_INTAKE
from thudo.cases.models import Case, Clock
from thudo.cases.queries import clocks_of
from thudo.deadlines.queries import used
from thudo.directory.queries import directory

# The order in which people think of them.
ORDER = ("acknowledge", "triage", "intake", "handling", "supplement", "check", "recheck")


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock, its latest epoch. Minutes are of its own measure; `due_at` what it promised."""

    kind: str
    words: str
    state: str  # "running", "overdue", "paused", "stopped", "future"
    shape: str
    due_at: datetime | None
    used: int
    allowance: int
    used_words: str
    allowance_words: str
    is_elapsed: bool
    was_late: bool
    source: str


def clock_lines(case: Case, at: datetime) -> list[ClockLine]:
    """The latest clock of each kind that the case has had."""
    latest: dict[str, Clock] = {}
    for clock in clocks_of(case):
        latest[clock.kind] = clock
    lines = [_line(latest[kind], at) for kind in ORDER if kind in latest]
    if case.state in BEFORE_INTAKE and "handling" not in latest:
        lines.append(_to_come(case))
    return lines


def clock_words(kind: str) -> str:
    """What a clock measures."""
    return {
        "acknowledge": _("Acknowledge at once"),
        "triage": _("Desk names the unit"),
        "intake": _("Take in"),
        "handling": _("Handle"),
        "supplement": _("Petitioner may add"),
        "check": _("Check the result"),
        "recheck": _("Re-check"),
    }[kind]


def length_words(minutes: int) -> str:
    """'3 hours 20 minutes'."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": count(hours)}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts)


def _line(clock: Clock, at: datetime) -> ClockLine:
    state, spent = _state(clock, at), _used(clock, at)
    return ClockLine(
        kind=clock.kind,
        words=clock_words(clock.kind),
        state=state,
        shape={"overdue": "late", "paused": "wait", "stopped": "done"}.get(state, "ok"),
        due_at=clock.promised_at,
        used=spent,
        allowance=clock.allowance,
        used_words=length_words(spent),
        allowance_words=length_words(clock.allowance),
        is_elapsed=clock.measure == "elapsed",
        was_late=clock.overdue_at is not None and clock.stopped_at is not None,
        source=clock.source or directory().city.get("name", ""),
    )


def _to_come(case: Case) -> ClockLine:
    """The handling clock before intake starts it: at the latest it ends when it was promised."""
    words = clock_words("handling")
    at = case.promised_at
    return ClockLine(
        kind="handling", words=words, state="future", shape="wait", due_at=at, used=0, allowance=0,
        used_words="", allowance_words="", is_elapsed=False, was_late=False, source="",
    )  # fmt: skip


def _used(clock: Clock, at: datetime) -> int:
    if clock.running_since is None or at <= clock.running_since:
        return clock.consumed
    return clock.consumed + used(clock.calendar, clock.running_since, at, measure=clock.measure)


def _state(clock: Clock, at: datetime) -> str:
    if clock.stopped_at:
        return "stopped"
    if clock.due_at is None:
        return "paused"
    return "overdue" if at >= clock.due_at else "running"

"""Pure decisions about cases: which clock moves, what needs a check, what counts as proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

URGENT, NORMAL, COMPLEX = "urgent", "normal", "complex"
URGENCIES = (URGENT, NORMAL, COMPLEX)


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The pack's rule on which answers are checked: `share` (0..1) of those nobody demands."""

    share: float = 1.0


def why_checked(
    *, urgency: str, outcome: str, was_rechecked: bool, is_flagged: bool, draw: float, share: float
) -> str:
    """Why an answer goes to the checking desk; "" when it may go out unchecked.

    `draw` is a random number in [0, 1) drawn by the door, so that the rule stays pure.
    """
    if outcome == "refused":
        return "refusal"
    if urgency == URGENT:
        return "urgent"
    if was_rechecked:
        return "recheck"
    if is_flagged:
        return "flagged"
    return "drawn" if draw < share else ""


def missing_proof(accepted: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """The kinds of proof of which one is still needed to call a case resolved; () when none is.

    `accepted`: the service's kinds, any of which will do; `given`: the kinds attached.
    """
    wanted = tuple(accepted)
    return () if not wanted or set(wanted) & set(given) else wanted


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a person is shown of a clock: its state and minutes of its own measure."""

    kind: str
    due_at: datetime | None
    state: str  # "running", "soon", "overdue", "paused", "stopped"


def reading(
    kind: str,
    *,
    due_at: datetime | None,
    stopped: bool,
    soon_at: datetime | None,
    at: datetime,
) -> ClockReading:
    """The state of one clock at an instant; `soon_at`: from when it counts as due soon."""
    if stopped:
        return ClockReading(kind, due_at, "stopped")
    if due_at is None:
        return ClockReading(kind, None, "paused")
    if at >= due_at:
        return ClockReading(kind, due_at, "overdue")
    return ClockReading(kind, due_at, "soon" if soon_at and at >= soon_at else "running")

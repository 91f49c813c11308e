"""What a resident is promised now: one instant, who owes it, what comes next."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from thudo.cases import lifecycle
from thudo.cases.models import Case, Clock
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import unit_name
from thudo.petitions.queries.tracking.stations import Station

# One working day before its instant a promise counts as due soon.
SOON_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Promised:
    """`lead` names what `due_at` promises; `result_at` the latest instant of the result when that
    is something else; `left`: working minutes to `due_at`; `mark`, `word`: the state shape with
    its word; `next`: what comes next in a sentence; `ahead`: the stations still to come."""

    lead: str = ""
    due_at: datetime | None = None
    result_at: datetime | None = None
    left: int | None = None
    mark: str = "wait"
    word: str = ""
    next: str = ""
    acknowledge_at: datetime | None = None
    ahead: list[Station] = field(default_factory=list)


def promised(case: Case, clocks: list[Clock], at: datetime) -> Promised:
    """The promise that stands at this moment."""
    if not case.is_open:
        return _ended(case)
    if case.state == lifecycle.AWAITING_SUPPLEMENT:
        return _waiting(case, clocks)
    clock = _leading(clocks)
    due_at = clock.due_at if clock else case.promised_at
    if due_at is None:
        due_at = case.promised_at
    mark = _mark(clock, due_at, at)
    lead = _lead(case)
    return Promised(
        lead=lead,
        due_at=due_at,
        result_at=case.promised_at if case.state in lifecycle.BEFORE_INTAKE else None,
        left=_left(clock, due_at, at),
        mark=mark,
        next=_next(case),
        acknowledge_at=_acknowledge(clocks),
        ahead=_ahead(case, lead, due_at, late=mark == "late"),
    )


def _leading(clocks: list[Clock]) -> Clock | None:
    """The clock that a resident waits for: the check's own is the desk's business."""
    kinds = ("recheck", "handling", "triage", "intake")
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    return next((running[kind] for kind in kinds if kind in running), None)


def _acknowledge(clocks: list[Clock]) -> datetime | None:
    return next((c.due_at for c in clocks if c.kind == "acknowledge" and c.due_at), None)


def _mark(clock: Clock | None, due_at: datetime, at: datetime) -> str:
    if at >= due_at:
        return "late"
    left = _left(clock, due_at, at)
    return "soon" if left is not None and left <= _soon(clock) else "ok"


def _soon(clock: Clock | None) -> int:
    """A day before, but never the whole of a short term: a new petition is not in danger."""
    return min(SOON_MINUTES, clock.allowance // 2) if clock else SOON_MINUTES


def _left(clock: Clock | None, due_at: datetime, at: datetime) -> int | None:
    if clock is None or due_at <= at:
        return None
    return deadlines.used(clock.calendar, at, due_at, measure="working")


def _lead(case: Case) -> str:
    if case.state in lifecycle.BEFORE_INTAKE or case.state == lifecycle.REOPENED:
        return _("Intake confirmed")
    if case.state == lifecycle.RECHECKING:
        return _("Re-check answered")
    return _("Result")


def _next(case: Case) -> str:
    unit = {"unit": unit_name(case.unit)}
    sentences = {
        lifecycle.AWAITING_INTAKE: _(
            "%(unit)s verifies it and confirms intake. The instant of the result is exact from then."
        ),
        lifecycle.TRANSFERRED: _(
            "%(unit)s verifies it and confirms intake. The promised result stays as it was."
        ),
        lifecycle.AWAITING_HANDLING: _("%(unit)s begins the work and reports progress here."),
        lifecycle.IN_PROGRESS: _("%(unit)s finishes the work and hands in its result with proof."),
        lifecycle.AWAITING_CHECK: _(
            "Another desk checks the result and its proof before it is published here."
        ),
        lifecycle.RECHECKING: _("%(unit)s, which did not do the work, looks at it again."),
        lifecycle.REOPENED: _("%(unit)s takes it in again and does the work anew."),
    }
    return sentences.get(case.state, "") % unit


def _ahead(case: Case, lead: str, due_at: datetime, *, late: bool) -> list[Station]:
    """Where it is, and the stations to come with their instants."""
    here = Station("now", _(lifecycle.STATES[case.state]), note=unit_name(case.unit))
    coming = [Station("future", lead, at=due_at, form="promise")] if not late else []
    if case.state in lifecycle.BEFORE_INTAKE:
        coming.append(Station("future", _("Result"), at=case.promised_at, form="promise"))
    return [here, *coming, Station("future", _("Your verdict"))]


def _waiting(case: Case, clocks: list[Clock]) -> Promised:
    clock = next((c for c in clocks if c.kind == "supplement" and c.due_at), None)
    due_at = clock.due_at if clock else None
    here = Station("now", _(lifecycle.STATES[case.state]), note=_("The clock waits meanwhile."))
    answer = Station("future", _("Your answer"), at=due_at, form="promise")
    ahead = [here, answer, Station("future", _("Result"))]
    sentence = _("The clock waits for the sender's answer. After that instant the unit goes on.")
    return Promised(
        lead=_("Please answer"), due_at=due_at, mark="wait",
        word=_(lifecycle.STATES[case.state]), next=sentence, ahead=ahead,
    )  # fmt: skip


def _ended(case: Case) -> Promised:
    word = _(lifecycle.STATES[case.state])
    is_done = case.state == lifecycle.RESOLVED
    ahead = [Station("future", _("Your verdict"))] if case.state in lifecycle.JUDGED else []
    return Promised(mark="done" if is_done else "wait", word=word, ahead=ahead)

"""The life of a case: its states and the one table of steps, keyed by deed.

The same table refuses a deed, draws the diagram in docs/reference/lifecycle.md and decides which
buttons a page shows. "Overdue" and "no update" are not states: they are derived from clocks.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop as _

AWAITING_INTAKE = "awaiting_intake"
AWAITING_HANDLING = "awaiting_handling"
IN_PROGRESS = "in_progress"
TRANSFERRED = "transferred"
AWAITING_SUPPLEMENT = "awaiting_supplement"
AWAITING_CHECK = "awaiting_check"
ANSWERED = "answered"
RESOLVED = "resolved"
REFUSED = "refused"
RECHECKING = "rechecking"
REOPENED = "reopened"
MERGED = "merged"
WITHDRAWN = "withdrawn"

# state -> words on the screen (English msgid; Vietnamese in locale/)
STATES: dict[str, str] = {
    AWAITING_INTAKE: _("Waiting for intake"),
    AWAITING_HANDLING: _("Waiting to be handled"),
    IN_PROGRESS: _("In progress"),
    TRANSFERRED: _("Transferred, waiting for intake"),
    AWAITING_SUPPLEMENT: _("Waiting for more information"),
    AWAITING_CHECK: _("Result being checked"),
    ANSWERED: _("Answered"),
    RESOLVED: _("Resolved"),
    REFUSED: _("Not taken"),
    RECHECKING: _("Being re-checked"),
    REOPENED: _("To be done again"),
    MERGED: _("Merged"),
    WITHDRAWN: _("Withdrawn"),
}
# With a published result, which can be judged.
JUDGED = frozenset({ANSWERED, RESOLVED, REFUSED})
CLOSED = JUDGED | {MERGED, WITHDRAWN}
OPEN = frozenset(STATES) - CLOSED
WITH_HANDLER = frozenset({AWAITING_HANDLING, IN_PROGRESS, REOPENED})
BEFORE_INTAKE = frozenset({AWAITING_INTAKE, TRANSFERRED})

# A clock's change that a step brings: the kinds it stops, pauses, resumes and starts.
ClockKind = Literal["acknowledge", "triage", "intake", "handling", "check", "supplement", "recheck"]


@dataclass(frozen=True, slots=True)
class Step:
    """One deed's move. `to` lists the states it may end in (the deed chooses by what it is given);
    empty: the state stays. `act` is what accounts.rules.may is asked; `kinds` of case it is for."""

    deed: str
    before: frozenset[str]
    to: tuple[str, ...]
    act: str
    action: str
    stops: tuple[ClockKind, ...] = ()
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    starts: tuple[ClockKind, ...] = ()
    kinds: frozenset[str] = frozenset({"petition"})


STEPS: dict[str, Step] = {
    step.deed: step
    for step in (
        Step(
            "triage_case", frozenset({AWAITING_INTAKE}), (AWAITING_INTAKE,),
            "case.triage", "case.triaged", stops=("triage",), starts=("intake",),
        ),
        Step(
            "acknowledge_case", OPEN, (),
            "case.acknowledge", "case.acknowledged", stops=("acknowledge",),
        ),
        Step(
            "accept_case", BEFORE_INTAKE | {REOPENED}, (AWAITING_HANDLING,),
            "case.accept", "case.accepted", stops=("acknowledge", "intake"), starts=("handling",),
        ),
        Step(
            "assign_case", WITH_HANDLER | BEFORE_INTAKE, (),
            "case.assign", "case.assigned",
        ),
        Step(
            "begin_case", frozenset({AWAITING_HANDLING}), (IN_PROGRESS,),
            "case.begin", "case.begun",
        ),
        Step(
            "note_progress", frozenset({AWAITING_HANDLING, IN_PROGRESS}), (IN_PROGRESS,),
            "case.note", "case.progress_noted",
        ),
        Step(
            "ask_petitioner", frozenset({AWAITING_HANDLING, IN_PROGRESS}), (AWAITING_SUPPLEMENT,),
            "case.ask", "case.supplement_asked", pauses=("handling",), starts=("supplement",),
        ),
        Step(
            "supplement_case", frozenset({AWAITING_SUPPLEMENT}), (IN_PROGRESS,),
            "petition.supplement", "case.supplemented", stops=("supplement",), resumes=("handling",),
        ),
        Step(
            "lapse_supplement", frozenset({AWAITING_SUPPLEMENT}), (IN_PROGRESS,),
            "clock", "case.supplement_lapsed", stops=("supplement",), resumes=("handling",),
        ),
        Step(
            "transfer_case", BEFORE_INTAKE | {AWAITING_HANDLING, IN_PROGRESS}, (TRANSFERRED,),
            "case.transfer", "case.transferred",
            stops=("acknowledge", "triage"), starts=("intake",),
        ),
        Step(
            "arbitrate_case", frozenset({TRANSFERRED}), (TRANSFERRED,),
            "case.arbitrate", "case.arbitrated", stops=("triage",), starts=("intake",),
        ),
        Step(
            "extend_deadline", frozenset({AWAITING_HANDLING, IN_PROGRESS}), (),
            "case.extend", "case.deadline_extended",
        ),
        Step(
            "answer_case", frozenset({AWAITING_HANDLING, IN_PROGRESS}), (AWAITING_CHECK, ANSWERED, RESOLVED),
            "case.answer", "case.answered",
            stops=("acknowledge",), pauses=("handling",), starts=("check",),
        ),
        Step(
            "refuse_case", BEFORE_INTAKE | {AWAITING_HANDLING, IN_PROGRESS}, (AWAITING_CHECK,),
            "case.refuse", "case.refusal_proposed",
            stops=("acknowledge",), pauses=("intake", "triage", "handling"), starts=("check",),
        ),
        Step(
            "approve_answer", frozenset({AWAITING_CHECK}), (ANSWERED, RESOLVED, REFUSED),
            "case.check", "case.answer_approved",
            stops=("check", "intake", "triage", "handling", "recheck"),
        ),
        # Back to the state it came from, on the clock that waited meanwhile.
        Step(
            "send_back_answer", frozenset({AWAITING_CHECK}),
            (AWAITING_INTAKE, TRANSFERRED, AWAITING_HANDLING, IN_PROGRESS, RECHECKING),
            "case.check", "case.answer_sent_back",
            stops=("check",), resumes=("intake", "triage", "handling", "recheck"),
        ),
        Step(
            "recheck_case", JUDGED, (RECHECKING,),
            "petition.judge", "case.recheck_opened", starts=("recheck",),
        ),
        Step(
            "uphold_result", frozenset({RECHECKING}), (AWAITING_CHECK,),
            "case.conclude_recheck", "case.result_upheld", pauses=("recheck",), starts=("check",),
        ),
        Step(
            "order_redo", frozenset({RECHECKING}), (REOPENED,),
            "case.conclude_recheck", "case.redo_ordered", stops=("recheck",), starts=("intake",),
        ),
        Step(
            "merge_case", OPEN, (MERGED,),
            "petition.merge", "case.merged",
            stops=("acknowledge", "triage", "intake", "handling", "check", "supplement", "recheck"),
        ),
        Step(
            "withdraw_case", OPEN - {AWAITING_CHECK}, (WITHDRAWN,),
            "petition.withdraw", "case.withdrawn",
            stops=("acknowledge", "triage", "intake", "handling", "check", "supplement", "recheck"),
        ),
        Step(
            "escalate_case", OPEN, (),
            "clock", "case.escalated",
        ),
    )
}  # fmt: skip

# journal action -> sentence (house test: each has one in every language)
ACTIONS: dict[str, str] = {
    "case.opened": _("The case was opened"),
    "case.triaged": _("The intake desk named the unit"),
    "case.acknowledged": _("The person on duty acknowledged the case"),
    "case.accepted": _("The unit took the case in"),
    "case.assigned": _("The case was assigned"),
    "case.begun": _("Work began"),
    "case.progress_noted": _("Progress was reported"),
    "case.supplement_asked": _("The petitioner was asked for more information"),
    "case.supplemented": _("The petitioner added information"),
    "case.supplement_lapsed": _("The time to add information ended"),
    "case.transferred": _("The case was transferred"),
    "case.arbitrated": _("The accountable unit was settled"),
    "case.deadline_extended": _("The deadline was extended"),
    "case.answered": _("The unit answered"),
    "case.refusal_proposed": _("The unit proposed not to take the case"),
    "case.answer_approved": _("The result was checked and published"),
    "case.answer_sent_back": _("The result was sent back to the unit"),
    "case.recheck_opened": _("A re-check was opened"),
    "case.result_upheld": _("The re-check upheld the result"),
    "case.redo_ordered": _("The re-check ordered the work to be done again"),
    "case.merged": _("The case was merged with another"),
    "case.withdrawn": _("The petitioner withdrew"),
    "case.escalated": _("The case was reported to the next level"),
    "case.escalation_seen": _("The next level has seen the report"),
    "case.petition_joined": _("Another petition about this was joined to the case"),
    "case.publicity_changed": _("What the public may follow of the case was changed"),
    "case.promised": _("The city promised a result by a new instant"),
    "case.deadline_recomputed": _("The calendar changed, so the deadline was computed again"),
}

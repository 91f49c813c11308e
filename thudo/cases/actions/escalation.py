"""Deeds of the clock: overdue, reported one level up. The tables are fit for a longer ladder."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from thudo.accounts.gate import require
from thudo.accounts.rules import CLOCK, Actor, Scope
from thudo.cases.actions import clocks
from thudo.cases.actions.handling import lapse_supplement
from thudo.cases.actions.steps import record_about, take_step
from thudo.cases.models import Case, Clock, Escalation
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.directory.queries.snapshot import Post
from thudo.journal.actions import record
from thudo.journal.rules import Subject


class NoPostAbove(Exception):
    """The pack names no head for this unit and none for the city: `pack check` forbids that."""


def fire_due_clocks(*, at: datetime, limit: int = 100, case: UUID | None = None) -> int:
    """Fire up to `limit` clocks whose instant has passed, each once; returns how many.

    Several workers share the work: each takes rows that no other holds (SKIP LOCKED). `case`: only
    those of one case, for who replays a history and knows whose turn it is.
    """
    with transaction.atomic():
        due = (
            Clock.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(due_at__lte=at, overdue_at=None)
            .select_related("case")
            .order_by("due_at")
        )
        clocks_due = list((due.filter(case=case) if case else due)[:limit])
        for clock in clocks_due:
            _fire(clock, at)
    return len(clocks_due)


@transaction.atomic
def see_escalation(escalation: Escalation, *, actor: Actor, at: datetime) -> None:
    """The post it was reported to has seen it; a second look changes nothing."""
    require(actor, "escalation.see", Scope(unit=escalation.unit))
    seen = Escalation.objects.filter(pk=escalation.pk, seen_at=None)
    if not seen.update(seen_by=actor.key, seen_at=at):
        return
    # A subject of its own: the case does not change, so its open pages must not go stale.
    record(
        "case.escalation_seen",
        subject=Subject("escalation", str(escalation.pk), 1),
        actor=actor.key,
        at=at,
        data={"case": str(escalation.case_id), "unit": escalation.unit, "to": escalation.post},
    )


def _fire(clock: Clock, at: datetime) -> None:
    if _was_stale(clock, at):
        return
    if clock.kind == "supplement":
        lapse_supplement(clock.case, at=at)
    else:
        _mark_overdue(clock, at)


def _was_stale(clock: Clock, at: datetime) -> bool:
    """A clock on an old calendar is computed again before it may fire; True if it is not due."""
    if clock.calendar_version == deadlines.calendar_of(clock.calendar).version:
        return False
    clocks.recompute(clock)
    record_about(
        clock.case,
        "case.deadline_recomputed",
        actor=CLOCK,
        at=at,
        changes={},
        clocks=[clocks.as_data(clock)],
    )
    return clock.due_at is not None and clock.due_at > at


def _mark_overdue(clock: Clock, at: datetime) -> None:
    clock.overdue_at = at
    clock.rung += 1
    clock.save(update_fields=["overdue_at", "rung"])
    post = _next_level(clock)
    Escalation.objects.create(
        case=clock.case, clock=clock.kind, epoch=clock.epoch, rung=clock.rung,
        post=post.code, unit=post.unit, at=at,
    )  # fmt: skip
    _journal(clock.case, clock, post.code, at)


def _next_level(clock: Clock) -> Post:
    """The post one level above the one that owes; the check's clock is the checking desk's."""
    city = directory()
    owing = clock.case.post if clock.kind != "check" else ""
    post = city.posts.get(owing) or city.post_of(clock.unit, "head")
    if post is None:
        post = city.post_of(directory().city["top_unit"], "head")
    if post is None:
        raise NoPostAbove(clock.unit)
    above = [p for p in city.post_chain(post.code) if p.code != post.code]
    return above[0] if above else post


def _journal(case: Case, clock: Clock, post: str, at: datetime) -> None:
    more = {"clock": clock.kind, "epoch": clock.epoch, "rung": clock.rung, "to": post}
    take_step("escalate_case", case, actor=CLOCK, at=at, more=more, is_work=False)

"""What the wall shows: who has to decide now, and what just happened. Public cases only, since
anybody may look at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from thudo.journal.queries import entries_after, latest_position, sentence
from thudo.journal.rules import JournalEntry
from thudo.operations.queries.listing import Row, rows_of
from thudo.operations.queries.reckoning import PUBLIC
from thudo.operations.rules import BEFORE_INTAKE, HOURS

# More than four is a list, and a list is nobody's.
MOST_DECISIONS = 4
_LOOK_BACK = 300
# What is worth telling on the wall: one entry for each step that a resident would notice.
TOLD = frozenset(
    {
        "petition.filed", "petition.judged", "case.accepted", "case.progress_noted",
        "case.supplement_asked", "case.transferred", "case.deadline_extended", "case.answered",
        "case.answer_approved", "case.recheck_opened", "case.redo_ordered",
        "case.escalated",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """A case that nobody has taken and whose clock ends within HOURS, or has ended.

    `clock`: acknowledge, triage or intake; `since`: from when its unit has had it.
    """

    row: Row
    clock: str
    due_at: datetime
    since: datetime
    at: datetime

    @property
    def minutes(self) -> int:
        """Minutes of clock time that nobody has taken it."""
        return int((self.at - self.since).total_seconds() // 60)

    @property
    def is_broken(self) -> bool:
        return self.due_at < self.at


@dataclass(frozen=True, slots=True)
class News:
    """One thing that just happened, in words, and the public row it happened to."""

    position: int
    at: datetime
    action: str
    words: str
    row: Row


# The clocks are walked by their instant until enough are found: what is overdue is not read whole.
_UNTAKEN = f"""
SELECT c.id, p.number, k.kind, k.due_at, t.starts_at
FROM cases_clock k
JOIN cases_case c ON c.id = k.case_id AND c.kind = 'petition' AND c.state = ANY(%s::text[])
  AND (c.urgency = 'urgent') = %s
JOIN cases_tenure t ON t.case_id = c.id AND t.ends_at IS NULL
CROSS JOIN LATERAL (
  SELECT p.number FROM petitions_petition_case l
  JOIN petitions_petition p ON p.id = l.petition_id AND {PUBLIC}
  WHERE l.case_id = c.id ORDER BY p.filed_at LIMIT 1
) p
WHERE k.due_at <= %s::timestamptz AND k.kind IN ('acknowledge', 'triage', 'intake')
ORDER BY k.due_at LIMIT %s
"""  # noqa: S608
# A case has at most so many of these clocks at once.
_CLOCKS = 2


def decisions(at: datetime, limit: int = MOST_DECISIONS) -> list[Decision]:
    """Cases about to break their first promise, or past it, that nobody has taken: urgent ones
    first, then by the clock that ends first."""
    found = _untaken(at, limit, is_urgent=True)
    if len(found) < limit:
        found |= _untaken(at, limit, is_urgent=False)
    chosen = list(found.values())[:limit]
    rows = rows_of([row[0] for row in chosen], at=at)
    return [
        Decision(rows[number], clock, due_at, since, at)
        for number, clock, due_at, since in chosen
        if number in rows
    ]


def _untaken(at: datetime, limit: int, *, is_urgent: bool) -> dict[UUID, tuple[Any, ...]]:
    """case -> its public number, the clock that ends first, its instant, since when it waits."""
    given: list[Any] = [sorted(BEFORE_INTAKE), is_urgent, at + HOURS, limit * _CLOCKS]
    found: dict[UUID, tuple[Any, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNTAKEN, given)
        for case, *row in cursor.fetchall():
            found.setdefault(case, tuple(row))
    return found


def news(at: datetime, limit: int = 12) -> list[News]:
    """What just happened to public cases, newest first."""
    entries = entries_after(max(0, latest_position() - _LOOK_BACK), _LOOK_BACK)
    told = [entry for entry in reversed(entries) if _is_told(entry)]
    rows = rows_of(list(dict.fromkeys(_number(entry) for entry in told)), at=at)
    found = [
        News(entry.position, entry.at, entry.action, sentence(entry.action), rows[_number(entry)])
        for entry in told
        if _number(entry) in rows
    ]
    return found[:limit]


def _is_told(entry: JournalEntry) -> bool:
    return entry.action in TOLD and entry.data.get("public") is True and bool(_number(entry))


def _number(entry: JournalEntry) -> str:
    number = entry.data.get("petition")
    return number if isinstance(number, str) else ""

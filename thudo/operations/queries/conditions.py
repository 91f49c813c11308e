"""Filters as SQL over `cases_case c`: one place, so that a figure and its list cannot disagree."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.operations.rules import CLOSED, GONE, HOURS, PAUSED, RECENT, Filters

# A working day before its hour a promise counts as due soon.
SOON_MINUTES = 480


@dataclass(slots=True)
class Where:
    """Conditions joined by AND, with their values in order."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values += values

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts)


def soon_at(at: datetime) -> datetime:
    """Until when a promise counts as due soon: eight working hours of the city from now."""
    lists = directory()
    calendar = lists.units[lists.city["top_unit"]].calendar
    return deadlines.due_after(calendar, at, SOON_MINUTES, measure="working")[0]


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """First instant of a month of the city's calendar and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime(year, number, 1, tzinfo=zone)
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return first, following


def day_bounds(day: str) -> tuple[datetime, datetime]:
    """First instant of a day of the city's calendar and of the next one."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = datetime.fromisoformat(day).date()
    first = datetime.combine(local, time(), zone)
    return first, datetime.combine(local + timedelta(days=1), time(), zone)


def month_of(at: datetime) -> str:
    """ "2026-11" in the city's calendar."""
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m}"


def day_of(at: datetime) -> str:
    """ "2026-11-24" in the city's calendar."""
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d}"


def where(filters: Filters, at: datetime) -> Where:
    """The conditions on cases `c`; the words of `q` are looked for in petitions (listing)."""
    found = Where()
    found.add("c.kind = 'petition'")
    found.add("NOT c.state = ANY(%s::text[])", sorted(GONE))
    for column in ("area", "unit", "service"):
        if value := getattr(filters, column):
            found.add(f"c.{column} = %s::text", value)
    if filters.group:
        codes = [s.code for s in directory().services.values() if s.group == filters.group]
        found.add("c.service = ANY(%s::text[])", codes)
    _state(found, filters.state, at)
    _period(found, filters)
    if filters.promise:
        _promise(found, filters, at)
    if filters.verdict:
        _verdict(found, filters)
    return found


def _state(found: Where, state: str, at: datetime) -> None:
    closed = sorted(CLOSED)
    is_open = "NOT c.state = ANY(%s::text[])"
    if state in {"open", "late", "soon", "hours"}:
        found.add(is_open, closed)
    if state in {"late", "soon", "hours"}:
        found.add("c.state <> %s::text", PAUSED)
    if state == "late":
        found.add("c.promised_at < %s::timestamptz", at)
    if state in {"soon", "hours"}:
        limit = soon_at(at) if state == "soon" else at + HOURS
        found.add("c.promised_at BETWEEN %s::timestamptz AND %s::timestamptz", at, limit)
    if state == "closed":
        found.add("c.state = ANY(%s::text[])", closed)
    if state == "current":
        found.add(f"({is_open} OR c.closed_at > %s::timestamptz)", closed, at - RECENT)
    words = {"done": "resolved", "answered": "answered", "refused": "refused", "waiting": PAUSED}
    if state in words:
        found.add("c.state = %s::text", words[state])


def _period(found: Where, filters: Filters) -> None:
    column = (
        "closed_at" if filters.state in {"done", "answered", "refused", "closed"} else "opened_at"
    )
    inside = f"c.{column} >= %s::timestamptz AND c.{column} < %s::timestamptz"
    if filters.month and not (filters.promise or filters.verdict):
        found.add(inside, *month_bounds(filters.month))
    if filters.on:
        found.add(inside, *day_bounds(filters.on))


# One promise of a case that fell due in a period. In force when its hour came: no later promise
# had replaced it, the case had not been merged or taken back, the petitioner was not being waited
# for. Kept: a result was published while it was in force, by its hour.
PROMISES_DUE = """
SELECT p.case_id, k.kept
FROM cases_promise p
JOIN cases_case o ON o.id = p.case_id AND o.kind = 'petition'
LEFT JOIN LATERAL (
  SELECT n.made_at FROM cases_promise n WHERE n.case_id = p.case_id AND n.id > p.id
  ORDER BY n.id LIMIT 1
) next ON true
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT 1 FROM cases_answer a WHERE a.case_id = p.case_id AND a.published_at >= p.made_at
      AND a.published_at <= least(p.due_at, coalesce(next.made_at, p.due_at))
  ) AS kept
) k
WHERE p.due_at >= %s::timestamptz AND p.due_at < %s::timestamptz AND p.due_at <= %s::timestamptz
  AND (k.kept OR (
    (next.made_at IS NULL OR next.made_at > p.due_at)
    AND NOT (o.state IN ('merged', 'withdrawn') AND o.closed_at <= p.due_at)
    AND NOT EXISTS (
      SELECT 1 FROM cases_clock w WHERE w.case_id = p.case_id AND w.kind = 'supplement'
        AND w.started_at <= p.due_at AND coalesce(w.stopped_at, 'infinity') >= p.due_at)))
"""


def _promise(found: Where, filters: Filters, at: datetime) -> None:
    having = {"due": "true", "kept": "bool_and(d.kept)", "broken": "NOT bool_and(d.kept)"}
    grouped = f"SELECT d.case_id FROM ({PROMISES_DUE}) d GROUP BY d.case_id"  # noqa: S608
    test = f"c.id IN ({grouped} HAVING {having[filters.promise]})"
    found.add(test, *month_bounds(filters.month), at.astimezone(UTC))


# The latest verdict that any of its petitioners gave speaks for a case.
LATEST_VERDICT = (
    "(SELECT v.value FROM petitions_verdict v WHERE v.case_id = c.id ORDER BY v.at DESC LIMIT 1)"
)
HAS_RESULT = (
    "EXISTS (SELECT 1 FROM cases_answer a WHERE a.case_id = c.id"
    " AND a.published_at >= %s::timestamptz AND a.published_at < %s::timestamptz)"
)


def _verdict(found: Where, filters: Filters) -> None:
    found.add(HAS_RESULT, *month_bounds(filters.month))
    if filters.verdict == "rated":
        found.add(f"{LATEST_VERDICT} IS NOT NULL")
    elif filters.verdict != "result":
        found.add(f"{LATEST_VERDICT} = %s::text", filters.verdict)

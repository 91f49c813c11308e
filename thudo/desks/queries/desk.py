"""The officer's desk: the queue by what is due, its groups with counts, its tabs."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor, may
from thudo.base.phrases import hour
from thudo.cases import lifecycle
from thudo.cases.models import Case
from thudo.cases.queries import STAFF_ROLES, escalations_for, visible_to
from thudo.cases.rules import URGENT
from thudo.desks.queries.hours import closing_words
from thudo.desks.queries.rows import Row, group_words, grouped, rows_of
from thudo.desks.rules import GROUPS, TODAY

PAGE = 80
MINE, UNIT, INTAKE, URGENTS, ALL = "mine", "unit", "intake", "urgent", "all"
TABS = (MINE, UNIT, INTAKE, URGENTS, ALL)


@dataclass(frozen=True, slots=True)
class Group:
    """One head of the list with how many cases stand under it and those on this page."""

    code: str
    words: str
    count: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Desk:
    """A list as a page shows it; `tab` is the chosen filter, `unit` narrows "all"."""

    tab: str
    unit: str
    tabs: list[dict[str, object]]
    groups: list[Group]
    total: int
    page: int
    pages: int
    reported: int
    shows_unit: bool
    may_act: bool
    topics: str
    # Of the whole list: those that public pages count as late.
    past_promise: int

    @property
    def query(self) -> str:
        """The filter as it stands in an address."""
        unit = f"&unit={self.unit}" if self.unit else ""
        return f"tab={self.tab}{unit}"


def desk_of(actor: Actor, at: datetime, *, tab: str = "", unit: str = "", page: int = 1) -> Desk:
    """The desk of `actor` at an instant; an empty `tab` chooses the one that has work."""
    held = visible_to(actor).exclude(state__in=lifecycle.CLOSED)
    counts = _counts(actor, held)
    tab = _chosen(actor, tab, counts)
    rows = grouped(_filtered(actor, held, tab, unit), at)
    sizes = dict(rows.order_by().values_list("rank").annotate(Count("pk")))
    total = sum(sizes.values())
    start = (page - 1) * PAGE
    shown = rows_of(rows.order_by("rank", "due_at", "opened_at", "pk")[start : start + PAGE], at)
    home = min(actor.units) if actor.units else ""
    return Desk(
        tab=tab,
        unit=unit,
        tabs=_tabs(actor, tab, counts),
        groups=_groups(shown, sizes, _closing(shown, home, at)),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        reported=escalations_for(actor).count(),
        shows_unit=tab == ALL,
        may_act=bool(actor.units and actor.roles & STAFF_ROLES) and tab != ALL,
        past_promise=_past_promise(held, at) if tab == ALL and not unit else 0,
        topics=" ".join(f"unit:{code}" for code in sorted(actor.units)),
    )


def _past_promise(held: QuerySet[Case], at: datetime) -> int:
    """Late as the front page, the wards' table and the wall count it: the instant promised for
    the result is over and the petitioner is not asked for anything."""
    late = held.filter(kind="petition", promised_at__lt=at)
    return late.exclude(state=lifecycle.AWAITING_SUPPLEMENT).count()


def _filtered(actor: Actor, held: QuerySet[Case], tab: str, unit: str) -> QuerySet[Case]:
    if tab == ALL:
        return held.filter(unit=unit) if unit else held
    return held.filter(_conditions(actor)[tab])


def _conditions(actor: Actor) -> dict[str, Q]:
    ours = Q(unit__in=actor.units)
    mine = Q(handler=actor.key) | Q(handler="", post=actor.post)
    before = Q(state__in=[*lifecycle.BEFORE_INTAKE, lifecycle.REOPENED])
    return {
        MINE: ours & mine,
        UNIT: ours,
        INTAKE: ours & before,
        URGENTS: ours & Q(urgency=URGENT),
    }


def _counts(actor: Actor, held: QuerySet[Case]) -> dict[str, int]:
    wanted = {tab: Count("pk", filter=on) for tab, on in _conditions(actor).items()}
    if may(actor, "case.read"):
        wanted[ALL] = Count("pk")
    return held.aggregate(**{f"in_{tab}": count for tab, count in wanted.items()})


def _chosen(actor: Actor, tab: str, counts: dict[str, int]) -> str:
    if tab in TABS and f"in_{tab}" in counts:
        return tab
    if "in_all" in counts and not actor.roles & STAFF_ROLES:
        return ALL
    if counts["in_mine"]:
        return MINE
    return ALL if "in_all" in counts and not counts["in_unit"] else UNIT


def _tabs(actor: Actor, tab: str, counts: dict[str, int]) -> list[dict[str, object]]:
    words = {
        MINE: _("Mine"),
        UNIT: _("My unit"),
        INTAKE: _("To take in"),
        URGENTS: _("Urgent"),
        ALL: _("Whole city"),
    }
    shown = [one for one in TABS if f"in_{one}" in counts]
    if not actor.roles & STAFF_ROLES:
        shown = [one for one in shown if one == ALL]
    return [
        {
            "href": f"/cases/?tab={one}",
            "label": words[one],
            "count": counts[f"in_{one}"],
            "current": one == tab,
        }
        for one in shown
    ]


def _closing(rows: list[Row], home: str, at: datetime) -> str:
    """The hour before which all of today's rows are due; "" when one is due after work."""
    words = closing_words(home, at)
    due = [hour(row.due_at) for row in rows if row.group == TODAY and row.due_at]
    return words if all(one <= words for one in due) else ""


def _groups(rows: list[Row], sizes: dict[int, int], closing: str) -> list[Group]:
    parts = {code: list(part) for code, part in groupby(rows, key=lambda row: row.group)}
    return [
        Group(code, group_words(code, closing), sizes.get(GROUPS.index(code), 0), parts[code])
        for code in GROUPS
        if code in parts
    ]

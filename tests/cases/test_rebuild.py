"""The case's row can be rebuilt from its journal entries after every deed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.conftest import open_one
from tests.town import CAST, MONDAY, Cast
from thudo.accounts.rules import Actor
from thudo.cases import actions
from thudo.cases.actions import Claim
from thudo.cases.models import Case, Clock
from thudo.journal.queries import entries_about

# Words, points and who is who lie outside the journal; times and version are the entries' own.
OUTSIDE = {"matter", "place", "longitude", "latitude", "id"}
HOUR = timedelta(hours=1)


def rebuilt(case: Case) -> dict[str, Any]:
    """What the entries about a case say its row holds."""
    row: dict[str, Any] = {
        "state_before": "", "handler": "", "answered_by": "", "past_units": [], "closed_at": None,
        "is_flagged": False, "bounces": 0,
    }  # fmt: skip
    for entry in entries_about("case", str(case.pk)):
        if entry.action == "case.opened":
            row |= {k: v for k, v in entry.data.items() if k in FIELDS}
            row |= {
                "opened_at": iso(entry.at), "progress_at": iso(entry.at),
                "promised_at": entry.data["due_at"], "numbers": [entry.data["petition"]],
                "is_public": entry.data["public"],
            }  # fmt: skip
        row |= entry.data.get("changed", {})
        row |= {"version": entry.subject.version, "updated_at": iso(entry.at)}
    return row


def iso(at: datetime) -> str:
    return at.isoformat()


FIELDS = {field.attname for field in Case._meta.concrete_fields}


def held(case: Case) -> dict[str, Any]:
    row = {f: getattr(case, f) for f in FIELDS - OUTSIDE}
    return {k: iso(v) if isinstance(v, datetime) else v for k, v in row.items()}


def clocks_rebuilt(case: Case) -> dict[tuple[str, int], dict[str, Any]]:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in entries_about("case", str(case.pk)):
        moved = [*entry.data.get("clocks", [])]
        if "clock" in entry.data and isinstance(entry.data["clock"], dict):
            moved.append(entry.data["clock"])
        for clock in moved:
            found[clock["kind"], clock["epoch"]] = clock
    return found


def walk(case: Case, until: int) -> None:
    """The first `until` of a row of deeds that passes through most of the lifecycle."""
    petitioner = Actor("resident", opened=frozenset(case.numbers))
    text = "The hole before number 1 was filled with asphalt."
    claim = Claim("resolved", text, proof=("photo",))
    why = {"ground": "authority", "text": "This road is theirs."}
    at = MONDAY
    deeds = [
        lambda: actions.transfer_case(case, unit="ward-2", **why, actor=CAST.handler, at=at),
        lambda: actions.accept_case(case, actor=CAST.other_handler, at=at + HOUR),
        lambda: actions.note_progress(case, text="Seen.", actor=CAST.other_handler, at=at + HOUR),
        lambda: actions.ask_petitioner(case, text="Which?", actor=CAST.other_handler, at=at + HOUR),
        lambda: actions.supplement_case(case, text="There.", actor=petitioner, at=at + 2 * HOUR),
        lambda: actions.answer_case(
            case, claim, draw=0.1, actor=CAST.other_handler, at=at + 3 * HOUR
        ),
        lambda: actions.send_back_answer(case, note="No.", actor=CAST.checker, at=at + 4 * HOUR),
        lambda: actions.answer_case(
            case, claim, draw=0.1, actor=CAST.other_handler, at=at + 5 * HOUR
        ),
        lambda: actions.approve_answer(case, actor=CAST.checker, at=at + 6 * HOUR),
        lambda: actions.recheck_case(case, actor=petitioner, at=at + 7 * HOUR),
        lambda: actions.order_redo(case, text=text, actor=CAST.rechecker, at=at + 8 * HOUR),
        lambda: actions.accept_case(case, actor=CAST.other_handler, at=at + 9 * HOUR),
    ]
    for deed in deeds[:until]:
        deed()


@pytest.mark.parametrize("until", range(13))
def test_the_row_is_what_its_entries_say(small_town: Cast, until: int) -> None:
    case = open_one()
    walk(case, until)

    case.refresh_from_db()
    assert rebuilt(case) == rebuilt(case) | held(case)
    rows = {(c.kind, c.epoch): c for c in Clock.objects.filter(case=case)}
    for key, clock in clocks_rebuilt(case).items():
        assert clock["due_at"] == (iso(rows[key].due_at) if rows[key].due_at else None)
        assert clock["stopped"] == (rows[key].stopped_at is not None)
        assert clock["consumed"] == rows[key].consumed


def test_an_overdue_clock_is_in_the_journal_too(small_town: Cast) -> None:
    case = open_one(urgency="urgent")

    actions.fire_due_clocks(at=MONDAY + HOUR)

    case.refresh_from_db()
    assert rebuilt(case) == rebuilt(case) | held(case)
    assert entries_about("case", str(case.pk))[-1].data["clock"] == "acknowledge"

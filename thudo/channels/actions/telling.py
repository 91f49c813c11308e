"""What the app that people know is told: each step of the petitions that came through it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from thudo.channels.actions.importing import IMPORTER
from thudo.channels.actions.outgoing import put_out
from thudo.channels.queries.waiting import codes_of
from thudo.channels.rules import APP, CHANNEL_OF, PUSHED
from thudo.journal.rules import JournalEntry
from thudo.petitions.models import Petition, PetitionCase


def tell_app(entries: Sequence[JournalEntry]) -> None:
    """Put out one change for each entry and petition; called within the follower's transaction.

    What was imported from the app is not told back to it.
    """
    told = [e for e in entries if e.action in PUSHED and not e.actor.startswith(IMPORTER)]
    owners = _owners(told)
    pairs = [(entry, number) for entry in told for number in owners.get(entry.subject.id, ())]
    codes = codes_of({number for _entry, number in pairs}, APP)
    for entry, number in pairs:
        change = _change(entry, number, codes.get(number, ""))
        put_out(
            APP,
            f"{entry.position}.{number}",
            change,
            thread=number,
            position=entry.position,
            at=entry.at,
        )


def _owners(entries: Iterable[JournalEntry]) -> dict[str, list[str]]:
    """subject id -> numbers of the app's petitions that it is about."""
    found: dict[str, list[str]] = {}
    channel = CHANNEL_OF[APP]
    cases = {UUID(e.subject.id) for e in entries if e.subject.kind == "case"}
    links = PetitionCase.objects.filter(case__in=cases, petition__channel=channel)
    for case, number in links.values_list("case_id", "petition__number"):
        found.setdefault(str(case), []).append(number)
    ids = {e.subject.id for e in entries if e.subject.kind == "petition"}
    rows = Petition.objects.filter(pk__in=ids, channel=channel).values_list("pk", "number")
    return found | {str(pk): [number] for pk, number in rows}


def _change(entry: JournalEntry, number: str, code: str) -> dict[str, Any]:
    at: datetime = entry.at
    return {
        "code": code, "number": number, "action": entry.action,
        "state": str(entry.data.get("state") or entry.data.get("handling") or ""),
        "unit": str(entry.data.get("unit") or ""), "at": at.isoformat(),
        "position": entry.position, "url": f"{settings.PUBLIC_URL}/petitions/{number}",
    }  # fmt: skip

"""servicerequestupdates (mySociety's extension): steps of the work, one row for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thudo.cases.lifecycle import OPEN as OPEN_STATES
from thudo.journal.queries import sentence
from thudo.standards.open311.mapping.formats import Told
from thudo.standards.open311.mapping.parameters import CLOSED, OPEN
from thudo.standards.open311.mapping.requests import EXTENDED


@dataclass(frozen=True, slots=True)
class Update:
    """One step of the work on a public petition; `state` is that after it, `text` what a unit
    wrote with it for everybody ("" if nothing), `media_url` the photo of a published result."""

    id: str
    number: str
    action: str
    state: str
    at: datetime
    text: str = ""
    media_url: str = ""


def update_list(updates: Iterable[Update], *, extensions: bool) -> Told:
    """Updates in the order given; `extensions` brings mySociety's further words for status."""
    return Told("service_request_updates", [_update(row, extensions=extensions) for row in updates])


def accepted(update_id: str) -> Told:
    """The answer to a POST: our id of what was added."""
    return Told("service_request_updates", [{"update_id": update_id}])


def _update(row: Update, *, extensions: bool) -> dict[str, Any]:
    plain = OPEN if row.state in OPEN_STATES else CLOSED
    return {
        "update_id": row.id,
        "service_request_id": row.number,
        "status": EXTENDED.get(row.state, plain) if extensions else plain,
        "updated_datetime": row.at,
        "description": row.text or f"{sentence(row.action)}.",
        "media_url": row.media_url,
        "external_status_code": row.state if extensions else None,
    }

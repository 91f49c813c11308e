"""What organisations may ask for, and where to go with what is not taken (organisations.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thudo.directory.queries import directory, say
from thudo.petitions.models import Petition

REFUSE = "refuse"
# The keys of Petition.answers under which a case's handlers find what an organisation asks for.
REQUEST, DOSSIER = "organisation_request", "dossier"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation asks for, for those who handle it: never who it is."""

    request: str
    dossier: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Where a matter goes that this channel may not take. `unit`: whose reception days it offers."""

    office: str
    legal_basis: str
    how: list[str]
    unit: str


def organisation_rules() -> Mapping[str, Any]:
    """organisations.toml; {} where bodies file as anybody does."""
    rules: Mapping[str, Any] = directory().city.get("organisations", {})
    return rules


def request_rows() -> list[dict[str, Any]]:
    """What may be asked for, in the pack's order."""
    rows: list[dict[str, Any]] = organisation_rules().get("requests", [])
    return rows


def request_of(code: str) -> dict[str, Any]:
    """One of them; {} when there is none."""
    return next((row for row in request_rows() if row["code"] == code), {})


def refused_service(code: str) -> str:
    """The kind of matter not taken that this request is; "" for one that becomes a case."""
    row = request_of(code)
    return str(row["service"]) if row.get("handling") == REFUSE else ""


def guide_of(row: Mapping[str, Any]) -> Guide | None:
    """Where to go with a request that is not taken."""
    guide = row.get("guide")
    if not guide:
        return None
    return Guide(
        say(guide["office"]), guide["legal_basis"], [say(step) for step in guide.get("how", ())],
        guide.get("reception_unit", ""),
    )  # fmt: skip


def guide_for(service: str) -> Guide | None:
    """Where to go with a kind of matter that is not taken, whoever asks."""
    found = next((row for row in request_rows() if row.get("service") == service), {})
    return guide_of(found) if found.get("handling") == REFUSE else None


def asked_of(petition: Petition) -> Asked | None:
    """What the organisation asks for; None where a person filed."""
    row = request_of(petition.answers.get(REQUEST, ""))
    return Asked(say(row["label"]), petition.answers.get(DOSSIER, "")) if row else None

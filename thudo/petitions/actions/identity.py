"""Identities: sealed on filing, opened by authorised desk staff only, each view journalled."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.database import write
from thudo.base.sealing import keyed_hash, seal, unseal
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.petitions.models import ORGANISATION, PERSON, Petition, Petitioner
from thudo.petitions.rules import Contact, Organisation

_PETITIONER = """
INSERT INTO petitions_petitioner (petition_id, key_id, sealed, phone_hash, email_hash, verification,
  kind)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filed, in clear: only ever in memory, for one page."""

    contact: Contact
    verification: str
    organisation: Organisation | None = None


def keep_identity(
    petition: UUID,
    contact: Contact,
    secret: str,
    *,
    verification: str,
    organisation: Organisation | None = None,
) -> None:
    """Seal who filed, and the secret of the receipt's link, beside a new petition."""
    known: dict[str, Any] = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    if organisation:
        known["organisation"] = asdict(organisation)
    plain = json.dumps({**known, "secret": secret}).encode()
    key_id, sealed = seal(plain, about=petition.bytes)
    hashes = (_hash("phone", contact.phone), _hash("email", contact.email))
    kind = ORGANISATION if organisation else PERSON
    write(_PETITIONER, (petition, key_id, sealed, *hashes, verification, kind))


@transaction.atomic
def read_identity(petition: Petition, *, purpose: str, actor: Actor, at: datetime) -> Identity:
    """Who filed, for authorised desk staff; the view is journalled with its purpose."""
    require(actor, "petition.read_identity")
    row = Petitioner.objects.get(petition=petition)
    record(
        "petition.identity_read",
        subject=Subject("petition", str(petition.pk), petition.version),
        actor=actor.key,
        at=at,
        data={"petition": petition.number, "purpose": purpose, "public": False},
    )
    plain = _open(row)
    contact = Contact(plain["name"], plain["phone"], plain["email"])
    return Identity(contact, row.verification, _organisation(plain))


def organisation_of(petition: UUID) -> Organisation | None:
    """The body that filed, for its own page and its letters; None for a person."""
    return _organisation(_open(Petitioner.objects.get(petition=petition)))


def secret_of(petition: UUID) -> str:
    """The secret of a petition's link, for the receipt of a repeated request and for messages."""
    secret: str = _open(Petitioner.objects.get(petition=petition))["secret"]
    return secret


def _organisation(plain: dict[str, Any]) -> Organisation | None:
    return Organisation(**plain["organisation"]) if "organisation" in plain else None


def _open(row: Petitioner) -> dict[str, Any]:
    plain = unseal(row.key_id, bytes(row.sealed), about=row.petition_id.bytes)
    opened: dict[str, Any] = json.loads(plain)
    return opened


def _hash(kind: str, text: str) -> bytes | None:
    return keyed_hash(f"petitioner {kind}", text) if text else None

"""Publishing an advisory, amending it, ending it, taking it back."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor, Scope
from thudo.advisories.actions.checking import checked
from thudo.advisories.models import Advisory, Revision
from thudo.advisories.queries.listing import by_external_id
from thudo.advisories.rules import (
    ENDED,
    PURPOSES,
    TEXT_LIMIT,
    WITHDRAWN,
    Content,
    changes,
    closes_at,
)
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.base.folding import clean
from thudo.directory.queries import directory
from thudo.journal.actions import record
from thudo.journal.rules import Subject, seal

_WORDS = ("title", "text", "instruction", "source_name", "source_url", "streets", "geometry")
_CODES = (
    "kind", "about", "severity", "certainty", "services", "areas", "radius", "begins_at",
    "ends_at", "source_at",
)  # fmt: skip
# Whoever hears of a change must know how grave it is, and for whom.
_ALWAYS = ("unit", "kind", "severity", "areas")
_KEYS = "advisory.publish"


class AdvisoryOver(Refused):
    """It has ended or was withdrawn: nothing about it changes any more."""

    code = "advisory_over"


class AdvisoryChanged(Refused):
    """Somebody else amended it since this page was drawn."""

    code = "advisory_changed"


@transaction.atomic
def publish_advisory(
    content: Content,
    *,
    unit: str,
    external_id: str = "",
    purpose: str = "actual",
    origin: tuple[str, str] = ("post", ""),
    is_invented: bool = False,
    actor: Actor,
    at: datetime,
) -> Advisory:
    """Announce it for `unit`, at once visible. Raises NotAllowed, Invalid."""
    require_unit(actor, _KEYS, unit)
    if unit not in directory().units or purpose not in PURPOSES:
        raise Invalid(_("There is no such unit."), {"unit": _("There is no such unit.")})
    content = checked(content)
    row = Advisory(
        unit=unit, external_id=external_id[:200], purpose=purpose, origin_kind=origin[0],
        origin_id=origin[1], is_invented=is_invented, published_at=at, revised_at=at,
        salt=os.urandom(16), **_columns(content, at),
    )  # fmt: skip
    row.save(force_insert=True)
    Revision.objects.create(advisory=row, version=1, action="advisory.published", at=at)
    told = {**_told(row, _CODES), "unit": unit, "purpose": purpose, "origin": origin[0]}
    _record("advisory.published", row, actor, at, {**told, "words": _sealed(row)})
    return row


@transaction.atomic
def amend_advisory(
    advisory: Advisory,
    content: Content,
    *,
    note: str = "",
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> Advisory:
    """What it says now, in place of what it said; nothing is written when nothing differs.

    `seen`: the version that the person amended. Raises NotAllowed, Invalid, AdvisoryOver,
    AdvisoryChanged.
    """
    row = _taken(advisory, actor, at, seen)
    before = _snapshot(row)
    for name, value in _columns(checked(content), at).items():
        setattr(row, name, value)
    changed = changes(before, _snapshot(row))
    if not changed:
        return row
    _revise(row, "advisory.amended", changed, note, at)
    data = _told(row, tuple(name for name in _CODES if name in changed))
    was = {f"{name}_before": before[name] for name in ("severity", "areas") if name in changed}
    told = {**_told(row, _ALWAYS), **data, **was, "words": _sealed(row)}
    _record("advisory.amended", row, actor, at, told)
    return row


@transaction.atomic
def end_advisory(
    advisory: Advisory, *, note: str = "", seen: int | None = None, actor: Actor, at: datetime
) -> Advisory:
    """It is over, now. Raises NotAllowed, AdvisoryOver, AdvisoryChanged."""
    row = _taken(advisory, actor, at, seen)
    row.ended_at = at
    _revise(row, "advisory.ended", {}, note, at)
    _record("advisory.ended", row, actor, at, {**_told(row, _ALWAYS), "ended_at": at})
    return row


@transaction.atomic
def withdraw_advisory(
    advisory: Advisory, *, note: str, seen: int | None = None, actor: Actor, at: datetime
) -> Advisory:
    """It will not be, or was wrong: it stays at its address with the reason. Raises as above."""
    row = _taken(advisory, actor, at, seen)
    if not clean(note):
        raise Invalid(_("Say why."), {"note": _("Say why it is taken back.")})
    row.withdrawn_at = at
    _revise(row, "advisory.withdrawn", {}, note, at)
    _record("advisory.withdrawn", row, actor, at, {**_told(row, _ALWAYS), "withdrawn_at": at})
    return row


@transaction.atomic
def keep_advisory(
    content: Content,
    *,
    unit: str,
    external_id: str,
    origin: tuple[str, str] = ("key", ""),
    is_invented: bool = False,
    actor: Actor,
    at: datetime,
) -> Advisory:
    """Publish it, or amend the one that this unit's system already calls so: a feed may repeat.

    One that has ended or was withdrawn stays as it is: AdvisoryOver.
    """
    known = by_external_id(unit, external_id) if external_id else None
    if known is not None:
        return amend_advisory(known, content, actor=actor, at=at)
    return publish_advisory(
        content, unit=unit, external_id=external_id, origin=origin, is_invented=is_invented,
        actor=actor, at=at,
    )  # fmt: skip


def require_unit(actor: Actor, act: str, unit: str) -> None:
    """The right within this unit; a key that belongs to a unit speaks for no other."""
    require(actor, act, Scope(unit=unit))
    if actor.key.startswith("key:") and actor.units and unit not in actor.units:
        raise NotAllowed(_("This key belongs to another unit."), act=act)


def _taken(advisory: Advisory, actor: Actor, at: datetime, seen: int | None) -> Advisory:
    """The row, locked, if it may still change."""
    row = Advisory.objects.select_for_update().get(pk=advisory.pk)
    require_unit(actor, _KEYS, row.unit)
    if row.withdrawn_at is not None or row.ended_at is not None:
        raise AdvisoryOver(_("This advisory is over; publish a new one."), state=_over(row, at))
    if seen is not None and seen != row.version:
        raise AdvisoryChanged(_("Somebody changed it meanwhile. Look at it again."))
    return row


def _over(row: Advisory, at: datetime) -> str:
    return row.state(at) if row.state(at) in {ENDED, WITHDRAWN} else ENDED


def _columns(content: Content, at: datetime) -> dict[str, Any]:
    return {
        "kind": content.kind, "about": content.about, "severity": content.severity,
        "certainty": content.certainty, "title": dict(content.title), "text": dict(content.text),
        "instruction": dict(content.instruction), "services": list(content.services),
        "areas": list(content.areas), "streets": list(content.streets),
        "geometry": None if content.geometry is None else dict(content.geometry),
        "radius": content.radius, "begins_at": content.begins_at, "ends_at": content.ends_at,
        "closes_at": closes_at(content.kind, content.begins_at, content.ends_at, at),
        "source_name": content.source_name, "source_url": content.source_url,
        "source_at": content.source_at,
    }  # fmt: skip


def _snapshot(row: Advisory) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in (*_CODES, *_WORDS)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _revise(
    row: Advisory, action: str, changed: Mapping[str, Any], note: str, at: datetime
) -> None:
    row.version += 1
    row.revised_at = at
    row.save()
    Revision.objects.create(
        advisory=row, version=row.version, action=action, changed=dict(changed),
        note=clean(note)[:TEXT_LIMIT], at=at,
    )  # fmt: skip


def _told(row: Advisory, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _sealed(row: Advisory) -> str:
    """The hash of its words and its ground, which the journal does not hold."""
    words = {name: getattr(row, name) for name in _WORDS}
    return seal(json.dumps(words, ensure_ascii=False, sort_keys=True), bytes(row.salt))


def _record(
    action: str, row: Advisory, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> None:
    subject = Subject("advisory", str(row.pk), row.version)
    record(action, subject=subject, actor=actor.key, at=at, data=data)

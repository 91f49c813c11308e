"""Who may follow which topic: the same rights as for pages (thudo.accounts.rules)."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from thudo.accounts.rules import Actor, Scope, may
from thudo.cases.models import Case
from thudo.cases.queries import scope_of as scope_of_case
from thudo.live.rules import is_topic
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import opens
from thudo.petitions.queries.reading import scope_of as scope_of_petition


def with_opened(actor: Actor, secrets: Mapping[str, str]) -> Actor:
    """The actor who has also shown these secrets (number -> secret); wrong ones count for nothing."""
    shown = {number for number, secret in secrets.items() if opens(number, secret)}
    return replace(actor, opened=actor.opened | shown) if shown else actor


def may_follow(actor: Actor, topic: str) -> bool:
    """Whether `actor` may follow a topic; False also for one that is none or leads nowhere."""
    if not is_topic(topic):
        return False
    kind, _, name = topic.partition(":")
    if kind in {"wall", "area"}:
        return may(actor, "wall.read")
    if kind == "desk":
        return may(actor, f"desk.{name}")
    if kind == "unit":
        return may(actor, "case.read", Scope(unit=name))
    scope = _petition_scope(name) if kind == "petition" else _case_scope(name)
    return scope is not None and may(actor, f"{kind}.read", scope)


def _petition_scope(number: str) -> Scope | None:
    petition = Petition.objects.filter(number=number).first()
    return scope_of_petition(petition) if petition else None


def _case_scope(text: str) -> Scope | None:
    try:
        case = Case.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None
    return scope_of_case(case) if case else None

"""Readers of petitions for pages: one petition, its cases, the public list."""

import hmac

from django.db.models import Q, QuerySet

from thudo.accounts.rules import Actor, Scope, may
from thudo.base.sealing import keyed_hash
from thudo.cases.models import Case
from thudo.petitions.models import Petition, Verdict
from thudo.petitions.queries.public import is_shown
from thudo.petitions.rules import HANDLED

_SHOWN = Q(is_public=True, is_hidden=False, handling__in=sorted(HANDLED))


def public_petitions() -> QuerySet[Petition]:
    """What anybody may see in lists, maps, feeds and downloads; see public_views() for its fields."""
    return Petition.objects.filter(_SHOWN)


def visible_to(actor: Actor) -> QuerySet[Petition]:
    """The petitions that `actor` may read (may(actor, "petition.read", scope) of each is true)."""
    if may(actor, "petition.read"):
        return Petition.objects.all()
    shown = _SHOWN | Q(number__in=actor.opened)
    if actor.units and actor.roles:
        shown |= Q(links__case__unit__in=actor.units)
        for unit in actor.units:
            shown |= Q(links__case__past_units__contains=[unit])
    return Petition.objects.filter(shown).distinct()


def scope_of(petition: Petition) -> Scope:
    """The petition as rights see it: its cases' units may read it."""
    held = list(petition.links.values_list("case__unit", "case__past_units"))
    return Scope(
        unit=held[0][0] if held else "",
        units=frozenset(unit for now, past in held for unit in (now, *past)),
        numbers=frozenset({petition.number}),
        public=is_shown(petition),
    )


def opens(number: str, secret: str) -> bool:
    """Whether this is the secret of that petition's link; takes the same time either way."""
    row = Petition.objects.filter(number=number).values_list("secret", flat=True).first()
    given = keyed_hash("petition secret", secret)
    return hmac.compare_digest(bytes(row) if row else b"", given) and row is not None


def cases_of(petition: Petition) -> list[Case]:
    """The cases of a petition in the order of its matters."""
    links = petition.links.select_related("case").order_by("position")
    return [link.case for link in links]


def petitions_of(case: Case) -> list[Petition]:
    """The petitions that share a case, oldest first."""
    return list(Petition.objects.filter(links__case=case).order_by("filed_at"))


def verdict_on(petition: Petition, case: Case) -> Verdict | None:
    """The petitioner's latest verdict on this case."""
    return Verdict.objects.filter(petition=petition, case=case).order_by("-at").first()

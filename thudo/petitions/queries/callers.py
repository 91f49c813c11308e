"""Petitions of a telephone number, found by the keyed hash: the number itself is nowhere kept."""

from collections.abc import Iterable

from django.db.models import QuerySet

from thudo.base.sealing import keyed_hash
from thudo.petitions.models import Petition


def petitions_of_phone(spellings: Iterable[str]) -> QuerySet[Petition]:
    """The petitions filed under a number, in any of its spellings; the newest first.

    A list of somebody's petitions says who he is: only deeds that journal the view call this.
    """
    hashes = [keyed_hash("petitioner phone", one) for one in spellings if one]
    return Petition.objects.filter(petitioner__phone_hash__in=hashes).order_by("-filed_at")

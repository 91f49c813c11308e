"""Petitions of a telephone number, found by the keyed hash: the number itself is nowhere kept."""

from django.conf import settings
from django.db.models import QuerySet

from thudo.base.sealing import keyed_hash
from thudo.petitions.models import Petition
from thudo.petitions.rules import spellings


def spelled(phone: str) -> tuple[str, ...]:
    """Every way to write this number here, the one by which its owner is known first."""
    numbers = settings.CITY.get("numbers", {})
    return spellings(phone, numbers.get("country", ""), numbers.get("trunk", ""))


def petitions_of_phone(phone: str) -> QuerySet[Petition]:
    """The petitions filed under a number, in any of its spellings; the newest first.

    A list of somebody's petitions says who he is: only deeds that journal the view call this.
    """
    hashes = [keyed_hash("petitioner phone", one) for one in spelled(phone) if one]
    return Petition.objects.filter(petitioner__phone_hash__in=hashes).order_by("-filed_at")

"""For whom an announcement or a question is: wards, and where it names a ground, who lives near it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from thudo.advisories.models import Advisory, Consultation
from thudo.advisories.queries import shape_of
from thudo.directory.queries import directory
from thudo.notices.queries.topics import point_of
from thudo.notices.rules import news

# Some 500 m in degrees: who lives so far from a closed street still takes another way.
_NEAR_DEGREES = 0.005
Known = dict[tuple[str, str], "Ground"]


@dataclass(frozen=True, slots=True)
class Ground:
    """The codes of its wards, and its shape where it has one of its own."""

    areas: list[str]
    shape: BaseGeometry | None

    def reaches(self, topic: str) -> bool:
        """Whether who follows this place (within the wards) is to hear of it."""
        point = point_of(topic)
        if self.shape is None or point is None:
            return True
        return bool(self.shape.dwithin(shapely.Point(point), _NEAR_DEGREES))


def of(facts: Iterable[Mapping[str, str]]) -> Known:
    """Grounds by (kind of news, id of its thing); exercises and tests are nobody's news."""
    told = list(facts)
    advisories = [one["advisory"] for one in told if "advisory" in one]
    questions = [one["consultation"] for one in told if "consultation" in one]
    found: Known = {}
    for row in Advisory.objects.filter(pk__in=advisories, purpose="actual") if advisories else ():
        shape = shape_of(row.geometry, row.radius) if row.geometry else None
        for kind in (news.ANNOUNCED, news.WARNED):
            found[kind, str(row.pk)] = Ground(_wards(row.areas), shape)
    for asked in Consultation.objects.filter(pk__in=questions) if questions else ():
        found[news.ASKED_PEOPLE, str(asked.pk)] = Ground(_wards(asked.areas), None)
    return found


def _wards(areas: list[str]) -> list[str]:
    """Every ward when it is for the whole city."""
    if directory().city["city_area"] in areas:
        return [ward.code for ward in directory().wards()]
    return areas

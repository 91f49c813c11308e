"""What topics name in this city, and in words."""

from django.utils.translation import gettext as _

from thudo.base.phrases import pairs
from thudo.directory.queries import directory, places_at, say
from thudo.notices.rules import topics
from thudo.petitions.models import Petition


def exists(topic: str) -> bool:
    """Whether a topic names something of this city now."""
    if not topics.is_topic(topic):
        return False
    kind, name = topics.kind_of(topic), topics.name_of(topic)
    if kind == topics.PETITION:
        return Petition.objects.filter(number=name).exists()
    if kind == topics.AREA:
        area = directory().areas.get(name)
        return area is not None and area.valid_to is None
    return directory().area_at(*topics.centre(name)) is not None


def ward_of(topic: str) -> str:
    """The code of the ward of a place ("" outside the city)."""
    name = topics.name_of(topic)
    if topics.kind_of(topic) == topics.AREA:
        return name
    area = directory().area_at(*topics.centre(name))
    return area.code if area else ""


def point_of(topic: str) -> tuple[float, float] | None:
    """(longitude, latitude) of a place that is a point; None for a whole ward."""
    is_point = topics.kind_of(topic) == topics.NEAR
    return topics.centre(topics.name_of(topic)) if is_point else None


def words(topic: str) -> str:
    """The topic as its reader knows it: "report 04 12 ...", a ward, "near Khuong Dinh street"."""
    kind, name = topics.kind_of(topic), topics.name_of(topic)
    if kind == topics.PETITION:
        return _("report %(number)s") % {"number": pairs(name)}
    ward = directory().areas.get(ward_of(topic))
    if kind == topics.AREA or ward is None:
        return say(ward.full_name) if ward else name
    near_by = next(iter(places_at(*topics.centre(name), 1)), None)
    if near_by is None or near_by.label == say(ward.full_name):
        return _("a part of %(ward)s") % {"ward": say(ward.full_name)}
    return _("around %(place)s") % {"place": near_by.label}

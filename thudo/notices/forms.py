"""What browsers and people send about notices, read and judged."""

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.base.errors import Invalid
from thudo.base.folding import fold
from thudo.connectors.web_push import Subscription, read_subscription
from thudo.directory.queries import directory, find_places, say
from thudo.notices.rules import topics

Shape = TypeVar("Shape", bound=msgspec.Struct)


class Keys(msgspec.Struct):
    """As PushSubscription.toJSON() names them."""

    p256dh: str
    auth: str


class Address(msgspec.Struct):
    """PushSubscription.toJSON()."""

    endpoint: str
    keys: Keys

    def read(self) -> Subscription:
        """Raises Invalid for what no push service gave out."""
        try:
            return read_subscription(self.endpoint, self.keys.p256dh, self.keys.auth)
        except ValueError as wrong:
            raise Invalid(_("This cannot be read."), detail=str(wrong)) from wrong


class FollowWish(msgspec.Struct):
    """`grant`: what the page was given for a topic that is not everybody's."""

    subscription: Address
    topic: str
    grant: str = ""


class Endpoint(msgspec.Struct):
    """A browser that is known already; `topic` "" means all."""

    endpoint: str
    topic: str = ""


class Move(msgspec.Struct):
    """From an old endpoint to a new subscription."""

    endpoint: str
    subscription: Address


def read(body: bytes, shape: type[Shape]) -> Shape:
    """The body as this shape; Invalid when it is not."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError as error:
        raise Invalid(_("This cannot be read."), detail=str(error)) from error


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place that somebody chose: its topic, and the words he knows it by."""

    topic: str
    label: str


class PlaceForm(forms.Form):
    """A ward from the list, or a street by its words (and its point, where the page has one)."""

    area = forms.CharField(required=False, label=gettext_lazy("Ward or commune"))
    place = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("Street, place or house number")
    )
    lon = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)

    def clean(self) -> dict[str, Any]:
        """Sets `chosen`, or says what is missing."""
        given = super().clean() or {}
        self.chosen = _chosen(given)
        if self.chosen is None:
            sentence = _("Please choose a ward, or a street of the city.")
            self.add_error("place" if given.get("place") else "area", sentence)
        return given


def _chosen(given: dict[str, Any]) -> Chosen | None:
    place, code = given.get("place", ""), given.get("area", "")
    if not place and not code:
        return None
    if not place:
        area = directory().areas.get(code)
        is_now = area is not None and area.valid_to is None and area.kind != "city"
        return Chosen(f"{topics.AREA}:{code}", say(area.full_name)) if area and is_now else None
    longitude, latitude = given.get("lon"), given.get("lat")
    if longitude is None or latitude is None:
        return _typed(place)
    ward = directory().area_at(longitude, latitude)
    if ward is None:
        return None
    if fold(place) == fold(say(ward.full_name)):
        return Chosen(f"{topics.AREA}:{ward.code}", say(ward.full_name))
    return Chosen(topics.near(longitude, latitude), place[:80])


def _typed(place: str) -> Chosen | None:
    """Without a script: the best candidate for what was typed; a ward when it is one."""
    found = next(iter(find_places(place, None, 1)), None)
    if found is None:
        return None
    if found.longitude is None or found.latitude is None or found.kind in {"ward", "commune"}:
        area = directory().areas.get(found.area or "")
        return Chosen(f"{topics.AREA}:{area.code}", say(area.full_name)) if area else None
    return Chosen(topics.near(found.longitude, found.latitude), found.label[:80])

"""Discovery: which endpoints there are, whom to ask, and when what they tell last changed."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.directory.queries import directory, say
from thudo.standards.open311.mapping.formats import MEDIA, Told

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
ENDPOINTS = {"production": "/open311/v2", "test": "/open311/test/v2"}


def discovery(changed: datetime) -> Told:
    """The document; `changed`: when services and definitions last did."""
    endpoints = [
        {
            "specification": SPECIFICATION,
            "url": settings.PUBLIC_URL + path,
            "changeset": changed,
            "type": kind,
            "formats": list(MEDIA.values()),
        }
        for kind, path in ENDPOINTS.items()
    ]
    return Told(
        "discovery",
        {
            "changeset": changed,
            "contact": _contact(),
            "key_service": _("Whoever runs this server issues keys: thudo key issue NAME"),
            "endpoints": endpoints,
        },
    )


def _contact() -> str:
    city = directory().city
    name = say(city["full_name"]) if city.get("full_name") else city["name"]
    hotline = city.get("hotline")
    told = f"{name}, {say(hotline['label'])}" if hotline else name
    return f"{told}, {settings.PUBLIC_URL}"

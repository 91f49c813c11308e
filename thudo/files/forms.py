"""What travels beside an upload."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.files.rules import CameraFacts


def camera_facts(given: Mapping[str, str]) -> CameraFacts:
    """When and where a photo was taken, as the browser read it before scaling took it away."""
    lon, lat = _degrees(given.get("lon"), 180), _degrees(given.get("lat"), 90)
    if lon is None or lat is None:
        lon = lat = None
    return CameraFacts(_instant(given.get("taken_at", "")), lon, lat)


def _degrees(text: str | None, most: int) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if -most <= value <= most else None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))

"""What a list of advisories is narrowed to; an unknown value counts as not given."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest

from thudo.advisories.rules import ABOUT
from thudo.base.phrases import city_zone
from thudo.directory.queries import directory


@dataclass(frozen=True, slots=True)
class Filters:
    """Codes, and a day of the city's calendar."""

    area: str = ""
    about: str = ""
    service: str = ""
    on: date | None = None

    @property
    def day(self) -> tuple[datetime, datetime] | None:
        """The two midnights of the day, if one is chosen."""
        if self.on is None:
            return None
        begins = datetime.combine(self.on, time(), city_zone())
        return begins, begins + timedelta(days=1)

    @property
    def query(self) -> str:
        """As a query string, "" when nothing is chosen."""
        given = {
            "area": self.area, "about": self.about, "service": self.service,
            "on": self.on.isoformat() if self.on else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in given.items() if value})


def filters_of(request: HttpRequest) -> Filters:
    given, lists = request.GET, directory()
    area = lists.areas.get(given.get("area", ""))
    about, service = given.get("about", ""), given.get("service", "")
    return Filters(
        area=area.code if area and area.valid_to is None else "",
        about=about if about in ABOUT else "",
        service=service if service in lists.services else "",
        on=_day(given.get("on", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None

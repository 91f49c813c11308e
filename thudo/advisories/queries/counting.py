"""How often an answer on the spot was enough."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from thudo.advisories.models import SpotAnswer
from thudo.advisories.rules import ENOUGH, SENT


@dataclass(frozen=True, slots=True)
class Counts:
    """`enough`: no petition was made; `sent`: it was sent all the same. Who looked and left the
    page without a word is in neither."""

    enough: int = 0
    sent: int = 0

    @property
    def all(self) -> int:
        return self.enough + self.sent


def answers_given(
    since: datetime, until: datetime, *, area: str = "", service: str = "", advisory: int = 0
) -> Counts:
    """Answers on the spot in [since, until), by the full hour; of one ward, service or advisory."""
    rows = SpotAnswer.objects.filter(hour__gte=since, hour__lt=until)
    if area:
        rows = rows.filter(area=area)
    if service:
        rows = rows.filter(service=service)
    if advisory:
        rows = rows.filter(advisories__contains=[advisory])
    counts = dict(rows.values_list("choice").annotate(n=Count("key")))
    return Counts(counts.get(ENOUGH, 0), counts.get(SENT, 0))

"""The photos beside a finished case: what it looked like before and after. Public copies only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from thudo.operations.queries.listing import Row
from thudo.operations.queries.shown import one
from thudo.operations.queries.views_of import views_of
from thudo.petitions.queries.public import PublicPhoto

_BEFORE, _AFTER = ("matter", "before"), ("after",)


@dataclass(frozen=True, slots=True)
class Pair:
    """Before and after as components/_pair.html reads them; either may be missing."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None


def pairs_of(rows: Sequence[Row]) -> dict[str, Pair]:
    """For each row, by number, its latest photo from before and from after."""
    views = views_of([row.petition for row in rows])
    return {row.number: _pair(row, views[row.petition].photos) for row in rows}


def _pair(row: Row, photos: Sequence[PublicPhoto]) -> Pair:
    place = one(row).place
    return Pair(
        _figure(photos, _BEFORE, _("Before, %(place)s") % {"place": place}),
        _figure(photos, _AFTER, _("After, %(place)s") % {"place": place}),
    )


def _figure(
    photos: Sequence[PublicPhoto], purposes: Sequence[str], alt: str
) -> dict[str, Any] | None:
    found = [photo for photo in photos if photo.purpose in purposes and photo.small]
    if not found:
        return None
    return {"url": found[-1].small, "alt": alt, "at": found[-1].taken_at, "place": ""}

"""Announcements and questions of wards in a message: their own words, as they stand when told."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thudo.advisories.models import Advisory, Consultation
from thudo.advisories.queries import shown
from thudo.directory.queries import say
from thudo.notices.models import Notice

# More titles than these would fill the screen: then a number stands for all.
_MOST_TITLES = 2


def announced(notices: Sequence[Notice], at: datetime) -> list[str]:
    """A sentence for each of a few, else how many; then what the ward asks."""
    ids = {one.facts["advisory"] for one in notices if "advisory" in one.facts}
    rows = list(Advisory.objects.filter(pk__in=ids).order_by("begins_at")) if ids else []
    asked = {one.facts["consultation"] for one in notices if "consultation" in one.facts}
    return [*_announcements(rows, at), *_questions(asked, at)]


def _announcements(rows: list[Advisory], at: datetime) -> list[str]:
    if len(rows) > _MOST_TITLES:
        n = len(rows)
        return [ngettext("%(n)s announcement.", "%(n)s announcements.", n) % {"n": n}]
    return [f"{one.kind}: {say(one.row.title)}, {one.when}." for one in shown(rows, at)]


def _questions(ids: set[str], at: datetime) -> list[str]:
    if not ids:
        return []
    rows = Consultation.objects.filter(pk__in=ids, withdrawn_at=None, closes_at__gt=at)
    return [_("The ward asks: %(question)s") % {"question": say(row.question)} for row in rows]

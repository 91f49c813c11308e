"""Readers of advisories and consultations, for every slice above.

near(*, area="", point=None, street="", service="", at, ahead=AHEAD) -> list[Near]
    What runs or is planned for a place: by ward code, by point, by a text that may hold a street's
    name, or any of them together; the nearest first. Without a place: the whole city.
running(at, *, kinds=()) -> list[Told]
    What runs now, incidents first and the most affected first, each with `sentence`: what a clerk
    says to a caller.
consultations_open(*, area="", point=None, at) -> list[Consultation]
    What the wards ask their people now.
shown(rows, at) -> list[Shown]      advisories, or what near() found, in words for a page
one(pk) -> Advisory, revisions_of(advisory), on_day(...), answers_given(...), results_of(...)
"""

from thudo.advisories.queries.consultations import (
    Results,
    asked_by,
    comments_of,
    consultation,
    consultations,
    consultations_open,
    reply_of,
    results_of,
)
from thudo.advisories.queries.counting import Counts, answers_given
from thudo.advisories.queries.listing import listed, of_unit, one, revisions_of
from thudo.advisories.queries.near import AHEAD, Near, near
from thudo.advisories.queries.places import areas_touched, holds, shape_of
from thudo.advisories.queries.shown import Shown, shown
from thudo.advisories.queries.told import Told, running, sentence, told

__all__ = [
    "AHEAD",
    "Counts",
    "Near",
    "Results",
    "Shown",
    "Told",
    "answers_given",
    "areas_touched",
    "asked_by",
    "comments_of",
    "consultation",
    "consultations",
    "consultations_open",
    "holds",
    "listed",
    "near",
    "of_unit",
    "one",
    "reply_of",
    "results_of",
    "revisions_of",
    "running",
    "sentence",
    "shape_of",
    "shown",
    "told",
]

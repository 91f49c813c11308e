"""The invented city's deeds: it only calls the real ones."""

import random
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from thudo.base.errors import Refused
from thudo.cases import lifecycle
from thudo.cases.models import Case
from thudo.petitions.models import Petition
from thudo.simulation import queries, rules
from thudo.simulation.actions.people import register_people
from thudo.simulation.actions.walk import advance, file_story, judge, walk

__all__ = ["live_on", "register_people", "seed"]

MOVING = sorted(lifecycle.OPEN - {lifecycle.AWAITING_SUPPLEMENT, lifecycle.RECHECKING})


def seed(count: int, *, at: datetime, tell: Callable[[int], None] | None = None) -> int:
    """File `count` invented petitions of the last weeks and walk them; `tell` is told of progress.

    Does nothing where anything was filed before: demo data never mixes with real petitions.
    """
    stories = queries.stories()
    if not stories or queries.has_petitions():
        return 0
    dice = random.Random(20261124)
    for done, place in enumerate(queries.places(count, "seed"), 1):
        story, fate = dice.choice(stories), rules.fate(dice)
        with transaction.atomic():
            petition = file_story(story, place, dice, at=rules.filed_at(dice, fate, at))
            walk(petition, story, fate, dice, until=at)
        if tell:
            tell(done)
    return count


def live_on(*, at: datetime) -> str:
    """One thing happens: a new petition, a step on an old one, a verdict; says which."""
    dice = random.Random()
    stories = {story.service: story for story in queries.stories()}
    if not stories:
        return ""
    if dice.random() < 0.35:
        place = dice.choice(queries.places(400, str(at.date())))
        file_story(dice.choice(list(stories.values())), place, dice, at=at)
        return "filed"
    return _judge_one(at, dice) if dice.random() < 0.15 else _advance_one(stories, at, dice)


def _advance_one(stories: dict[str, rules.Story], at: datetime, dice: random.Random) -> str:
    cases = Case.objects.filter(state__in=MOVING, kind="petition").order_by("-opened_at")[:80]
    if not cases:
        return ""
    case = dice.choice(list(cases))
    story = stories.get(case.service) or dice.choice(list(stories.values()))
    try:
        advance(case, story, dice, at=at)
    except Refused:
        # An officer of the demonstration was quicker.
        return ""
    return "advanced"


def _judge_one(at: datetime, dice: random.Random) -> str:
    rows = Petition.objects.filter(
        links__case__state=lifecycle.RESOLVED, verdicts=None
    ).select_related()[:40]
    if not rows:
        return ""
    petition = dice.choice(list(rows))
    case = petition.links.select_related("case").order_by("position")[0].case
    try:
        judge(petition, case, dice.choice(["satisfied", "satisfied", "acceptable"]), at=at)
    except Refused:
        return ""
    return "judged"

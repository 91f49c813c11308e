"""Invented petitions, filed and handled through the same deeds as real ones."""

import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from thudo.accounts.rules import RESIDENT, Actor
from thudo.cases import actions as cases
from thudo.cases import lifecycle
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.directory.models import Place
from thudo.directory.queries import directory
from thudo.files.actions import bind_files, keep_upload
from thudo.petitions import actions as petitions
from thudo.petitions.models import Petition
from thudo.petitions.rules import Contact, Filing
from thudo.simulation.actions.people import SIMULATED, checker, desk_clerk, officer
from thudo.simulation.actions.pictures import picture
from thudo.simulation.rules import Story, steps

# Numbers that the numbering plan leaves unused: an invented petitioner reaches nobody.
NOBODY = Contact(name="Minh Họa", phone="0900000000")


def file_story(story: Story, place: Place, dice: random.Random, *, at: datetime) -> Petition:
    """File one invented petition at a real place, some with a drawn picture."""
    longitude, latitude = _near(place, dice)
    draft = f"simulation-{dice.random()}"
    filing = Filing(
        text=dice.choice(story.texts).format(place=place.name),
        service=story.service if dice.random() < 0.8 else "",
        longitude=longitude, latitude=latitude, place=_named(place), contact=NOBODY,
        files=_draw(story, draft, dice, at), draft_key=draft,
        is_public=dice.random() < 0.9,
    )  # fmt: skip
    receipt = petitions.file_petition(filing, actor=RESIDENT, at=at)
    return Petition.objects.get(number=receipt.number)


def walk(
    petition: Petition, story: Story, fate: str, dice: random.Random, *, until: datetime
) -> None:
    """Take an invented petition's case as far as its fate says, each step at its own time."""
    link = petition.links.select_related("case").first()
    if link is None or fate in {"filed", "forgotten"}:
        return
    moments = iter(steps(dice, petition.filed_at, until, 8))
    case = _triaged(link.case, story, next(moments))
    if fate == "transferred":
        _transfer(case, story, next(moments))
        return
    cases.accept_case(case, actor=officer(case.unit), at=next(moments))
    if fate == "accepted":
        return
    _handle(case, petition, story, fate, dice, moments)


def advance(case: Case, story: Story, dice: random.Random, *, at: datetime) -> None:
    """One step further, now: what keeps the demonstration alive."""
    unit = officer(case.unit)
    if case.state in lifecycle.BEFORE_INTAKE | {lifecycle.REOPENED}:
        _accept(case, story, at)
    elif case.state == lifecycle.AWAITING_HANDLING:
        cases.note_progress(case, text=dice.choice(story.progress), actor=unit, at=at)
    elif case.state == lifecycle.IN_PROGRESS:
        _answer(case, story, dice, at)
    elif case.state == lifecycle.AWAITING_CHECK:
        cases.approve_answer(case, actor=checker(), at=at)


def judge(petition: Petition, case: Case, value: str, *, at: datetime) -> None:
    """The invented petitioner's verdict."""
    petitions.judge_petition(petition, case, value=value, actor=_opener(petition), at=at)


def _handle(
    case: Case,
    petition: Petition,
    story: Story,
    fate: str,
    dice: random.Random,
    moments: Iterator[datetime],
) -> None:
    unit = officer(case.unit)
    cases.note_progress(case, text=dice.choice(story.progress), actor=unit, at=next(moments))
    if fate == "noted":
        return
    if fate == "asked":
        cases.ask_petitioner(case, text=story.question, actor=unit, at=next(moments))
        return
    if fate == "answered":
        _answer_only(case, story, next(moments))
    else:
        _answer(case, story, dice, next(moments))
    if fate == "checking":
        return
    cases.approve_answer(case, actor=checker(), at=next(moments))
    if fate != "answered":
        judge(petition, case, fate, at=next(moments))


def _triaged(case: Case, story: Story, at: datetime) -> Case:
    if case.unit == directory().city["intake_unit"]:
        petitions.triage_petition(
            case, service=story.service, urgency=case.urgency, actor=desk_clerk(), at=at
        )
        case.refresh_from_db()
    return case


def _accept(case: Case, story: Story, at: datetime) -> None:
    case = _triaged(case, story, at)
    cases.accept_case(case, actor=officer(case.unit), at=at)


def _transfer(case: Case, story: Story, at: datetime) -> None:
    others = [u for u in directory().chain(case.unit) if u.code != case.unit]
    if not others:
        return
    cases.transfer_case(
        case, unit=others[0].code, ground="authority",
        text=story.transfer,
        actor=officer(case.unit), at=at,
    )  # fmt: skip


def _answer(case: Case, story: Story, dice: random.Random, at: datetime) -> None:
    claim = Claim("resolved", dice.choice(story.done), proof=_prove(case, story, at))
    cases.answer_case(case, claim, draw=dice.random(), actor=officer(case.unit), at=at)


def _answer_only(case: Case, story: Story, at: datetime) -> None:
    text, remaining, next_step = story.answered
    claim = Claim(
        "answered", text, remaining=remaining, next_step=next_step, next_at=at + timedelta(days=14)
    )
    cases.answer_case(case, claim, draw=0.0, actor=officer(case.unit), at=at)


def _prove(case: Case, story: Story, at: datetime) -> tuple[str, ...]:
    service = directory().services.get(case.service)
    wanted = service.evidence if service else ()
    if not story.picture:
        return tuple(wanted)
    for purpose in ("before", "after"):
        draft = f"simulation-{case.pk}-{purpose}"
        content = picture(story.picture, after=purpose == "after", seed=case.pk.int % 3)
        row = keep_upload(
            io.BytesIO(content), draft_key=draft, purpose=purpose, actor=SIMULATED, at=at
        )
        bind_files([str(row.pk)], draft_key=draft, kind="case", subject=str(case.pk), public=True)
    return tuple(wanted) or ("photo",)


def _draw(story: Story, draft: str, dice: random.Random, at: datetime) -> tuple[str, ...]:
    if not story.picture or dice.random() < 0.3:
        return ()
    content = picture(story.picture, after=False, seed=dice.randint(0, 2))
    row = keep_upload(io.BytesIO(content), draft_key=draft, actor=SIMULATED, at=at)
    return (str(row.pk),)


def _near(place: Place, dice: random.Random) -> tuple[float, float]:
    longitude = (place.longitude or 0) + dice.uniform(-0.0006, 0.0006)
    latitude = (place.latitude or 0) + dice.uniform(-0.0006, 0.0006)
    if directory().area_at(longitude, latitude) is None:
        return place.longitude or 0, place.latitude or 0
    return longitude, latitude


def _named(place: Place) -> str:
    return f"{place.name}, {place.detail}" if place.detail else place.name


def _opener(petition: Petition) -> Actor:
    return Actor("resident", opened=frozenset({petition.number}))

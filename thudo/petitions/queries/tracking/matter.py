"""One petition with its matters, each with its holder, its one promise and its line."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from thudo.cases import lifecycle
from thudo.cases.models import Answer, Case, Clock, Note, Tenure
from thudo.directory.queries import directory, post_title, say, unit_name
from thudo.petitions.models import Petition, Verdict
from thudo.petitions.queries.public import is_shown
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.queries.tracking.photos import Photo, photos_of
from thudo.petitions.queries.tracking.promises import Promised, promised
from thudo.petitions.queries.tracking.stations import (
    Beside,
    Station,
    beside,
    judged,
    past_stations,
    with_replies,
    with_supplements,
)
from thudo.petitions.rules import Point, public_point
from thudo.routing.models import Authority

# A station this young is drawn as it arrives.
_ARRIVING = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this unit: the rule's words and its legal basis."""

    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held it from when to when; `minutes` of working time once it was handed on."""

    unit: str
    post: str
    starts_at: datetime
    ends_at: datetime | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """A published result. `outcome`: resolved, answered, refused, upheld."""

    id: str
    outcome: str
    text: str
    remaining: str
    next_step: str
    next_at: datetime | None
    right_office: str
    ground: str
    unit: str
    at: datetime
    before: Photo | None
    after: Photo | None
    documents: list[Photo]


@dataclass(frozen=True, slots=True)
class Question:
    """What the unit asks, and until when the clock waits."""

    text: str
    unit: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One case of the petition for its sender (or for anybody, without private words)."""

    id: str
    label: str
    service: str
    state: str
    state_word: str
    unit: str
    unit_phone: str
    post: str
    promise: Promised
    line: list[Station]
    reason: Reason
    holders: list[Holder]
    question: Question | None
    result: Result | None
    verdict: Verdict | None
    is_open: bool
    may_judge: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Tracking:
    """All that the page of a petition shows. Private words and photos only when `is_personal`."""

    number: str
    is_personal: bool
    is_shown: bool
    handling: str
    kind: str
    answer: str
    title: str
    service: str
    place: str
    area: str
    text: str
    filed_at: datetime
    is_public: bool
    danger: bool
    point: Point | None = None
    matters: list[Matter] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)

    @property
    def may_withdraw(self) -> bool:
        return self.is_personal and any(matter.may_withdraw for matter in self.matters)

    @property
    def may_add(self) -> bool:
        return self.is_personal and any(matter.is_open for matter in self.matters)


def tracking_of(petition: Petition, *, is_personal: bool, at: datetime) -> Tracking:
    """The petition's page. One that is not shown to all keeps only its state and unit."""
    sees_words = is_personal or is_shown(petition)
    cases = [case for case in cases_of(petition) if case.state != lifecycle.MERGED] or cases_of(
        petition
    )
    photos = photos_of(petition, cases, is_personal=is_personal) if sees_words else []
    matters = [_matter(petition, case, photos, at, is_personal=is_personal) for case in cases]
    service = directory().services.get(petition.service)
    area = directory().areas.get(petition.area)
    shows_place = is_personal or not petition.is_home
    return Tracking(
        number=petition.number,
        is_personal=is_personal,
        is_shown=sees_words,
        handling=petition.handling,
        kind=say(service.name) if service and sees_words else "",
        answer=say(service.reason) if service and not cases else "",
        title=_title(petition, matters),
        service=say(service.name) if service and sees_words else "",
        place=petition.place if sees_words and shows_place else "",
        area=say(area.full_name) if area and sees_words else "",
        text=petition.text if sees_words else "",
        filed_at=petition.filed_at,
        is_public=is_shown(petition),
        danger=is_personal and _is_danger(petition, cases),
        point=_point(petition, is_personal=is_personal) if sees_words else None,
        matters=matters,
        photos=[p for p in photos if p.purpose in {"matter", "supplement"}],
    )


def _is_danger(petition: Petition, cases: list[Case]) -> bool:
    """Danger heard in the words, as long as nobody has ended the case."""
    heard = bool(petition.classification.get("danger"))
    return heard and (not cases or any(case.is_open for case in cases))


def _point(petition: Petition, *, is_personal: bool) -> Point | None:
    """The sender sees his own point, everybody else what may be seen of a home."""
    is_home = petition.is_home and not is_personal
    return public_point(petition.longitude, petition.latitude, is_home=is_home)


def _title(petition: Petition, matters: list[Matter]) -> str:
    if matters:
        leading = next((matter for matter in matters if matter.is_open), matters[-1])
        return leading.state_word
    return {
        "thanked": _("Thank you, it was passed on"),
        "answered": _("This is a question"),
        "withdrawn": _("Withdrawn"),
    }.get(petition.handling, _("This channel cannot handle it"))


def _matter(
    petition: Petition, case: Case, photos: list[Photo], at: datetime, *, is_personal: bool
) -> Matter:
    shown = is_personal or is_shown(petition)
    words = beside(case, photos, is_personal=is_personal)
    clocks = list(Clock.objects.filter(case=case))
    now = promised(case, clocks, at)
    verdicts = list(Verdict.objects.filter(petition=petition, case=case).order_by("at"))
    result = _result(case, words) if shown else None
    unit = directory().units.get(case.unit)
    service = directory().services.get(case.service)
    return Matter(
        id=str(case.pk),
        label=case.label,
        service=say(service.name) if service and shown else "",
        state=case.state,
        state_word=_(lifecycle.STATES[case.state]),
        unit=unit_name(case.unit),
        unit_phone=unit.phone if unit else "",
        post=post_title(case.post),
        promise=now,
        line=_line(case, words, verdicts, now, at) if shown else [],
        reason=_reason(case),
        holders=_holders(case),
        question=_question(case, clocks) if is_personal else None,
        result=result,
        verdict=verdicts[-1] if verdicts else None,
        is_open=case.is_open,
        may_judge=is_personal and _may_judge(case, verdicts),
        may_withdraw=is_personal and case.is_open and case.state != lifecycle.AWAITING_CHECK,
    )


def _line(
    case: Case, words: Beside, verdicts: list[Verdict], now: Promised, at: datetime
) -> list[Station]:
    line = past_stations(case, words)
    with_supplements(line, words.photos)
    with_replies(line, words)
    line += [judged(verdict.value, verdict.at) for verdict in verdicts]
    line.sort(key=lambda station: station.at or at)
    for station in line:
        station.new = station.at is not None and timedelta() <= at - station.at < _ARRIVING
    return line + ([] if verdicts and not case.is_open else now.ahead)


def _may_judge(case: Case, verdicts: list[Verdict]) -> bool:
    if case.state not in lifecycle.JUDGED:
        return False
    published = Answer.objects.filter(case=case).exclude(published_at=None)
    latest = published.order_by("-published_at").first()
    return latest is not None and all(verdict.answer != latest.pk for verdict in verdicts)


def _result(case: Case, words: Beside) -> Result | None:
    if not words.answers or (case.is_open and case.state != lifecycle.RECHECKING):
        return None
    answer = max(words.answers.values(), key=lambda one: one.published_at or one.at)
    photos = [photo for photo in words.photos if photo.subject == str(case.pk)]
    before = [p for p in photos if p.purpose == "before" and p.is_image]
    before += [p for p in words.photos if p.purpose == "matter" and p.is_image]
    after = [p for p in photos if p.purpose == "after" and p.is_image]
    return Result(
        id=str(answer.pk), outcome=answer.outcome, text=answer.text, remaining=answer.remaining,
        next_step=answer.next_step, next_at=answer.next_at, right_office=answer.right_office,
        ground=_ground(answer.ground), unit=unit_name(answer.unit),
        at=answer.published_at or answer.at, before=before[0] if before else None,
        after=after[-1] if after else None,
        documents=[p for p in photos if p.purpose not in {"before", "after"}],
    )  # fmt: skip


def _ground(code: str) -> str:
    grounds = directory().city.get("refusal_grounds", [])
    return next((say(ground["label"]) for ground in grounds if ground["code"] == code), "")


def _question(case: Case, clocks: list[Clock]) -> Question | None:
    if case.state != lifecycle.AWAITING_SUPPLEMENT:
        return None
    note = Note.objects.filter(case=case, kind="question").order_by("-at").first()
    due = next((c.due_at for c in clocks if c.kind == "supplement" and c.due_at), None)
    return Question(note.text if note else "", unit_name(case.unit), due)


def _reason(case: Case) -> Reason:
    row = Authority.objects.filter(pk=case.authority).first() if case.authority else None
    if row and row.unit == case.unit:
        return Reason(say(row.reason), row.legal_basis)
    note = Note.objects.filter(case=case, kind="transfer").order_by("-at").first()
    if note:
        return Reason(note.text)
    if case.unit == directory().city["intake_unit"]:
        return Reason(say(directory().city["desk_reason"]))
    if case.state in {lifecycle.RECHECKING, lifecycle.AWAITING_CHECK}:
        return Reason(_("A unit above the one that answered looks at the result again."))
    return Reason(_("The intake desk named this unit."))


def _holders(case: Case) -> list[Holder]:
    rows = Tenure.objects.filter(case=case).order_by("starts_at", "pk")
    return [
        Holder(unit_name(r.unit), post_title(r.post), r.starts_at, r.ends_at, r.minutes)
        for r in rows
    ]

"""What anybody may know of a petition: the only source for public pages, feeds, maps and APIs.

public_view(petition) -> PublicView, public_views(petitions) -> list[PublicView] (six statements
however many petitions). A view holds codes, not names: `directory()` and `say` give the words.
Nobody's name, number, address or exact home can be in it, because it is built only from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from thudo.cases import lifecycle
from thudo.cases.models import Answer, Case, Note
from thudo.files.models import Attachment
from thudo.files.rules import IMAGES
from thudo.petitions.models import Petition, PetitionCase, Verdict
from thudo.petitions.rules import HANDLED, Point, public_point

# Of what units write on a case, the kinds that everybody may read. Questions to the petitioner
# and his replies are between him and the unit.
PUBLIC_NOTES = ("progress", "extension", "transfer", "acceptance", "recheck")


@dataclass(frozen=True, slots=True)
class PublicPhoto:
    """A photo that the desk or a published result released: pixels only, without EXIF.

    `purpose`: "matter", "supplement", "before", "after", "document". `url` is the large copy
    (longest side 1,600), `small` the one for lists (480; "" for a document).
    """

    id: UUID
    purpose: str
    url: str
    small: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A published result. `outcome`: "resolved", "answered", "refused", "upheld"."""

    case: UUID
    outcome: str
    text: str
    remaining: str
    next_step: str
    next_at: datetime | None
    ground: str
    right_office: str
    unit: str
    post: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublicNote:
    """A word of a unit about the work, for everybody. `kind`: one of PUBLIC_NOTES."""

    case: UUID
    kind: str
    text: str
    unit: str
    at: datetime
    next_step: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicVerdict:
    """What the petitioner said of a result: "satisfied", "acceptable", "not_satisfied"."""

    case: UUID
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One matter of the petition, as work. `due_at` is the promise; None once it is closed."""

    id: UUID
    label: str
    service: str
    state: str
    unit: str
    post: str
    urgency: str
    opened_at: datetime
    updated_at: datetime
    promised_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state not in lifecycle.CLOSED

    @property
    def due_at(self) -> datetime | None:
        return self.promised_at if self.is_open else None

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is broken: passed while open, or closed after it."""
        return (self.closed_at or at) > self.promised_at


@dataclass(frozen=True, slots=True)
class PublicView:
    """A petition as everybody may see it.

    Always there: `number`, `state` (a state of cases.lifecycle; "thanked", "answered_directly" or
    "not_taken" when it never became a case), `unit`, `filed_at`, `updated_at`, `promised_at`
    (None: nothing was promised), `closed_at`.
    Only when `is_shown`: `service`, `stream`, `area` (code), `place` (the sender's words; "" for
    a home), `text`, `point`, `cases`, `answers`, `notes`, `photos`, `verdicts`; else "" and ().
    `point` is None without a place; `point.is_coarse` means the centre of a 300 m disc.
    """

    id: UUID
    number: str
    is_shown: bool
    state: str
    unit: str
    filed_at: datetime
    updated_at: datetime
    promised_at: datetime | None
    closed_at: datetime | None
    service: str = ""
    stream: str = ""
    area: str = ""
    place: str = ""
    text: str = ""
    point: Point | None = None
    is_home: bool = False
    cases: tuple[PublicCase, ...] = ()
    answers: tuple[PublicAnswer, ...] = ()
    notes: tuple[PublicNote, ...] = ()
    photos: tuple[PublicPhoto, ...] = ()
    verdicts: tuple[PublicVerdict, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in lifecycle.OPEN

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is broken: passed while open, or kept too late."""
        return self.promised_at is not None and (self.closed_at or at) > self.promised_at


def public_view(petition: Petition) -> PublicView:
    """What anybody may know of this petition."""
    return public_views([petition])[0]


def public_views(petitions: Iterable[Petition]) -> list[PublicView]:
    """The same for many, in the order given."""
    rows = list(petitions)
    cases = _cases([row.pk for row in rows])
    shown = [row for row in rows if is_shown(row)]
    work = [case.id for row in shown for case in cases.get(row.pk, ())]
    beside = _Beside(_answers(work), _notes(work), _photos(shown, work), _verdicts(shown))
    return [_view(row, cases.get(row.pk, ()), beside) for row in rows]


def is_shown(petition: Petition) -> bool:
    """Whether more than its state may be seen by anybody."""
    return petition.is_public and not petition.is_hidden and petition.handling in HANDLED


def leading(cases: Iterable[PublicCase]) -> PublicCase | None:
    """The case that speaks for the petition: the first open one, else the last that went on."""
    rows = list(cases)
    going = [case for case in rows if case.state != lifecycle.MERGED] or rows
    return next((case for case in going if case.is_open), going[-1] if going else None)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What belongs to the cases and petitions of one call, by their id."""

    answers: dict[UUID, list[PublicAnswer]]
    notes: dict[UUID, list[PublicNote]]
    photos: dict[UUID, list[PublicPhoto]]
    verdicts: dict[UUID, list[PublicVerdict]]


_WITHOUT_CASE = {
    "thanked": "thanked",
    "answered": "answered_directly",
    "refused": "not_taken",
    "withdrawn": lifecycle.WITHDRAWN,
}


def _view(row: Petition, cases: Iterable[PublicCase], beside: _Beside) -> PublicView:
    work = tuple(cases)
    case = leading(work)
    view = PublicView(
        id=row.pk,
        number=row.number,
        is_shown=is_shown(row),
        state=_WITHOUT_CASE.get(row.handling) or (case.state if case else "not_taken"),
        unit=case.unit if case else "",
        filed_at=row.filed_at,
        updated_at=max((c.updated_at for c in work), default=row.filed_at),
        promised_at=case.promised_at if case else None,
        closed_at=case.closed_at if case else None,
    )
    return _shown(view, row, work, beside) if view.is_shown else view


def _shown(
    view: PublicView, row: Petition, work: tuple[PublicCase, ...], beside: _Beside
) -> PublicView:
    ids = [case.id for case in work]
    return replace(
        view,
        service=row.service,
        stream=row.stream,
        area=row.area,
        place="" if row.is_home else row.place,
        text=row.text,
        point=public_point(row.longitude, row.latitude, is_home=row.is_home),
        is_home=row.is_home,
        cases=work,
        answers=tuple(a for i in ids for a in beside.answers.get(i, ())),
        notes=tuple(n for i in ids for n in beside.notes.get(i, ())),
        photos=tuple(p for i in (row.pk, *ids) for p in beside.photos.get(i, ())),
        verdicts=tuple(beside.verdicts.get(row.pk, ())),
    )


def _cases(petitions: list[UUID]) -> dict[UUID, list[PublicCase]]:
    links = PetitionCase.objects.filter(petition__in=petitions).select_related("case")
    found: dict[UUID, list[PublicCase]] = {}
    for link in links.order_by("petition", "position"):
        found.setdefault(link.petition_id, []).append(_case(link.case))
    return found


def _case(row: Case) -> PublicCase:
    return PublicCase(
        row.pk, row.label, row.service, row.state, row.unit, row.post, row.urgency, row.opened_at,
        row.updated_at, row.promised_at, row.closed_at,
    )  # fmt: skip


def _answers(cases: list[UUID]) -> dict[UUID, list[PublicAnswer]]:
    rows = Answer.objects.filter(case__in=cases).exclude(published_at=None)
    found: dict[UUID, list[PublicAnswer]] = {}
    for row in rows.order_by("published_at"):
        if row.published_at is not None:
            answer = PublicAnswer(
                row.case_id, row.outcome, row.text, row.remaining, row.next_step, row.next_at,
                row.ground, row.right_office, row.unit, row.post, row.published_at,
            )  # fmt: skip
            found.setdefault(row.case_id, []).append(answer)
    return found


def _notes(cases: list[UUID]) -> dict[UUID, list[PublicNote]]:
    rows = Note.objects.filter(case__in=cases, is_public=True, kind__in=PUBLIC_NOTES)
    found: dict[UUID, list[PublicNote]] = {}
    for n in rows.order_by("at"):
        note = PublicNote(n.case_id, n.kind, n.text, n.unit, n.at, n.next_step, n.next_at)
        found.setdefault(n.case_id, []).append(note)
    return found


def _photos(petitions: list[Petition], cases: list[UUID]) -> dict[UUID, list[PublicPhoto]]:
    subjects = [str(row.pk) for row in petitions] + [str(case) for case in cases]
    rows = Attachment.objects.filter(
        subject_kind__in=["petition", "case"], subject_id__in=subjects, is_public=True
    )
    found: dict[UUID, list[PublicPhoto]] = {}
    for row in rows.order_by("uploaded_at", "position"):
        small = f"/files/{row.pk}/small" if row.media_type in IMAGES else ""
        photo = PublicPhoto(row.pk, row.purpose, f"/files/{row.pk}", small, row.taken_at)
        found.setdefault(UUID(row.subject_id), []).append(photo)
    return found


def _verdicts(petitions: list[Petition]) -> dict[UUID, list[PublicVerdict]]:
    found: dict[UUID, list[PublicVerdict]] = {}
    for row in Verdict.objects.filter(petition__in=petitions).order_by("at"):
        verdict = PublicVerdict(row.case_id, row.value, row.at)
        found.setdefault(row.petition_id, []).append(verdict)
    return found

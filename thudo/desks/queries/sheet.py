"""Everything that stands on the page of one case."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import NotFound
from thudo.cases.models import Answer, Case, Note, Promise, Tenure
from thudo.cases.queries import answers_of, steps_open_to, visible_to
from thudo.desks.queries.clocks import ClockLine, clock_lines, length_words
from thudo.desks.queries.history import Event, history_of
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.desks.queries.similar import Neighbour, neighbours_of
from thudo.desks.rules import SENT, SUPPLEMENT, still_missing
from thudo.directory.queries import area_name, directory, post_title, say, unit_name
from thudo.files.models import Attachment
from thudo.files.rules import IMAGES, proof_kind
from thudo.petitions.models import Petition
from thudo.petitions.queries.follow import follower_counts, follower_words
from thudo.petitions.queries.organisations import Asked, asked_of
from thudo.petitions.queries.reading import petitions_of
from thudo.routing.models import Authority


@dataclass(frozen=True, slots=True)
class Rule:
    """The row of the matrix that brought a case here, in words."""

    unit: str
    scope: str
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A petition as those who handle it read it: its words and files, never who wrote it.
    `added`: files that came after it was filed."""

    petition: Petition
    files: list[Attachment]
    added: list[Attachment]
    # What an organisation asks for, with its dossier's code; None where a person filed.
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a petitioner, or somebody who follows his petition, added later; `text` "" where only
    files came."""

    at: datetime
    text: str
    files: list[Attachment]
    is_follower: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of a case. `proof`: (kind, is there) for each kind its service accepts;
    `holders`: (unit, working time used) of those who held it before."""

    row: Row
    area: str
    post: str
    handler: str
    letters: list[Letter]
    replies: list[Reply]
    # How many follow the petitions of this case: a number, never who.
    followers: int
    proofs: list[Attachment]
    proof: list[tuple[str, bool]]
    answers: list[Answer]
    pending: Answer | None
    clocks: list[ClockLine]
    rule: Rule | None
    near: list[Neighbour]
    history: list[Event]
    holders: list[tuple[str, str]]
    promises: list[Promise]
    steps: list[str] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.row.case


def case_for(actor: Actor, pk: UUID, at: datetime) -> Case:
    """The case if `actor` may read it; else NotFound, so that nothing is learnt of others'."""
    case: Case | None = grouped(visible_to(actor).filter(pk=pk), at).first()
    if case is None:
        raise NotFound(_("There is no such case on your desk."))
    return case


def sheet_of(actor: Actor, case: Case, at: datetime) -> Sheet:
    """The page of a case that came from `case_for`."""
    letters, proofs = _files(case)
    clocks = clock_lines(case, at)
    history = history_of(case)
    answers = answers_of(case, published_only=False)
    return Sheet(
        row=row_of(case, at),
        area=area_name(case.area),
        post=post_title(case.post),
        handler=history.name_of(case.handler),
        letters=letters,
        replies=_replies(case, letters),
        followers=sum(follower_counts(letter.petition.pk for letter in letters).values()),
        proofs=proofs,
        proof=_proof(case, proofs),
        answers=answers,
        pending=next((a for a in answers if not a.check_result and not a.published_at), None),
        clocks=clocks,
        rule=_rule(case),
        near=neighbours_of(actor, case, at),
        history=history.events,
        holders=_holders(case),
        promises=list(Promise.objects.filter(case=case).order_by("made_at")),
        steps=_steps(actor, case, clocks),
    )


def file_of(case: Case, pk: UUID) -> Attachment:
    """A file of this case or of one of its petitions; NotFound for any other."""
    row = Attachment.objects.filter(pk=pk).first()
    owners = {("case", str(case.pk))}
    petitions = petitions_of(case)
    owners |= {("petition", str(petition.pk)) for petition in petitions}
    if row and row.subject_kind == "follower_word":
        owners |= {("follower_word", str(word.id)) for word in follower_words(petitions)}
    if row is None or (row.subject_kind, row.subject_id) not in owners:
        raise NotFound(_("There is no such file."))
    return row


def scope_words(scope: str) -> str:
    """A scope of the matrix in words: 'area:…', 'asset:road:arterial', 'about:…', 'city'."""
    kind, _sep, rest = scope.partition(":")
    if kind == "area":
        area = directory().areas.get(rest)
        return say(area.full_name) if area else rest
    if kind == "about":
        return _("about the conduct of %(unit)s") % {"unit": unit_name(rest)}
    if kind == "asset":
        return _asset_words(*rest.split(":", 1))
    return _("the whole city")


def _asset_words(layer: str, kind: str) -> str:
    for row in directory().city.get("asset_layers", []):
        if row["code"] == layer:
            names = row.get("class_names", {})
            return f"{say(row['name'])}: {say(names[kind]) if kind in names else kind}"
    return f"{layer}: {kind}"


def _rule(case: Case) -> Rule | None:
    row = Authority.objects.filter(pk=case.authority).first() if case.authority else None
    if row is None:
        return None
    return Rule(unit_name(row.unit), scope_words(row.scope), say(row.reason), row.legal_basis)


def _files(case: Case) -> tuple[list[Letter], list[Attachment]]:
    petitions = petitions_of(case)
    ids = [str(petition.pk) for petition in petitions]
    rows = Attachment.objects.filter(
        subject_kind__in=("petition", "case"), subject_id__in=[*ids, str(case.pk)]
    ).order_by("uploaded_at", "position")
    by_subject: dict[str, list[Attachment]] = defaultdict(list)
    for row in rows:
        by_subject[row.subject_id].append(row)
    letters = [_letter(petition, by_subject[str(petition.pk)]) for petition in petitions]
    return letters, by_subject[str(case.pk)]


def _letter(petition: Petition, files: list[Attachment]) -> Letter:
    added = [file for file in files if file.purpose == SUPPLEMENT]
    first = [file for file in files if file.purpose != SUPPLEMENT]
    return Letter(petition, first, added, asked_of(petition))


def _replies(case: Case, letters: list[Letter]) -> list[Reply]:
    """What was added, oldest first: a petitioner's words each with the files that were sent up to
    then (files after the last words stand alone), and what followers said."""
    notes = Note.objects.filter(case=case, kind="reply").order_by("at")
    rest = sorted((f for one in letters for f in one.added), key=lambda f: f.uploaded_at)
    replies = []
    for note in notes:
        sent = [file for file in rest if file.uploaded_at <= note.at]
        rest = [file for file in rest if file not in sent]
        replies.append(Reply(note.at, note.text, sent))
    if rest:
        replies.append(Reply(rest[0].uploaded_at, "", rest))
    others = follower_words([one.petition for one in letters])
    replies += [Reply(word.at, word.text, word.files, is_follower=True) for word in others]
    return sorted(replies, key=lambda reply: reply.at)


def _proof(case: Case, proofs: list[Attachment]) -> list[tuple[str, bool]]:
    service = directory().services.get(case.service)
    given = (proof_kind(row.media_type, row.purpose) for row in proofs)
    return still_missing(service.evidence if service else (), given)


def _holders(case: Case) -> list[tuple[str, str]]:
    """Those who held it before, with the working time each used."""
    ended = Tenure.objects.filter(case=case).exclude(ends_at=None).order_by("starts_at")
    return [(unit_name(one.unit), length_words(one.minutes or 0)) for one in ended]


def _steps(actor: Actor, case: Case, clocks: list[ClockLine]) -> list[str]:
    """Those of cases.queries, less an acknowledgement that nobody waits for."""
    waits = any(line.kind == "acknowledge" and line.state != "stopped" for line in clocks)
    return [s for s in steps_open_to(actor, case) if s != "acknowledge_case" or waits]


def photos_can_be_shown(letters: list[Letter]) -> bool:
    """Whether the check may show a petitioner's photos: he sent some, publicly, not of a home."""
    return any(
        is_image(file) and file.purpose in SENT and not file.is_public
        for letter in letters
        if letter.petition.is_public and not (letter.petition.is_hidden or letter.petition.is_home)
        for file in [*letter.files, *letter.added]
    )


def is_image(row: Attachment) -> bool:
    """Whether a file can be shown as a picture."""
    return row.media_type in IMAGES

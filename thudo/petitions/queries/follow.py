"""Who follows a petition: how many (for all), his own page, what desks read, whom to tell."""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from thudo.accounts.rules import Actor
from thudo.base.sealing import keyed_hash, unseal
from thudo.cases import lifecycle
from thudo.cases.models import Answer, Case
from thudo.files.models import Attachment
from thudo.petitions.models import Follower, FollowerVerdict, FollowerWord, Petition, PetitionCase
from thudo.petitions.queries.public import is_shown
from thudo.petitions.queries.reading import cases_of, public_petitions
from thudo.petitions.rules import Contact


@dataclass(frozen=True, slots=True)
class Voices:
    """How many stand behind a matter, as anybody may know it. Who is not public is not in it."""

    petitions: int = 1
    followers: int = 0
    # What followers said of the latest result, "satisfied" and its like -> how many.
    verdicts: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return self.petitions + self.followers


@dataclass(frozen=True, slots=True)
class Word:
    """What a follower added; `files` are his, and private."""

    id: UUID
    text: str
    at: datetime
    files: list[Attachment]


@dataclass(frozen=True, slots=True)
class Following:
    """A follower's own side of the page. `judges`: ids of the cases that he may judge now;
    `judged`: case id -> his latest verdict."""

    follower: Follower
    words: list[Word]
    may_add: bool
    judges: frozenset[str]
    judged: dict[str, str]


def voices_of(petition: Petition) -> Voices:
    """The public count behind the matters of a shown petition; nothing of one that is not."""
    if not is_shown(petition):
        return Voices()
    cases = going_cases(petition)
    sharing = public_petitions().filter(links__case__in=cases).distinct()
    known = {petition.pk, *sharing.values_list("pk", flat=True)}
    followers = Follower.objects.filter(petition__in=known, ended_at=None).count()
    return Voices(len(known), followers, _verdicts(cases))


def follower_counts(petitions: Iterable[UUID]) -> dict[UUID, int]:
    """How many follow each of these petitions; those that nobody follows are left out."""
    rows = Follower.objects.filter(petition__in=list(petitions), ended_at=None)
    return dict(rows.values_list("petition").annotate(n=Count("pk")))


def follower_by(number: str, secret: str) -> Follower | None:
    """The follower of this petition whose secret it is, stopped or not."""
    given = keyed_hash("follower secret", secret)
    row = Follower.objects.filter(petition__number=number, secret=given).first()
    return row if row and hmac.compare_digest(bytes(row.secret), given) else None


def follower_of(actor: Actor, petition: Petition) -> Follower | None:
    """The follower that this actor is of a petition, if he is one still."""
    if not actor.followed:
        return None
    rows = Follower.objects.filter(pk__in=actor.followed, petition=petition, ended_at=None)
    return rows.first()


def followed_petitions(actor: Actor, limit: int) -> list[Petition]:
    """What this browser follows, the newest first."""
    if not actor.followed:
        return []
    rows = Petition.objects.filter(followers__pk__in=actor.followed, followers__ended_at=None)
    return list(rows.distinct().order_by("-filed_at")[:limit])


def following_of(follower: Follower, petition: Petition) -> Following:
    """What the follower's own page shows besides the public one."""
    cases = cases_of(petition)
    said = FollowerVerdict.objects.filter(follower=follower).order_by("at")
    given = {verdict.answer for verdict in said}
    latest = {case: _latest_answer(case) for case in cases if case.state in lifecycle.JUDGED}
    judges = {
        str(case.pk)
        for case, answer in latest.items()
        if answer and answer.pk not in given and follower.began_at <= answer.published_at  # type: ignore[operator]
    }
    return Following(
        follower=follower,
        words=follower_words([petition], only=follower),
        may_add=any(case.is_open for case in cases),
        judges=frozenset(judges),
        judged={str(verdict.case_id): verdict.value for verdict in said},
    )


def follower_words(petitions: Sequence[Petition], only: Follower | None = None) -> list[Word]:
    """What followers of these petitions added, oldest first: for those who handle them."""
    rows = FollowerWord.objects.filter(follower__petition__in=petitions).order_by("at")
    if only:
        rows = rows.filter(follower=only)
    words = list(rows)
    files: dict[str, list[Attachment]] = {}
    ids = [str(word.pk) for word in words]
    found = Attachment.objects.filter(subject_kind="follower_word", subject_id__in=ids)
    for row in found.order_by("uploaded_at", "position"):
        files.setdefault(row.subject_id, []).append(row)
    return [Word(one.pk, one.text, one.at, files.get(str(one.pk), [])) for one in words]


@dataclass(frozen=True, slots=True)
class Reachable:
    """A follower who left a way to reach him, and the path of his own page: for messages only."""

    follower: UUID
    contact: Contact
    link: str


def reachable_followers(number: str) -> list[Reachable]:
    """Whom to tell of a petition's steps besides its sender; never shown on any page."""
    found = []
    for row in Follower.objects.filter(petition__number=number, ended_at=None):
        plain = _sealed(row)
        contact = Contact(phone=plain.get("phone", ""), email=plain.get("email", ""))
        if contact.phone or contact.email:
            link = f"/petitions/{number}/followers/{plain['secret']}"
            found.append(Reachable(row.pk, contact, link))
    return found


def follower_secret(follower: Follower) -> str:
    """The secret of a follower's link; "" once he has stopped."""
    return str(_sealed(follower).get("secret", ""))


def _sealed(follower: Follower) -> dict[str, str]:
    """What a follower left sealed: phone, email, secret. Empty once he has stopped."""
    if follower.sealed is None:
        return {}
    plain = unseal(follower.key_id, bytes(follower.sealed), about=follower.pk.bytes)
    opened: dict[str, str] = json.loads(plain)
    return opened


def going_cases(petition: Petition) -> list[UUID]:
    """The cases in which a petition goes on; all of them where it goes on in none."""
    links = PetitionCase.objects.filter(petition=petition).values_list("case", "case__state")
    rows = list(links)
    return [pk for pk, state in rows if state != lifecycle.MERGED] or [pk for pk, _state in rows]


def _latest_answer(case: Case) -> Answer | None:
    rows = Answer.objects.filter(case=case).exclude(published_at=None)
    return rows.order_by("-published_at").first()


def _verdicts(cases: list[UUID]) -> dict[str, int]:
    answers = Answer.objects.filter(case__in=cases).exclude(published_at=None)
    latest = answers.order_by("-published_at").values_list("pk", flat=True).first()
    if latest is None:
        return {}
    rows = FollowerVerdict.objects.filter(answer=latest).values_list("value")
    return dict(rows.annotate(n=Count("pk")))

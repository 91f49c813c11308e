"""Who met the same matter follows a petition: he is counted, adds, judges, and may stop."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor, Scope
from thudo.base.errors import Invalid, NotFound, Refused
from thudo.base.folding import clean
from thudo.base.identifiers import new_id, secret_code
from thudo.base.sealing import keyed_hash, seal
from thudo.cases.actions import recheck_case
from thudo.cases.models import Answer, Case
from thudo.directory.queries import directory
from thudo.files.actions import bind_files
from thudo.journal.rules import seal as seal_words
from thudo.petitions.actions.following import AlreadyJudged, judged_answer
from thudo.petitions.actions.notes import note
from thudo.petitions.models import Follower, FollowerVerdict, FollowerWord, Petition
from thudo.petitions.queries.follow import follower_secret
from thudo.petitions.queries.public import is_shown
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.rules import NOT_SATISFIED, TEXT_LIMIT, VERDICTS, Contact

# So many followers who are not satisfied open a re-check, unless the pack names another number.
_VOICES_FOR_RECHECK = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """A follower with the secret of his link: only in memory, for his own page and messages."""

    follower: Follower
    secret: str


@transaction.atomic
def follow_petition(
    petition: Petition,
    *,
    contact: Contact | None = None,
    browser: str = "",
    actor: Actor,
    at: datetime,
) -> Followed:
    """Follow an open public petition; a `browser` that already does gets the link it has.

    Refuses the sender himself, a matter that has ended, and (as unknown) one that is not public.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    _may_be_followed(locked, actor)
    key = keyed_hash("follower browser", browser) if browser else None
    known = Follower.objects.filter(petition=locked, ended_at=None, browser=key).first()
    if key and known:
        return Followed(known, follower_secret(known))
    followed = _begin(locked, contact or Contact(), key, at)
    note(locked, "petition.followed", actor, at, {"follower": str(followed.follower.pk)})
    return followed


@transaction.atomic
def unfollow_petition(follower: Follower, *, actor: Actor, at: datetime) -> None:
    """Stop: the count falls, and what he gave to be reached is erased at once."""
    petition = _own(follower, actor)
    row = Follower.objects.filter(pk=follower.pk, ended_at=None)
    if not row.update(ended_at=at, key_id="", sealed=None, browser=None):
        raise Refused(_("You no longer follow this report."))
    follower.refresh_from_db()
    note(petition, "petition.unfollowed", actor, at, {"follower": str(follower.pk)})


@transaction.atomic
def add_to_followed(
    follower: Follower,
    *,
    text: str,
    files: Sequence[str] = (),
    draft_key: str = "",
    actor: Actor,
    at: datetime,
) -> FollowerWord:
    """A sentence or photos of a follower, for those who handle it; never public."""
    petition = _own(follower, actor)
    text = clean(text)
    _need_something(petition, text, files)
    word = FollowerWord.objects.create(
        id=new_id(), follower=follower, text=text, salt=os.urandom(16), at=at
    )
    bound = bind_files(
        files, draft_key=draft_key, kind="follower_word", subject=str(word.pk), public=False,
        purpose="supplement",
    )  # fmt: skip
    if not text and not bound:
        raise _nothing()
    data = {"follower": str(follower.pk), "word": str(word.pk), "files": len(bound)}
    data["seal"] = seal_words(text, bytes(word.salt))
    note(petition, "petition.follower_added", actor, at, data)
    return word


@transaction.atomic
def judge_followed(
    follower: Follower, case: Case, *, value: str, text: str = "", actor: Actor, at: datetime
) -> FollowerVerdict:
    """A follower's verdict on a result that he waited for; enough who are not satisfied open a
    re-check, as one petitioner does."""
    petition = _own(follower, actor)
    if value not in VERDICTS or case not in cases_of(petition):
        raise Invalid(_("Choose one of the three answers."))
    answer = judged_answer(case)
    _need_to_have_waited(follower, answer)
    verdict = _keep_verdict(follower, case, answer, value, clean(text), at)
    data = {"value": value, "case": str(case.pk), "answer": str(answer.pk), "unit": answer.unit}
    data |= {"follower": str(follower.pk), "seal": seal_words(verdict.text, bytes(verdict.salt))}
    note(petition, "petition.follower_judged", actor, at, data)
    if value == NOT_SATISFIED and _are_enough(answer):
        # Together they have the right that the sender has alone.
        sender = replace(actor, opened=actor.opened | {petition.number})
        recheck_case(case, actor=sender, at=at)
    return verdict


def _begin(petition: Petition, contact: Contact, browser: bytes | None, at: datetime) -> Followed:
    secret, pk = secret_code(), new_id()
    plain = {"phone": contact.phone, "email": contact.email, "secret": secret}
    key_id, sealed = seal(json.dumps(plain).encode(), about=pk.bytes)
    row = Follower.objects.create(
        id=pk, petition=petition, secret=keyed_hash("follower secret", secret), key_id=key_id,
        sealed=sealed, browser=browser, began_at=at,
    )  # fmt: skip
    return Followed(row, secret)


def _may_be_followed(petition: Petition, actor: Actor) -> None:
    if not is_shown(petition):
        raise NotFound(_("There is no report with this number that can be followed."))
    require(actor, "petition.follow", Scope(public=True))
    if petition.number in actor.opened:
        raise Refused(_("This is your own report: you already get every step of it."))
    if not any(case.is_open for case in cases_of(petition)):
        raise Refused(_("This matter has ended. If it has come back, please send a new report."))


def _own(follower: Follower, actor: Actor) -> Petition:
    """The petition of a follower whose own link the actor has shown; locked, for its version."""
    require(actor, "petition.follow_on", Scope(followers=frozenset({str(follower.pk)})))
    return Petition.objects.select_for_update().get(pk=follower.petition_id)


def _need_something(petition: Petition, text: str, files: Sequence[str]) -> None:
    if not text and not files:
        raise _nothing()
    if len(text) > TEXT_LIMIT:
        sentence = _("At most %(count)s characters.") % {"count": TEXT_LIMIT}
        raise Invalid(sentence, {"text": sentence})
    if not any(case.is_open for case in cases_of(petition)):
        raise Refused(_("This matter has ended. If it has come back, please send a new report."))


def _nothing() -> Invalid:
    return Invalid(_("Write something or add a photo."), {"text": _("Nothing to add yet.")})


def _need_to_have_waited(follower: Follower, answer: Answer) -> None:
    waited = answer.published_at is not None and follower.began_at <= answer.published_at
    if follower.ended_at or not waited:
        raise Refused(_("Only those who followed it before this result judge it."))


def _keep_verdict(
    follower: Follower, case: Case, answer: Answer, value: str, text: str, at: datetime
) -> FollowerVerdict:
    given: dict[str, Any] = {"case": case, "answer": answer.pk, "value": value, "text": text}
    try:
        with transaction.atomic():
            return FollowerVerdict.objects.create(
                id=new_id(), follower=follower, salt=os.urandom(16), at=at, **given
            )
    except IntegrityError as twice:
        raise AlreadyJudged(_("You have already given a verdict on this result.")) from twice


def _are_enough(answer: Answer) -> bool:
    """Whether this voice is the one that makes them enough, so that one re-check opens."""
    said = FollowerVerdict.objects.filter(answer=answer.pk, value=NOT_SATISFIED)
    needed = directory().city.get("following", {}).get("recheck_voices", _VOICES_FOR_RECHECK)
    return said.count() >= int(needed)

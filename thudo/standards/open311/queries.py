"""Readers of this door: public petitions as requests, and the steps of their cases as updates."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from psycopg.errors import QueryCanceled

from thudo.cases.lifecycle import OPEN as OPEN_STATES
from thudo.cases.models import Answer, Note
from thudo.directory.models import PackVersion
from thudo.directory.queries import current_version
from thudo.files.models import Attachment
from thudo.files.rules import IMAGES
from thudo.journal.rules import read_body
from thudo.petitions.models import Idempotency, Petition, PetitionCase
from thudo.petitions.queries.public import PUBLIC_NOTES, PublicView, public_views
from thudo.petitions.queries.reading import public_petitions
from thudo.petitions.rules import HANDLED, RequestKey
from thudo.standards.open311.mapping.parameters import MOST, OPEN, Wanted
from thudo.standards.open311.mapping.services import UNDECIDED
from thudo.standards.open311.mapping.updates import Update

# A client that got no answer sends the same again: within this time it is the same request.
REPEAT_SECONDS = 600
# Of the journal's actions those that say how the work goes on; who looked, asked or escalated
# inside the city is not among them.
STEPS = (
    "case.triaged", "case.accepted", "case.begun", "case.progress_noted", "case.supplement_asked",
    "case.transferred", "case.arbitrated", "case.deadline_extended",
    "case.answered", "case.answer_approved", "case.answer_sent_back", "case.recheck_opened",
    "case.result_upheld", "case.redo_ordered",
)  # fmt: skip
_MOST_MILLISECONDS = 5000
_UNREAD = ("vector", "folded", "classification", "secret", "salt")
_HANDLED = ", ".join(f"'{word}'" for word in sorted(HANDLED))
# Each entry about a case that changed since, once for every public petition that shares the case.
_UPDATES = f"""
SELECT e.number, p.number, e.at, e.body
FROM cases_case c
JOIN petitions_petition_case l ON l.case_id = c.id
JOIN petitions_petition p ON p.id = l.petition_id
JOIN journal_entry e ON e.subject_kind = 'case' AND e.subject_id = c.id::text
WHERE c.updated_at >= %s AND c.opened_at <= %s AND e.at BETWEEN %s AND %s
  AND e.action = ANY(%s::text[])
  AND p.is_public AND NOT p.is_hidden AND p.handling IN ({_HANDLED})
ORDER BY e.at, e.number, p.number LIMIT %s::int OFFSET %s::int
"""  # noqa: S608


class TooMuch(Exception):
    """What was asked for would take the database too long."""


def requests_of(numbers: Sequence[str]) -> list[tuple[Petition, PublicView]]:
    """The public ones among these petitions, newest first; the others are passed over."""
    plain = [text for text in numbers if text.isascii() and text.isdigit()][:MOST]
    return _pairs(public_petitions().filter(number__in=plain).order_by("-filed_at", "-id"))


def requests_in(wanted: Wanted) -> list[tuple[Petition, PublicView]]:
    """A page of public petitions, newest first."""
    rows = public_petitions().filter(filed_at__gte=wanted.start, filed_at__lte=wanted.end)
    if wanted.services:
        codes = ["" if code == UNDECIDED else code for code in wanted.services]
        rows = rows.filter(service__in=codes)
    if len(wanted.statuses) == 1:
        # The case that speaks for a petition is its first open one: one is enough.
        links = PetitionCase.objects.filter(petition=OuterRef("pk"))
        works = Exists(links.filter(case__state__in=sorted(OPEN_STATES)))
        rows = rows.filter(works) if OPEN in wanted.statuses else rows.exclude(works)
    first = (wanted.page - 1) * wanted.size
    return _pairs(rows.order_by("-filed_at", "-id")[first : first + wanted.size])


def petition_of(number: str) -> Petition | None:
    """A petition by its number, public or not."""
    plain = number if number.isascii() and number.isdigit() else ""
    return Petition.objects.defer(*_UNREAD).filter(number=plain).first()


def updates_in(start: datetime, end: datetime, *, page: int, size: int) -> list[Update]:
    """Steps of the work from `start` to `end`, oldest first; TooMuch where they are too many."""
    values: list[Any] = [start, end, start, end, list(STEPS), size, (page - 1) * size]
    rows = _in_time(_UPDATES, values)
    read = [(entry, number, read_body(0, at, bytes(body))) for entry, number, at, body in rows]
    texts = _texts(data for _entry, _number, data in read)
    pictures = _pictures(data for _entry, _number, data in read)
    return [
        Update(
            f"{entry}-{number}", number, body.action, str(body.data["state"]), body.at,
            text=texts.get(_words_of(body), ""),
            media_url=pictures.get(body.subject.id, "") if body.action == _PUBLISHED else "",
        )
        for entry, number, body in read
    ]  # fmt: skip


def changed_at() -> datetime:
    """When services and their definitions last changed: when the pack was loaded."""
    version: PackVersion = PackVersion.objects.get(pk=current_version())
    return version.loaded_at


def repeat_key(scope: str, print_: str, at: datetime) -> tuple[RequestKey, bool]:
    """The key of a request by its content, and whether it was answered under it before.

    Time is cut into stretches; the one before counts too, so that a repetition is known for at
    least REPEAT_SECONDS, and the same words sent on another day are a petition of their own.
    """
    now = int(at.timestamp()) // REPEAT_SECONDS
    keys = [f"{print_}:{stretch}" for stretch in (now, now - 1)]
    answered = Idempotency.objects.filter(scope=scope, key__in=keys).values_list("key", flat=True)
    before = next(iter(answered), "")
    return RequestKey(scope, before or keys[0]), bool(before)


def reply_of(cases: Iterable[Any], text: str, actor: str, since: datetime) -> UUID | None:
    """The note that keeps these words of the petitioner, if they were added since."""
    notes = Note.objects.filter(case__in=cases, kind="reply", text=text, actor=actor, at__gte=since)
    return notes.order_by("-at").values_list("pk", flat=True).first()


def _in_time(sql: str, values: list[Any]) -> list[Any]:
    """Anybody may ask, so nobody may make the database work for long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_MOST_MILLISECONDS}")
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except OperationalError as late:
        if isinstance(late.__cause__, QueryCanceled):
            raise TooMuch from late
        raise


_PUBLISHED = "case.answer_approved"


def _pairs(rows: QuerySet[Petition]) -> list[tuple[Petition, PublicView]]:
    petitions = list(rows.defer(*_UNREAD))
    return list(zip(petitions, public_views(petitions), strict=True))


def _words_of(body: Any) -> str:
    """The id of the note or, where it was published, of the answer that an entry speaks of."""
    if body.action == _PUBLISHED:
        return str(body.data.get("answer", ""))
    return str(body.data.get("note", ""))


def _texts(bodies: Iterable[Any]) -> dict[str, str]:
    ids = {text for body in bodies if (text := _words_of(body))}
    notes = Note.objects.filter(pk__in=ids, is_public=True, kind__in=PUBLIC_NOTES)
    answers = Answer.objects.filter(pk__in=ids).exclude(published_at=None)
    return {
        str(pk): text for rows in (notes, answers) for pk, text in rows.values_list("pk", "text")
    }


def _pictures(bodies: Iterable[Any]) -> dict[str, str]:
    """case id -> a published photo of its result."""
    cases = {body.subject.id for body in bodies if body.action == _PUBLISHED}
    rows = Attachment.objects.filter(
        subject_kind="case", subject_id__in=cases, is_public=True, media_type__in=sorted(IMAGES)
    )
    found = rows.order_by("uploaded_at", "position").values_list("subject_id", "pk")
    return {case: f"{settings.PUBLIC_URL}/files/{pk}" for case, pk in found}

"""A mail becomes a petition, or words added to one; its sender gets one answer, or none."""

import hashlib
import io
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base import phrases
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import fold
from thudo.base.sealing import keyed_hash
from thudo.channels.actions.outgoing import put_out
from thudo.channels.models import Incoming
from thudo.channels.queries import wording
from thudo.channels.queries.places import spot_in
from thudo.channels.queries.settings import mail_address
from thudo.channels.queries.waiting import answers_today
from thudo.channels.rules import CHANNEL_OF, MAIL, MOST_ANSWERS
from thudo.channels.rules.mail import Letter, read_letter
from thudo.channels.rules.threads import message_id, number_of, reply_address
from thudo.files.actions import keep_upload
from thudo.petitions.actions import file_petition, supplement_petition
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.rules import TEXT_LIMIT, Contact, Filing, Receipt, clean_email

ACTOR = Actor("door:mail", scopes=frozenset({"petitions:file"}))


def keyed(number: str) -> bytes:
    """The keyed hash behind a thread's mark."""
    return keyed_hash("mail thread", number)


def take_letter(row: Incoming, content: bytes, *, at: datetime) -> tuple[str, str]:
    """(state, number): "taken", or "passed" for what a machine wrote."""
    letter = read_letter(content)
    if letter.why_automatic or letter.sender == mail_address():
        row.failure = letter.why_automatic
        return "passed", ""
    with translation.override(settings.LANGUAGE_CODE):
        number = number_of((*letter.addresses, *letter.references), keyed)
        petition = Petition.objects.filter(number=number).first() if number else None
        if petition:
            return "taken", _add(row, letter, petition, at)
        return "taken", _file(row, letter, at)


def _file(row: Incoming, letter: Letter, at: datetime) -> str:
    text, rest = _parts(_said(letter))
    ids, digests, sentences = _files(row, letter, at)
    spot = spot_in(text)
    filing = Filing(
        text=text, longitude=spot.longitude, latitude=spot.latitude, area=spot.area,
        place=spot.words, files=ids, file_digests=digests, draft_key=_draft_key(row),
        contact=Contact(letter.name, email=_email(letter.sender)), is_public=False,
        channel=CHANNEL_OF[MAIL],
    )  # fmt: skip
    try:
        receipt = file_petition(filing, actor=ACTOR, at=at)
    except Invalid as wrong:
        _answer(row, letter, "", [*_missing(wrong), *sentences], at)
        return ""
    _add_rest(receipt, rest, at)
    lines = wording.receipt_lines(receipt, at, is_placed=spot.is_known, is_short=False)
    more = [*sentences, wording.follow_line(receipt), _("To add something, answer this mail.")]
    _answer(row, letter, receipt.number, [*lines, *more], at)
    return receipt.number


def _add(row: Incoming, letter: Letter, petition: Petition, at: datetime) -> str:
    number = petition.number
    if not any(case.is_open for case in cases_of(petition)):
        _answer(row, letter, number, [wording.closed_line(number)], at)
        return number
    ids, _digests, sentences = _files(row, letter, at)
    first, rest = _parts(letter.text)
    try:
        _supplement(petition, first, ids, row, at)
        for text in rest:
            _supplement(petition, text, (), row, at)
        lines = [wording.added_line(number), *sentences]
    except Refused as wrong:
        lines = [str(wrong.sentence), *sentences]
    _answer(row, letter, number, lines, at)
    return number


def _supplement(
    petition: Petition, text: str, ids: tuple[str, ...], row: Incoming, at: datetime
) -> None:
    opener = Actor(ACTOR.key, opened=frozenset({petition.number}), scopes=ACTOR.scopes)
    petition.refresh_from_db()
    supplement_petition(
        petition, text=text, files=ids, draft_key=_draft_key(row), actor=opener, at=at
    )


def _add_rest(receipt: Receipt, rest: list[str], at: datetime) -> None:
    """A long letter is filed whole: what goes beyond a petition's text is added to it."""
    if not rest or receipt.handling != "case":
        return
    petition = Petition.objects.get(number=receipt.number)
    opener = Actor(ACTOR.key, opened=frozenset({receipt.number}), scopes=ACTOR.scopes)
    for text in rest:
        petition.refresh_from_db()
        supplement_petition(petition, text=text, actor=opener, at=at)


def _said(letter: Letter) -> str:
    """Subject and words; the subject alone when there are no words."""
    subject = letter.subject
    if not subject or fold(subject) in fold(letter.text):
        return letter.text
    return f"{subject}\n{letter.text}".strip()


def _parts(text: str) -> tuple[str, list[str]]:
    """A text cut to what a petition holds, between words."""
    parts = []
    while len(text) > TEXT_LIMIT:
        cut = max(text.rfind(mark, TEXT_LIMIT // 2, TEXT_LIMIT) for mark in ("\n", " "))
        cut = cut if cut > 0 else TEXT_LIMIT
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    parts.append(text)
    return parts[0], parts[1:]


def _files(
    row: Incoming, letter: Letter, at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """(ids, digests, sentences): each attachment a draft, by the checks of every upload."""
    ids, digests, sentences = [], [], []
    for file in letter.files:
        try:
            kept = keep_upload(
                io.BytesIO(file.content), draft_key=_draft_key(row), actor=ACTOR.key, at=at
            )
            ids.append(str(kept.pk))
            digests.append(hashlib.sha256(file.content).hexdigest())
        except Invalid as wrong:
            sentences.append(f"{file.name}: {wrong.sentence}")
    sentences += [_("%(name)s: not taken; photos and PDF documents are, ten at most.") % {"name": name} for name in letter.left_out]  # fmt: skip
    if row.is_cut:
        sentences.append(_("The mail was too large, so what was attached could not be taken."))
    return tuple(ids), tuple(digests), sentences


def _missing(wrong: Invalid) -> list[str]:
    lead = _("What you sent could not be filed yet. Please write to us once more:")
    web = _("Or file it here: %(link)s") % {"link": f"{settings.PUBLIC_URL}/petitions/new"}
    return [lead, *dict.fromkeys(wrong.fields.values()), web]


def _answer(row: Incoming, letter: Letter, number: str, lines: list[str], at: datetime) -> None:
    """One answer to one mail; none beyond what a person would write in a day."""
    address, peer = mail_address(), bytes(row.peer)
    if not letter.answer_to or not address or answers_today(peer, at) >= MOST_ANSWERS:
        return
    key = f"answer.{row.pk.hex}"
    content = {
        "to": letter.answer_to,
        "subject": _subject(letter, number),
        "text": _letter(letter, lines),
        "id": message_id(address, number, key, keyed),
        "in_reply_to": letter.id,
        "references": " ".join((*reversed(letter.references[:10]), letter.id)).strip(),
        "reply_to": reply_address(address, number, keyed) if number else address,
    }
    put_out(MAIL, key, content, peer=peer, at=at)


def _subject(letter: Letter, number: str) -> str:
    if number:
        return _("Received: report %(number)s") % {"number": phrases.pairs(number)}
    return f"Re: {letter.subject}"[:200] if letter.subject else _("Your mail to the city")


def _letter(letter: Letter, lines: list[str]) -> str:
    greeting = _("Dear %(name)s,") % {"name": letter.name} if letter.name else _("Dear resident,")
    foot = _("This answer was written by the city's system the moment your mail came.")
    return "\n\n".join([greeting, "\n".join(lines), foot])


def _email(address: str) -> str:
    try:
        return clean_email(address)
    except ValueError:
        return ""


def _draft_key(row: Incoming) -> str:
    return f"door:{row.pk}"

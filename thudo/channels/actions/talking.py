"""A message by Zalo or telephone goes on with its conversation, which ends in a petition."""

import hashlib
import io
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, Refused
from thudo.base.sealing import seal, unseal
from thudo.channels.actions.outgoing import put_out
from thudo.channels.models import Conversation, Incoming
from thudo.channels.queries import wording
from thudo.channels.queries.places import spot_at, spot_in
from thudo.channels.queries.settings import keywords
from thudo.channels.queries.waiting import answers_today
from thudo.channels.rules import CHANNEL_OF, MOST_ANSWERS, SMS
from thudo.channels.rules import talk as rules
from thudo.channels.rules.talk import Heard, Move, Spot, Talk, hear, talk_of
from thudo.files.actions import keep_upload
from thudo.petitions.actions import file_petition, supplement_petition
from thudo.petitions.models import Petition
from thudo.petitions.queries.screening import read_filing
from thudo.petitions.rules import Contact, Filing

# How long an unfinished conversation waits for its next word before it is filed as it is, and how
# long what is said after the filing counts as added to it.
PATIENCE = timedelta(minutes=30)
_log = logging.getLogger(__name__)
_ANSWERS_OF_A_CONVERSATION = MOST_ANSWERS * 3


def take_message(
    row: Incoming, said: dict[str, Any], fetched: Mapping[str, bytes], *, at: datetime
) -> tuple[str, str]:
    """(state, number). `said`: sender, text, images, longitude, latitude."""
    with translation.override(settings.LANGUAGE_CODE):
        peer = _Peer(row.door, str(said["sender"]), bytes(row.peer))
        kept = Conversation.objects.select_for_update().filter(door=row.door, peer=row.peer).first()
        talk = _opened(kept) if kept and kept.expires_at > at else Talk()
        if kept and kept.expires_at <= at and kept.is_open:
            _finish(_opened(kept), peer, at)
        heard = _heard(row, said, fetched, at)
        talk, move = hear(talk, heard, keywords(), locate=spot_in, is_danger=_is_danger)
        talk, lines, number = _do(talk, move, peer, at)
        _keep(talk, peer, at)
        _say(peer, row.pk.hex, [*lines, *heard.sentences], at)
        return "taken", number


def end_conversation(pk: int, *, at: datetime) -> None:
    """Nobody went on: what was said is filed as it stands, and the desk finds its place.

    One that fails is put off, so that it keeps nobody waiting behind it.
    """
    try:
        with transaction.atomic():
            _end(pk, at)
    except Exception:
        _log.exception("a conversation could not be ended; it is kept")
        Conversation.objects.filter(pk=pk).update(expires_at=at + PATIENCE)


def _end(pk: int, at: datetime) -> None:
    row = (
        Conversation.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, expires_at__lte=at)
        .first()
    )
    if row is None:
        return
    if row.is_open:
        with translation.override(settings.LANGUAGE_CODE):
            talk = _opened(row)
            stored = json.loads(unseal(row.key_id, bytes(row.sealed), about=bytes(row.peer)))
            _finish(talk, _Peer(row.door, stored["sender"], bytes(row.peer)), at)
    row.delete()


class _Peer:
    """Who is at the other end of one door."""

    def __init__(self, door: str, address: str, peer: bytes) -> None:
        self.door, self.address, self.peer = door, address, peer
        self.draft_key = f"door:{peer.hex()}"
        self.actor = Actor(f"door:{door}", scopes=frozenset({"petitions:file"}))


def _heard(
    row: Incoming, said: dict[str, Any], fetched: Mapping[str, bytes], at: datetime
) -> Heard:
    spot, text = Spot(), str(said.get("text", ""))
    if said.get("longitude") is not None and said.get("latitude") is not None:
        # With a point, the text is the name of the place.
        spot, text = spot_at(said["longitude"], said["latitude"], text), ""
    peer = _Peer(row.door, str(said["sender"]), bytes(row.peer))
    ids, sentences = [], []
    for url in said.get("images", ()):
        try:
            content = io.BytesIO(fetched.get(url, b""))
            kept = keep_upload(content, draft_key=peer.draft_key, actor=peer.actor.key, at=at)
            ids.append(str(kept.pk))
        except Invalid as wrong:
            sentences.append(_("A photo could not be taken: %(why)s") % {"why": wrong.sentence})
    return Heard(text, spot, tuple(ids), tuple(sentences))


def _do(talk: Talk, move: Move, peer: _Peer, at: datetime) -> tuple[Talk, list[str], str]:
    """(the talk afterwards, what to say, the petition's number)"""
    if move.kind == rules.TELL:
        return talk, wording.state_lines(move.number, at), ""
    if move.kind == rules.FILE:
        return _file(talk, peer, at)
    if move.kind == rules.ADD:
        return _add(talk, move, peer, at)
    return talk, [_asks()[move.kind]], ""


def _asks() -> dict[str, str]:
    return {
        rules.GREET: _("This is the city's line for reports. Please say what happened and where."),
        rules.ASK_TEXT: _("Please say in a sentence what the matter is."),
        rules.ASK_PLACE: _("Where is it? Please send the house number and street, a known place, or your position. If you do not know, answer NO."),
        rules.FORGET: _("What you wrote was forgotten. You can begin anew at any time."),
    }  # fmt: skip


def _file(talk: Talk, peer: _Peer, at: datetime) -> tuple[Talk, list[str], str]:
    try:
        receipt = file_petition(_filing(talk, peer), actor=peer.actor, at=at)
    except Invalid as wrong:
        web = _("Or file it here: %(link)s") % {"link": f"{settings.PUBLIC_URL}/petitions/new"}
        return Talk(), [*dict.fromkeys(wrong.fields.values()), web], ""
    is_placed = talk.spot.is_known
    lines = wording.receipt_lines(receipt, at, is_placed=is_placed, is_short=True)
    if receipt.handling != "case":
        return Talk(), [*lines, wording.link_of(receipt)], receipt.number
    lines.append(wording.link_of(receipt))
    return Talk(number=receipt.number), lines, receipt.number


def _filing(talk: Talk, peer: _Peer) -> Filing:
    spot = talk.spot
    phone = peer.address if peer.door == SMS else ""
    return Filing(
        text=talk.text, longitude=spot.longitude, latitude=spot.latitude, area=spot.area,
        place=spot.words, files=talk.files, file_digests=tuple(_digest(one) for one in talk.files),
        draft_key=peer.draft_key, contact=Contact(phone=phone), is_public=False,
        channel=CHANNEL_OF[peer.door],
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _add(talk: Talk, move: Move, peer: _Peer, at: datetime) -> tuple[Talk, list[str], str]:
    petition = Petition.objects.get(number=talk.number)
    actor = Actor(peer.actor.key, opened=frozenset({talk.number}), scopes=peer.actor.scopes)
    try:
        supplement_petition(
            petition, text=move.text, files=move.files, draft_key=peer.draft_key, actor=actor, at=at
        )
    except Refused as wrong:
        return talk, [str(wrong.sentence)], talk.number
    return talk, [wording.added_line(talk.number)], talk.number


def _finish(talk: Talk, peer: _Peer, at: datetime) -> None:
    """File what was left unfinished; its sender is told."""
    if not talk.text or talk.number:
        return
    _talk, lines, _number = _file(talk, peer, at)
    _say(peer, f"end.{_digest(f'{peer.peer.hex()}{at.isoformat()}')[:32]}", lines, at)


def _is_danger(text: str) -> bool:
    return read_filing(Filing(text=text)).danger


def _opened(row: Conversation) -> Talk:
    stored = json.loads(unseal(row.key_id, bytes(row.sealed), about=bytes(row.peer)))
    return talk_of(stored["talk"])


def _keep(talk: Talk, peer: _Peer, at: datetime) -> None:
    plain = json.dumps({"sender": peer.address, "talk": talk.as_json()}).encode()
    key_id, sealed = seal(plain, about=peer.peer)
    Conversation.objects.update_or_create(
        door=peer.door, peer=peer.peer,
        defaults={
            "key_id": key_id, "sealed": sealed, "expires_at": at + PATIENCE,
            "is_open": bool(talk.text) and not talk.number,
        },
    )  # fmt: skip


def _say(peer: _Peer, key: str, lines: list[str], at: datetime) -> None:
    if answers_today(peer.peer, at) >= _ANSWERS_OF_A_CONVERSATION:
        return
    text = wording.joined(lines)
    text = wording.unaccented(text) if peer.door == SMS else text
    content = {"to": peer.address, "text": text}
    put_out(peer.door, f"answer.{key}", content, thread=peer.peer.hex(), peer=peer.peer, at=at)

"""The stations of the promise line: what the journal says was done, then what is promised."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from thudo.cases.models import Answer, Case, Note
from thudo.directory.queries import post_title, unit_name
from thudo.journal.queries import entries_about
from thudo.journal.rules import JournalEntry
from thudo.petitions.queries.tracking.photos import Photo


@dataclass(slots=True)
class Station:
    """One stop, as components/_promise_line.html reads it. `state`: done, now, future, late."""

    state: str
    label: str
    at: datetime | None = None
    form: str = "instant"
    note: str = ""
    photos: list[Photo] = field(default_factory=list)
    new: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """The words that lie outside the journal, by their id; private ones only for the sender."""

    notes: dict[str, Note]
    answers: dict[str, Answer]
    photos: list[Photo]
    is_personal: bool


def beside(case: Case, photos: list[Photo], *, is_personal: bool) -> Beside:
    """All words on a case that this reader may see."""
    notes = {str(n.pk): n for n in Note.objects.filter(case=case) if is_personal or n.is_public}
    answers = Answer.objects.filter(case=case).exclude(published_at=None)
    return Beside(notes, {str(a.pk): a for a in answers}, photos, is_personal)


def past_stations(case: Case, words: Beside) -> list[Station]:
    """What was done, oldest first, in words for residents."""
    stations: list[Station] = []
    for entry in entries_about("case", str(case.pk)):
        tell = _TOLD.get(entry.action)
        station = tell(entry, words) if tell else None
        if station:
            station.at = station.at or entry.at
            stations.append(station)
    return stations


def _note(entry: JournalEntry, words: Beside) -> str:
    note = words.notes.get(entry.data.get("note", ""))
    return note.text if note else ""


def _opened(entry: JournalEntry, words: Beside) -> Station:
    own = [photo for photo in words.photos if photo.purpose == "matter" and photo.is_image]
    label = _("The city received it")
    return Station("done", label, note=_with(entry.data["unit"]), photos=own)


def _with(unit: str) -> str:
    return _("Passed to %(unit)s at once.") % {"unit": unit_name(unit)}


def _triaged(entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("The right unit was named"), note=unit_name(entry.data["unit"]))


def _acknowledged(entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("The person on duty has it"), note=unit_name(entry.data["unit"]))


def _accepted(entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("%(unit)s took it in") % {"unit": unit_name(entry.data["unit"])})


def _begun(_entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("Work began"))


def _progress(entry: JournalEntry, words: Beside) -> Station:
    return Station("done", _("Progress"), note=_note(entry, words))


def _asked(entry: JournalEntry, words: Beside) -> Station:
    text = _note(entry, words) if words.is_personal else ""
    return Station("done", _("The unit asked for more information"), note=text)


def _supplemented(entry: JournalEntry, words: Beside) -> Station:
    text = _note(entry, words) if words.is_personal else ""
    return Station("done", _("The sender answered"), note=text)


def _lapsed(_entry: JournalEntry, _words: Beside) -> Station:
    note = _("The unit goes on with what it has.")
    return Station("done", _("The time to answer the question is over"), note=note)


def _transferred(entry: JournalEntry, words: Beside) -> Station:
    label = _("Passed to %(unit)s") % {"unit": unit_name(entry.data["unit"])}
    return Station("done", label, note=_note(entry, words))


def _extended(entry: JournalEntry, words: Beside) -> Station:
    note = words.notes.get(entry.data.get("note", ""))
    label = _("A new promise was given")
    return Station("done", label, note=note.text if note else "")


def _claimed(entry: JournalEntry, words: Beside) -> Station | None:
    if entry.data["state"] == "awaiting_check":
        return Station("done", _("The unit handed in its result"))
    return _published(entry, words)


def _published(entry: JournalEntry, words: Beside) -> Station:
    answer = words.answers.get(entry.data.get("answer", ""))
    label = {
        "resolved": _("Resolved"),
        "answered": _("Answered, not yet resolved"),
        "refused": _("Not taken"),
    }.get(entry.data["state"], _("The result was published"))
    photos = [p for p in words.photos if p.purpose == "after" and p.is_image]
    return Station("done", label, note=answer.text if answer else "", photos=photos)


def _sent_back(_entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("The check asked the unit to complete its result"))


def _recheck(entry: JournalEntry, _words: Beside) -> Station:
    name = unit_name(entry.data["unit"])
    return Station("done", _("%(unit)s looks at the result again") % {"unit": name})


def _upheld(_entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("The re-check is finished; its finding is being read"))


def _redo(entry: JournalEntry, words: Beside) -> Station:
    label = _("The work is to be done again")
    return Station("done", label, note=_note(entry, words))


def _merged(_entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("Goes on together with others about the same matter"))


def _withdrawn(_entry: JournalEntry, _words: Beside) -> Station:
    return Station("done", _("The sender took it back"))


def _late(entry: JournalEntry, _words: Beside) -> Station:
    post = post_title(entry.data.get("to", ""))
    note = _("Reported to: %(post)s.") % {"post": post} if post else ""
    label = {
        "intake": _("Not taken in by the promised time"),
        "triage": _("Not taken in by the promised time"),
        "acknowledge": _("Not acknowledged in time by the person on duty"),
        "check": _("The check took longer than it may"),
    }.get(entry.data.get("clock", ""), _("The promise passed without a result"))
    return Station("late", label, note=note)


_TOLD: dict[str, Callable[[JournalEntry, Beside], Station | None]] = {
    "case.opened": _opened,
    "case.triaged": _triaged,
    "case.acknowledged": _acknowledged,
    "case.accepted": _accepted,
    "case.begun": _begun,
    "case.progress_noted": _progress,
    "case.supplement_asked": _asked,
    "case.supplemented": _supplemented,
    "case.supplement_lapsed": _lapsed,
    "case.transferred": _transferred,
    "case.arbitrated": _transferred,
    "case.deadline_extended": _extended,
    "case.answered": _claimed,
    "case.refusal_proposed": _claimed,
    "case.answer_approved": _published,
    "case.answer_sent_back": _sent_back,
    "case.recheck_opened": _recheck,
    "case.result_upheld": _upheld,
    "case.redo_ordered": _redo,
    "case.merged": _merged,
    "case.withdrawn": _withdrawn,
    "case.escalated": _late,
}


def with_supplements(stations: list[Station], photos: Iterable[Photo]) -> None:
    """Photos added later hang on a station of their own, in their place on the line."""
    added = [photo for photo in photos if photo.purpose == "supplement"]
    if added:
        station = Station("done", _("The sender added photos"), at=added[-1].at, photos=added)
        later = (i for i, s in enumerate(stations) if s.at and added[-1].at < s.at)
        stations.insert(next(later, len(stations)), station)


def with_replies(stations: list[Station], words: Beside) -> None:
    """What the sender added without being asked; he alone reads it again here."""
    if words.is_personal:
        told = {station.note for station in stations}
        replies = (note for note in words.notes.values() if note.kind == "reply")
        stations += [
            Station("done", _("You added"), at=one.at, note=one.text)
            for one in replies
            if one.text not in told
        ]


def judged(value: str, at: datetime) -> Station:
    """The station of a verdict."""
    label = _("The sender's verdict: %(verdict)s") % {"verdict": verdict_word(value)}
    return Station("done", label, at=at)


def verdict_word(value: str) -> str:
    """ "satisfied" and its like in the reader's language."""
    return {
        "satisfied": _("Satisfied"),
        "acceptable": _("Acceptable"),
        "not_satisfied": _("Not satisfied"),
    }.get(value, value)

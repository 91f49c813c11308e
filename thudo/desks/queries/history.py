"""The journal of one case as staff read it: what happened, who did it, the words beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from thudo.accounts.models import User
from thudo.base.phrases import instant
from thudo.cases.models import Answer, Case, Note
from thudo.desks.queries.clocks import clock_words
from thudo.directory.queries import post_title, unit_name
from thudo.journal.queries import entries_about, sentence
from thudo.journal.rules import JournalEntry


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history; `text` is what was written, `detail` what changed."""

    action: str
    version: int
    words: str
    at: datetime
    who: str
    detail: str
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """Events, newest first, and the names of the staff who took part."""

    events: list[Event]
    names: dict[str, str]

    def name_of(self, actor: str) -> str:
        """The name behind an actor's key; "" when nobody of the staff."""
        return self.names.get(actor, "")


def history_of(case: Case) -> History:
    """All entries about a case with their words. Petitioners stay nameless here."""
    entries = entries_about("case", str(case.pk))
    names = _names({case.handler, *(entry.actor for entry in entries)})
    words = _words(case)
    events = [_event(entry, names, words) for entry in reversed(entries)]
    return History(events, names)


def _event(entry: JournalEntry, names: dict[str, str], words: dict[str, str]) -> Event:
    key = str(entry.data.get("note") or entry.data.get("answer") or "")
    return Event(
        entry.action,
        entry.subject.version,
        sentence(entry.action),
        entry.at,
        _who(entry.actor, names),
        _detail(entry.action, entry.data, entry.at),
        words.get(key, ""),
    )


def _who(actor: str, names: dict[str, str]) -> str:
    if actor in names:
        return names[actor]
    kind = actor.partition(":")[0]
    return {
        "clock": _("The clock"),
        "resident": _("The petitioner"),
        "key": _("Another system"),
    }.get(kind, "")


def _names(actors: set[str]) -> dict[str, str]:
    ids = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    rows = User.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {f"user:{pk}": name for pk, name in rows.values_list("pk", "display_name")}


def _words(case: Case) -> dict[str, str]:
    notes = Note.objects.filter(case=case).values_list("pk", "text")
    answers = Answer.objects.filter(case=case).values_list("pk", "text")
    return {str(pk): text for pk, text in [*notes, *answers]}


def _detail(action: str, data: dict[str, Any], at: datetime) -> str:
    if action in {"case.transferred", "case.arbitrated"}:
        return f"{unit_name(data['from'])} → {unit_name(data['unit'])}"
    if action == "case.promised":
        return instant(datetime.fromisoformat(data["due_at"]), at)
    if action == "case.escalated":
        return f"{clock_words(data['clock'])} → {post_title(data['to'])}"
    if action == "case.assigned":
        return post_title(data["changed"]["post"])
    if action in {"case.opened", "case.triaged"}:
        return unit_name(data["unit"])
    return ""

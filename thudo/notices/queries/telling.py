"""What a message says: short, courteous, in its reader's language, nothing that is not public.

Composed when it is sent, from what may be seen then: a petition taken out of sight meanwhile says
nothing of itself any more.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override

from thudo.base import phrases
from thudo.cases.models import Case
from thudo.directory.queries import directory, say, unit_name
from thudo.notices.models import Message, Notice
from thudo.notices.queries import topics as named
from thudo.notices.queries.announcing import announced
from thudo.notices.queries.keys import stop_token
from thudo.notices.rules import news, topics
from thudo.petitions.models import Petition
from thudo.petitions.queries.public import is_shown
from thudo.petitions.queries.reading import public_petitions

Facts = dict[str, Any]
# A screen shows some three lines; the page has it all.
_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One message in words. `key` names it for ever, `tag` its topic on the reader's device; `url`
    is a path; `stop` the path that ends the follow."""

    key: str
    title: str
    body: str
    url: str
    tag: str
    stop: str
    stop_label: str
    language: str
    is_pressing: bool

    def payload(self) -> bytes:
        """As the service worker reads it."""
        words = {
            "id": self.key, "title": self.title, "body": self.body, "url": self.url,
            "tag": self.tag, "stop": self.stop, "stopLabel": self.stop_label,
            "lang": self.language,
        }  # fmt: skip
        return json.dumps(words, ensure_ascii=False).encode()


def told(message: Message, *, at: datetime) -> Told | None:
    """The message in its reader's language; None when nothing of it may be said any more."""
    notices = sorted(message.notices.all(), key=lambda one: one.position)
    topic = message.follow.topic
    with override(message.recipient.language):
        is_own = topics.kind_of(topic) == topics.PETITION
        title, body = _own(topic, notices, at) if is_own else _place(topic, notices, at)
        if not body:
            return None
        name = topics.name_of(topic)
        return Told(
            key=str(message.pk),
            title=_("Illustration: %(title)s") % {"title": title} if settings.DEMO else title,
            body=body,
            url=f"/petitions/{name}" if is_own else "/places/mine",
            tag=topic,
            stop=f"/notices/stops/{stop_token(message.follow_id)}",
            stop_label=_("Stop these notices"),
            language=message.recipient.language,
            is_pressing=any(
                one.kind in news.PRESSING and (is_own or one.kind == news.WARNED) for one in notices
            ),
        )


def _own(topic: str, notices: list[Notice], at: datetime) -> tuple[str, str]:
    number = topics.name_of(topic)
    petition = Petition.objects.filter(number=number).first()
    if petition is None or not notices:
        return "", ""
    title = _("Report %(number)s") % {"number": phrases.pairs(number)}
    if not is_shown(petition):
        # On a locked screen others read along.
        return title, _("There is an update.")
    sentences = dict.fromkeys(_sentence(notice, at) for notice in notices[-_MOST_SENTENCES:])
    return title, " ".join(sentences)


def _place(topic: str, notices: list[Notice], at: datetime) -> tuple[str, str]:
    """What is new at a place, that which is still in sight, in a few sentences."""
    place = named.words(topic)
    parts = [*announced(notices, at), *_petitions(notices)]
    return place[:1].upper() + place[1:], " ".join(part for part in parts if part)


def _petitions(notices: list[Notice]) -> list[str]:
    own = [one for one in notices if "petition" in one.facts]
    if not own:
        return []
    numbers = {one.facts["petition"] for one in own}
    seen = set(public_petitions().filter(number__in=numbers).values_list("number", flat=True))
    kept = [one for one in own if one.facts["petition"] in seen]
    return [
        _filed([one for one in kept if one.kind == news.FILED]),
        _answered([one for one in kept if one.kind == news.ANSWERED]),
    ]


def _filed(notices: list[Notice]) -> str:
    if not notices:
        return ""
    if len(notices) == 1 and (service := _service(notices[0].facts)):
        return _("New report: %(service)s.") % {"service": service}
    n = len(notices)
    return ngettext("%(n)s new report.", "%(n)s new reports.", n) % {"n": n}


def _answered(notices: list[Notice]) -> str:
    if not notices:
        return ""
    if len(notices) == 1 and (service := _service(notices[0].facts)):
        return _("A result was published: %(service)s.") % {"service": service}
    n = len(notices)
    return ngettext("%(n)s result published.", "%(n)s results published.", n) % {"n": n}


def _service(facts: Facts) -> str:
    service = directory().services.get(facts.get("service", ""))
    return say(service.name) if service else ""


# kind -> sentence: `unit` and `promise` are filled in.
_SENTENCES = {
    "acknowledged": gettext_noop("The person on duty at %(unit)s has it."),
    "taken_in": gettext_noop("%(unit)s has taken it in. Result promised %(promise)s."),
    "passed_on": gettext_noop("It was passed to %(unit)s. There is no need to send it again."),
    "progress": gettext_noop("%(unit)s has reported progress."),
    "asked": gettext_noop("%(unit)s asks for more information."),
    "extended": gettext_noop("%(unit)s needs more time. New promise: %(promise)s."),
    "rechecking": gettext_noop("%(unit)s looks at the result again."),
    "redo": gettext_noop("After the re-check the work is to be done again."),
    "merged": gettext_noop("It goes on together with others about the same matter."),
    "withdrawn": gettext_noop("The sender has taken it back."),
    "late": gettext_noop("%(unit)s has not kept the promised time. The next level has been told."),
}
# The same for a published result, by the state of the case.
_RESULTS = {
    "resolved": gettext_noop("It is done. Please see the result and say if you are satisfied."),
    "answered": gettext_noop("There is an answer; it is not yet recorded as resolved."),
    "refused": gettext_noop("It cannot be taken here. Please see why, and where it belongs."),
}


def _sentence(notice: Notice, at: datetime) -> str:
    facts: Facts = notice.facts
    form = _SENTENCES.get(notice.kind) or _RESULTS[facts["state"]]
    promise = _promise(facts, at) if "%(promise)s" in form else ""
    return _(form) % {"unit": unit_name(facts.get("unit", "")), "promise": promise}


def _promise(facts: Facts, at: datetime) -> str:
    """The promise as it stands now: the step's own entry was written before it was made."""
    case = Case.objects.filter(pk=facts["case"]).first()
    return phrases.promise(case.promised_at, at) if case else ""

"""What the text says: kind of matter, urgency, whether the channel may take it."""

from dataclasses import dataclass
from typing import Any

from thudo.cases.rules import URGENT
from thudo.directory.queries import Service, directory
from thudo.petitions.queries.organisations import refused_service
from thudo.petitions.rules import Filing
from thudo.routing.queries import Classification, classify

# Of fewer words nobody is told that they look like an advertisement or an insult: the desk reads them.
WORDS_TO_JUDGE = 4
# A petition whose service nobody has named yet; the intake desk will.
UNDECIDED = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A filing as understood. `handling`: "case", "thanked", "answered", "refused".

    `service_by`: "person", "proposed" or "desk"; `private`: the kind of matter is never public.
    """

    service: str
    service_by: str
    stream: str
    urgency: str
    danger: bool
    handling: str
    kind_not_taken: str
    private: bool
    model: str
    classification: Classification

    def as_json(self) -> dict[str, Any]:
        """What is kept beside the petition, so that "why this?" has an answer."""
        c = self.classification
        return {
            "model": c.model_version,
            "confidence": round(c.confidence, 4),
            "proposed": c.service,
            "alternatives": [[code, round(p, 4)] for code, p in c.alternatives],
            "words": [[word, round(weight, 3)] for word, weight in c.words],
            "urgency": self.urgency,
            "urgency_words": list(c.urgency_words),
            "danger": self.danger,
            "kind_not_taken": c.kind_not_taken,
        }


def read_filing(filing: Filing) -> Reading:
    """Understand a filing; a service chosen by the person stands, danger is heard either way."""
    found = classify(filing.text)
    city = directory()
    # Of a matter that this channel does not take nothing is proposed: any service is a choice,
    # and who insists that it was misread is read by the desk.
    proposed = UNDECIDED if found.kind_not_taken else (found.service or UNDECIDED)
    proposed = proposed if proposed in city.services else UNDECIDED
    by = _by(filing.service, proposed)
    kind = _not_taken(filing, found, is_chosen=by == "person")
    service = kind or filing.service or proposed
    row = city.services.get(service)
    urgency = _urgency(found.urgency, row, filing)
    return Reading(
        service=service,
        service_by=by,
        stream=row.stream if row else city.city["filing"]["default_stream"],
        urgency=urgency,
        # What is urgent may be dangerous: three numbers shown in vain cost nobody anything.
        danger=found.danger or urgency == URGENT,
        handling=_HANDLINGS[city.streams[row.stream].handling] if kind and row else "case",
        kind_not_taken=kind,
        private=bool(row and row.is_private_by_default),
        model=found.model_version,
        classification=found,
    )


_HANDLINGS = {"case": "case", "thank": "thanked", "answer": "answered", "refuse": "refused"}


def _not_taken(filing: Filing, found: Classification, *, is_chosen: bool) -> str:
    """The kind of matter that this channel does not handle as a case; "" for one that it does.

    Who names a service himself is not thanked or told the hours instead; only the law's own
    procedures (and what is no matter at all) stand against his choice.
    """
    city = directory()
    if filing.organisation and (refused := refused_service(filing.organisation.request)):
        return "" if filing.insists else refused
    kind = city.services.get(found.kind_not_taken or "")
    if kind is None or filing.insists or len(filing.text.split()) < WORDS_TO_JUDGE:
        return ""
    if is_chosen and city.streams[kind.stream].handling in {"thank", "answer"}:
        return ""
    return kind.code


def _urgency(heard: str, service: Service | None, filing: Filing) -> str:
    """What the words say, raised by an answer that the pack calls urgent (water over the knee)."""
    for question in service.questions if service else ():
        for option in question.get("options", ()):
            chosen = filing.answers.get(question["code"]) == option["code"]
            if chosen and option.get("severity") == URGENT:
                return URGENT
    return heard


def _by(chosen: str, proposed: str) -> str:
    """Who named the service: a proposal that the person left standing is still a proposal."""
    if chosen and chosen != proposed:
        return "person"
    return "proposed" if proposed else "desk"

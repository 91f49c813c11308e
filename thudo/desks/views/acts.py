"""What can be done on the page of a case: one line per deed, in the order of the bar."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thudo.cases.lifecycle import BEFORE_INTAKE
from thudo.desks.forms import cases as forms_of
from thudo.desks.queries.owners import likely_units

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Act:
    """A deed as a page offers it. `noun` is its address under the case; without `form` it is one
    press of a button. `key`: Alt and this letter by event.code."""

    noun: str
    deed: str
    name: Words
    button: Words
    icon: str
    key: str
    form: type[forms.Form] = forms_of.SeenForm
    has_words: bool = True

    @property
    def template(self) -> str:
        return f"desks/acts/_{self.noun}.html"


ACTS: dict[str, Act] = {
    act.noun: act
    for act in (
        Act("acknowledgements", "acknowledge_case", _("Acknowledge"), _("Seen, acting now"),
            "siren", "KeyX", has_words=False),
        Act("acceptances", "accept_case", _("Take in"), _("Take in"), "check", "KeyN",
            has_words=False),
        Act("beginnings", "begin_case", _("Begin"), _("Begin work"), "construction", "KeyB",
            has_words=False),
        Act("answers", "answer_case", _("Answer"), _("Send to the check"), "send", "KeyL",
            forms_of.AnswerForm),
        Act("notes", "note_progress", _("Progress"), _("Report progress"), "pencil", "KeyG",
            forms_of.NoteForm),
        Act("conclusions", "order_redo", _("Conclude the re-check"), _("Conclude"), "scale", "KeyK",
            forms_of.ConclusionForm),
        Act("arbitrations", "arbitrate_case", _("Settle the owner"), _("Settle"), "scale", "KeyP",
            forms_of.ArbitrationForm),
        Act("transfers", "transfer_case", _("Transfer"), _("Transfer"), "route", "KeyC",
            forms_of.TransferForm),
        Act("questions", "ask_petitioner", _("Ask"), _("Send the question"),
            "message-square", "KeyH", forms_of.QuestionForm),
        Act("assignments", "assign_case", _("Assign"), _("Assign"), "users", "KeyS",
            forms_of.AssignmentForm),
        Act("extensions", "extend_deadline", _("Extend"), _("Extend"), "calendar", "KeyE",
            forms_of.ExtensionForm),
        Act("refusals", "refuse_case", _("Not to be taken"), _("Propose not to take it"), "ban",
            "KeyT", forms_of.RefusalForm),
    )
}  # fmt: skip
# What the box at the bottom of a wide page holds when nobody has chosen.
USUAL = ("conclusions", "arbitrations", "answers")


def acts_for(steps: list[str], state: str) -> list[Act]:
    """The acts of the bar that these open steps allow, in the words of the case's state."""
    return [worded(act, state) for act in ACTS.values() if act.deed in steps]


def worded(act: Act, state: str) -> Act:
    """What was taken in can still turn out to be no ground (a pack's grounds of refusal are known
    only after it was looked at or asked about), but it is not "not taken in" then."""
    if act.noun != "refusals" or state in BEFORE_INTAKE:
        return act
    return replace(act, name=_("End without handling"), button=_("Propose to end it unhandled"))


def usual_act(steps: list[str]) -> Act | None:
    """The act that is open at the bottom of the page unless another was chosen."""
    return next((ACTS[noun] for noun in USUAL if ACTS[noun].deed in steps), None)


def fields_of(act: Act, case: Any, posts: list[tuple[str, str]], at: datetime) -> dict[str, Any]:
    """What the form of an act needs to know of its case."""
    if act.noun in {"transfers", "arbitrations"}:
        return {"likely": likely_units(case, at), "holder": case.unit}
    if act.noun == "assignments":
        return {"posts": posts}
    return {}

"""What staff type on a case. Each form carries the version that its page showed (`seen`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.directory.queries import directory, say

# Units to offer first: (code, its name and what it answers for).
Likely = Sequence[tuple[str, str]]
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SeenForm(forms.Form):
    """A deed without words: only the version seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NoteForm(SeenForm):
    """Progress: what was done, what comes next and when."""

    text = forms.CharField(
        label=gettext_lazy("What was done"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=gettext_lazy("The petitioner reads it at once."),
    )
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=300, required=False)
    next_on = forms.DateField(label=gettext_lazy("Expected on"), widget=_DAY, required=False)


class QuestionForm(SeenForm):
    """A question to the petitioner."""

    text = forms.CharField(
        label=gettext_lazy("Question to the petitioner"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy(
            "The clock is paused until the answer, at the longest for its term."
        ),
    )


class TransferForm(SeenForm):
    """Which unit answers for it, and why."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit that answers for it"))
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    text = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, likely: Likely = (), holder: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "unit", grouped_units(likely, holder))
        choices(
            self,
            "ground",
            [
                ("authority", _("Another unit answers for this kind of matter")),
                ("place", _("The place lies in another unit's area")),
                ("asset", _("The road, drain, lamp or tree is another unit's")),
            ],
        )


class ArbitrationForm(SeenForm):
    """The arbiter's word on who is accountable."""

    unit = forms.ChoiceField(label=gettext_lazy("Accountable unit"))
    text = forms.CharField(
        label=gettext_lazy("Grounds of the decision"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, likely: Likely = (), holder: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "unit", grouped_units(likely, holder))


class ExtensionForm(SeenForm):
    """A later promise with its reason."""

    due_on = forms.DateField(label=gettext_lazy("New date"), widget=_DAY)
    text = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("The petitioner reads it. The earlier promise stays on record."),
    )


class AssignmentForm(SeenForm):
    """Who in the unit handles it."""

    post = forms.ChoiceField(label=gettext_lazy("Handler"))

    def __init__(self, *args: Any, posts: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "post", posts)


class ConclusionForm(SeenForm):
    """What a re-check found."""

    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"),
        choices=[
            ("redo", gettext_lazy("The petitioner is right: the unit does it again")),
            ("uphold", gettext_lazy("The result stands")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Grounds"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


class RefusalForm(SeenForm):
    """A proposal not to take the case."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    text = forms.CharField(
        label=gettext_lazy("Explanation to the petitioner"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=gettext_lazy("The checking desk reads it before it goes out."),
    )
    right_office = forms.CharField(
        label=gettext_lazy("The right office, with its address"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = directory().city["refusal_grounds"]
        choices(self, "ground", [(row["code"], say(row["label"])) for row in grounds])


class AnswerForm(SeenForm):
    """The result: resolved with proof, or answered with what remains, the next step and its date."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            ("resolved", gettext_lazy("Resolved, with proof")),
            ("answered", gettext_lazy("Answered, not resolved yet")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is resolved.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Answer to the petitioner"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )
    remaining = forms.CharField(
        label=gettext_lazy("What remains, and why"), max_length=600, required=False
    )
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=300, required=False)
    next_on = forms.DateField(label=gettext_lazy("Expected on"), widget=_DAY, required=False)


class ApprovalForm(SeenForm):
    """The checking desk lets a result go out."""

    note = forms.CharField(label=gettext_lazy("Note for the unit"), max_length=1000, required=False)
    with_photos = forms.BooleanField(
        label=gettext_lazy("Show the petitioner's photos too: no face, plate or home in them"),
        required=False,
    )


class ReturnForm(SeenForm):
    """The checking desk sends a claim back."""

    note = forms.CharField(
        label=gettext_lazy("What is missing"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say what is missing.")},
    )


def choices(
    form: forms.Form, name: str, found: Iterable[tuple[str, Any]], *, empty: str = ""
) -> None:
    """Fill a choice field of one form with what the city has today; `empty` names the first."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", empty or _("Choose")), *found]


def unit_choices() -> list[tuple[str, str]]:
    """Every unit that can hold a case today, in the order of names."""
    today = date.max
    rows = directory().units.values()
    return [(row.code, say(row.name)) for row in rows if (row.valid_to or today) == today]


def grouped_units(likely: Likely, holder: str) -> list[tuple[str, Any]]:
    """All units but the holder, those that answer for something at the case's place first."""
    first = {holder, *(code for code, _name in likely)}
    rest = [(code, name) for code, name in unit_choices() if code not in first]
    if not likely:
        return list(rest)
    return [(_("They answer for something at this place"), list(likely)), (_("All units"), rest)]

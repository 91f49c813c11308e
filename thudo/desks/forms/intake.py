"""What the intake desk types: kind of matter and urgency, merges, splits, filings for a caller."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.cases.rules import COMPLEX, NORMAL, URGENT
from thudo.desks.forms.cases import SeenForm, choices, unit_choices
from thudo.directory.queries import directory, say

URGENCY_WORDS = (
    (NORMAL, gettext_lazy("Normal")),
    (URGENT, gettext_lazy("Urgent")),
    (COMPLEX, gettext_lazy("Complex")),
)


class TriageForm(SeenForm):
    """The kind of matter and how urgent it is; a unit only where the table has a gap.

    `service` is a proposal that was ticked, `other` one of all kinds and stronger.
    """

    service = forms.CharField(required=False, max_length=80)
    other = forms.ChoiceField(label=gettext_lazy("Another kind of matter"), required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent"), choices=URGENCY_WORDS, widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "other", service_choices())
        choices(self, "unit", unit_choices(), empty=_("As the table of authority says"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["service"] = given.get("other") or given.get("service") or ""
        if not given["service"]:
            raise forms.ValidationError(_("Choose a kind of matter."))
        return given


class MergeForm(forms.Form):
    """The open case that this one goes on in."""

    into = forms.UUIDField()


class SplitForm(forms.Form):
    """A second matter of one petition."""

    service = forms.ChoiceField(label=gettext_lazy("Kind of the second matter"))
    urgency = forms.ChoiceField(label=gettext_lazy("How urgent"), choices=URGENCY_WORDS)
    text = forms.CharField(
        label=gettext_lazy("The second matter, in the petitioner's words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "service", service_choices())


class HidingForm(forms.Form):
    """Why a petition is taken out of public sight."""

    text = forms.CharField(label=gettext_lazy("Reason"), max_length=1000)


class PurposeForm(forms.Form):
    """Why an identity is looked at; the journal keeps it."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[
            ("call_back", gettext_lazy("To call the petitioner back about this matter")),
            ("verify", gettext_lazy("To verify who filed, as the stream demands")),
            ("danger", gettext_lazy("Somebody may be in danger")),
        ],
    )


class FilingForm(forms.Form):
    """A petition that somebody dictates by phone or at the counter."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[
            ("phone", gettext_lazy("By phone")),
            ("counter", gettext_lazy("At the counter")),
            ("zalo", "Zalo"),
        ],
        widget=forms.RadioSelect,
        initial="phone",
    )
    text = forms.CharField(
        label=gettext_lazy("What happens, in the caller's words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Street and number, or a known place nearby."),
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    area = forms.ChoiceField(label=gettext_lazy("Ward or commune"), required=False)
    service = forms.ChoiceField(
        label=gettext_lazy("Kind of matter"),
        required=False,
        help_text=gettext_lazy("Leave it empty: the words decide, or the desk."),
    )
    phone = forms.CharField(label=gettext_lazy("Caller's phone"), max_length=20, required=False)
    name = forms.CharField(label=gettext_lazy("Caller's name"), max_length=120, required=False)
    is_private = forms.BooleanField(
        label=gettext_lazy("The caller does not want it public"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = [(area.code, say(area.full_name)) for area in directory().wards()]
        choices(self, "area", wards)
        choices(self, "service", service_choices())


def service_choices() -> list[tuple[str, str]]:
    """Every kind of matter that can become a case today."""
    return [
        (row.code, say(row.name))
        for row in directory().services.values()
        if row.is_admissible and row.valid_to is None
    ]

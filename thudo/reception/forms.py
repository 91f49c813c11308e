"""What is typed to book an hour, and at the desk that receives. Nothing typed is ever lost."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.directory.queries import directory, say
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import opens
from thudo.petitions.rules import TEXT_LIMIT, clean_phone
from thudo.reception.actions.booking import MATTER_LIMIT
from thudo.reception.actions.receiving import NOTE_LIMIT
from thudo.reception.queries.days import Hour
from thudo.reception.rules import OUTCOMES

_LINK = re.compile(r"petitions/([0-9]{10})/([2-9a-hj-km-np-z]{22})")


class HourForm(forms.Form):
    """One of the hours that are shown."""

    starts_at = forms.CharField(
        label=gettext_lazy("Hour"),
        error_messages={"required": gettext_lazy("Please choose an hour.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, hours: Sequence[Hour]) -> None:
        self.hours = hours
        super().__init__(data, label_suffix="")

    def clean_starts_at(self) -> datetime:
        try:
            given = parse_datetime(self.cleaned_data["starts_at"])
        except ValueError:  # Well written, and no day of any calendar.
            given = None
        if given is None or all(hour.starts_at != given for hour in self.hours):
            raise forms.ValidationError(_("Please choose an hour."))
        return given


class BookingForm(HourForm):
    """Who comes, and what about; a petition of one's own by its secret link."""

    name = forms.CharField(
        label=gettext_lazy("Full name"), max_length=120,
        help_text=gettext_lazy("By this name you are called in."),
        error_messages={"required": gettext_lazy("Please give your name, so that you can be called in.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"), max_length=40,
        help_text=gettext_lazy("In case the hour changes. Only those who receive you see it."),
        error_messages={"required": gettext_lazy("Please give a phone number, in case the hour changes.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    matter = forms.CharField(
        label=gettext_lazy("What is it about, in one sentence?"), max_length=MATTER_LIMIT,
        error_messages={"required": gettext_lazy("Please say in one sentence what it is about.")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    petition_link = forms.CharField(
        label=gettext_lazy("Secret link of a report that you filed"), required=False, max_length=300,
        help_text=gettext_lazy("So that whoever receives you has read it before you come."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    idempotency_key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        try:
            return clean_phone(self.cleaned_data["phone"])
        except ValueError as wrong:
            sentence = _("This is not a phone number. A mobile number has ten digits.")
            raise forms.ValidationError(sentence) from wrong

    def clean_petition_link(self) -> Petition | None:
        given: str = self.cleaned_data["petition_link"].strip()
        if not given:
            return None
        found = _LINK.search(given)
        if found is None or not opens(*found.groups()):
            sentence = _(
                "This link opens no report. Copy it whole from your receipt, or leave it out."
            )
            raise forms.ValidationError(sentence)
        return Petition.objects.get(number=found[1])


class ResultForm(forms.Form):
    """What came of the talk."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), widget=forms.RadioSelect, choices=[],
        error_messages={"required": gettext_lazy("Choose one.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What was answered"), max_length=NOTE_LIMIT,
        help_text=gettext_lazy("The visitor reads this on the page of the booking."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _choices(self, "outcome", [(code, _(words)) for code, words in OUTCOMES.items()])


class FilingForm(forms.Form):
    """What the visitor said, as a petition of his."""

    text = forms.CharField(
        label=gettext_lazy("The matter, in the visitor's words"), max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Where"), required=False, max_length=300)
    service = forms.ChoiceField(
        label=gettext_lazy("Kind of matter"), required=False, choices=[],
        help_text=gettext_lazy("Leave it empty: the words decide, or the desk."),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=gettext_lazy("The visitor wants it public"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        services = directory().services.values()
        known = [(s.code, say(s.name)) for s in services if s.is_admissible and s.valid_to is None]
        _choices(self, "service", [("", _("As the words say")), *known])


class CallOffForm(forms.Form):
    """Why a day is called off; everybody reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why, for everybody to read"), max_length=300,
        error_messages={"required": gettext_lazy("Say why.")},
    )  # fmt: skip


class OpeningForm(forms.Form):
    """An extra day."""

    post = forms.ChoiceField(label=gettext_lazy("Who receives"), choices=[])
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for each"), min_value=5, max_value=240, initial=30
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Received at once"), min_value=1, max_value=20, initial=1
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        posts = [(post.code, say(post.title)) for post in directory().posts_of(unit)]
        _choices(self, "post", posts)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["starts"] >= given["ends"]:
            self.add_error("ends", _("It must end after it begins."))
        return given

    def hours(self) -> tuple[int, int]:
        """Minutes of the local day."""
        return _minutes(self.cleaned_data["starts"]), _minutes(self.cleaned_data["ends"])


class UnitForm(forms.Form):
    """Which unit's days; "" for all."""

    unit = forms.CharField(required=False)
    on = forms.DateField(required=False)

    def chosen(self) -> tuple[str, date | None]:
        """The unit and the date of the address; what is neither counts as none."""
        self.is_valid()
        unit = self.cleaned_data.get("unit", "")
        return unit if unit in directory().units else "", self.cleaned_data.get("on")


def tell(form: forms.Form, sentence: str, fields: Mapping[str, str]) -> None:
    """The sentences of a deed beside their fields, or above the form."""
    known = {name: words for name, words in fields.items() if name in form.fields}
    for name, words in known.items():
        form.add_error(name, words)
    if not known:
        form.add_error(None, sentence)


_Choices = list[tuple[str, str]]


def _choices(form: forms.Form, name: str, choices: _Choices) -> None:
    field: Any = form.fields[name]
    field.choices = choices


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute

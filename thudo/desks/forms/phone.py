"""What a clerk types during a call: who calls, what for, where."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.desks.forms.cases import choices
from thudo.desks.forms.intake import service_choices
from thudo.desks.rules import CALLED, CHECKED
from thudo.directory.queries import surely_named
from thudo.petitions.rules import (
    ACCEPTABLE,
    NOT_SATISFIED,
    SATISFIED,
    Contact,
    Filing,
    clean_phone,
)

VERDICT_WORDS = (
    (SATISFIED, gettext_lazy("satisfied")),
    (ACCEPTABLE, gettext_lazy("acceptable")),
    (NOT_SATISFIED, gettext_lazy("not satisfied")),
)


class PhoneField(forms.CharField):
    """A telephone number, cleaned to digits with an optional plus."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "off", "spellcheck": "false"}
        widget = forms.TextInput(attrs=attrs | kwargs.pop("attrs", {}))
        super().__init__(max_length=24, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return clean_phone(super().clean(value))
        except ValueError as wrong:
            raise forms.ValidationError(_("This is not a telephone number.")) from wrong


class CallerForm(forms.Form):
    """The number on the clerk's display: typed, or handed over by the telephone system."""

    caller = PhoneField(label=gettext_lazy("Caller's number"), attrs={"data-alt": "KeyS"})


class CallForm(forms.Form):
    """A petition dictated on the telephone; read with the eyes on the keyboard."""

    text = forms.CharField(
        label=gettext_lazy("What happens, in the caller's words"),
        widget=forms.Textarea(attrs={"rows": 3, "data-alt": "KeyG"}),
        max_length=4000,
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-alt": "KeyW"}),
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    service = forms.CharField(required=False, max_length=80)
    service_other = forms.ChoiceField(label=gettext_lazy("Another kind of matter"), required=False)
    phone = PhoneField(label=gettext_lazy("Caller's number"), required=False)
    name = forms.CharField(label=gettext_lazy("Caller's name"), max_length=120, required=False)
    is_private = forms.BooleanField(
        label=gettext_lazy("The caller does not want it public"), required=False,
        widget=forms.CheckboxInput(attrs={"data-alt": "KeyK"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "service_other", service_choices(), empty=_("As the words say"))

    def filing(self) -> Filing:
        """What was dictated, for the deed. A place that was typed and not chosen is looked up;
        what is not surely one place stays in words, and the desk finds it."""
        given = self.cleaned_data
        return Filing(
            text=given["text"], service=given["service_other"] or given["service"],
            contact=Contact(given["name"], given["phone"]), is_public=not given["is_private"],
            channel="phone", place=given["place"],
            **settled(given["place"], given["lon"], given["lat"]),
        )  # fmt: skip


def settled(place: str, longitude: float | None, latitude: float | None) -> dict[str, Any]:
    """longitude, latitude and area of a place: a point that was chosen, else what its words surely
    name (a ward's name is an area without a point)."""
    if longitude is not None and latitude is not None:
        return {"longitude": longitude, "latitude": latitude}
    found = surely_named(place)
    if found is None:
        return {}
    if found.precision == "ward":
        return {"area": found.area}
    return {"longitude": found.longitude, "latitude": found.latitude, "area": found.area}


class CallbackForm(forms.Form):
    """Who wants to be called, and why."""

    phone = PhoneField(label=gettext_lazy("Number to call back"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class EndingForm(forms.Form):
    """What came of a call-back."""

    outcome = forms.ChoiceField(choices=[(code, code) for code in CALLED])


class VerdictForm(forms.Form):
    """What the caller says of a result."""

    number = forms.RegexField(r"^[0-9]{10}$")
    phone = PhoneField()
    value = forms.ChoiceField(choices=VERDICT_WORDS)
    text = forms.CharField(max_length=2000, required=False)


class CheckForm(forms.Form):
    """What a second clerk heard."""

    outcome = forms.ChoiceField(choices=[(code, code) for code in CHECKED])

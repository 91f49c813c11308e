"""The form of a new petition. Nothing in it needs a script; nothing typed is ever lost."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.base.folding import fold
from thudo.directory.queries import (
    Found,
    Located,
    directory,
    find_places,
    locate_text,
    say,
    surest,
)
from thudo.petitions.forms.organisation import OrganisationFields
from thudo.petitions.queries.nearby import name_at
from thudo.petitions.rules import Contact, Filing, clean_email, clean_phone

# What a map or a positioning device puts into the place's field: two numbers.
_COORDINATES = re.compile(r"^\s*-?\d{1,3}\.\d+\s*,\s*-?\d{1,3}\.\d+\s*$")
# So many candidates are thought of when a typed name is looked up.
_FOUND = 8
# What place_choice says: these words as they are; or, where nobody can be asked back (a report
# that waited for the network), the place they surely mean, else the words as they are.
AS_TYPED, UNASKED = "typed", "unasked"


class FilingForm(OrganisationFields):
    """Text, place, who may see it, how to reach the sender. `filing()` after is_valid()."""

    text = forms.CharField(
        label=gettext_lazy("What is the matter?"),
        help_text=gettext_lazy("Tap the microphone on the keyboard to speak."),
        error_messages={"required": gettext_lazy("Please describe the matter in a few words.")},
        # No maxlength: a browser would cut off the end of a pasted letter without a word.
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    service = forms.CharField(required=False)
    service_other = forms.CharField(required=False)
    place = forms.CharField(
        label=gettext_lazy("Street and number, ward, or a known place"),
        required=False, max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )  # fmt: skip
    place_choice = forms.CharField(required=False)
    no_place = forms.BooleanField(required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    is_home = forms.BooleanField(required=False)
    visibility = forms.ChoiceField(
        required=False, choices=[("public", ""), ("private", "")], initial="public"
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.CharField(
        label=gettext_lazy("or e-mail"), required=False, max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Full name"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    about_unit = forms.CharField(required=False)
    # What was typed leads to several places: the person chooses one of them.
    candidates: list[tuple[str, Found]]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, str] | None = None,
        is_spoken: bool = False,
    ) -> None:
        self.candidates, self.is_spoken = [], is_spoken
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.fields["text"].required = not is_spoken

    def clean_phone(self) -> str:
        sentence = _("This is not a phone number. A mobile number has ten digits.")
        return cleaned_by(clean_phone, self.cleaned_data["phone"], sentence)

    def clean_email(self) -> str:
        sentence = _("This is not an e-mail address.")
        return cleaned_by(clean_email, self.cleaned_data["email"], sentence)

    def clean_about_unit(self) -> str:
        unit: str = self.cleaned_data["about_unit"]
        return unit if unit in directory().units else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "place" not in self.errors:
            self._settle_place(given)
        return given

    def filing(self, *, files: tuple[str, ...], digests: tuple[str, ...], draft_key: str) -> Filing:
        """What was sent, for the deed."""
        given = self.cleaned_data
        return self.with_organisation(Filing(
            text=given["text"], service=given["service_other"] or given["service"],
            longitude=given["lon"], latitude=given["lat"], area=given["area"],
            place=given["place"], files=files, file_digests=digests, draft_key=draft_key,
            contact=Contact(given["name"], given["phone"], given["email"]),
            is_public=given["visibility"] != "private", is_anonymous=not (given["name"] or given["phone"] or given["email"]),
            is_home=given["is_home"], about_unit=given["about_unit"], answers=self._answers(),
            is_spoken=self.is_spoken,
        ))  # fmt: skip

    def add_problems(self, fields: Mapping[str, str]) -> None:
        """Sentences of the deed, each beside its field."""
        for name, sentence in fields.items():
            self.add_error(_FIELD.get(name, name), sentence)

    def _answers(self) -> dict[str, str]:
        """Answers to the questions of the service: fields named answer-CODE."""
        return {
            name.removeprefix("answer-"): str(value)[:200]
            for name, value in self.data.items()
            if name.startswith("answer-") and value
        }

    def _settle_place(self, given: dict[str, Any]) -> None:
        """A point stands; a typed name is looked up; what is unclear is asked, once."""
        given["area"] = ""
        typed = given.get("place", "")
        if given.get("lon") is not None and given.get("lat") is not None:
            if not typed or _COORDINATES.match(typed):
                given["place"] = name_at(given["lon"], given["lat"])
            return
        if not typed:
            self._need_place(given)
        elif given.get("place_choice") != AS_TYPED:
            self._look_up(given, typed)

    def _need_place(self, given: dict[str, Any]) -> None:
        if not (given.get("no_place") or self.needs_no_place()):
            sentence = _("Please say where it is, or tick that it concerns no single place.")
            self.add_error("place", sentence)

    def _look_up(self, given: dict[str, Any], typed: str) -> None:
        read = locate_text(typed, 3)
        found = [(_key_of(one), one) for one in find_places(typed, None, _FOUND, read=read)]
        chosen = dict(found).get(given.get("place_choice", "")) or _named(found, typed)
        if chosen:
            _put(given, chosen)
        elif not _take(given, surest(read)):
            self._settle_with(given, found)

    def _settle_with(self, given: dict[str, Any], found: list[tuple[str, Found]]) -> None:
        """The only name that holds the words is meant; an address read unsurely is asked back."""
        if len(found) == 1 and found[0][1].kind != "address":
            _put(given, found[0][1])
        elif given.get("place_choice") != UNASKED:
            self._ask_back(found)

    def _ask_back(self, found: list[tuple[str, Found]]) -> None:
        self.candidates = found[:5]
        self.add_error("place", _("Please choose which place is meant.") if found else _(
            "No such place was found. Check the spelling, name a street or a ward, or keep it as typed."
        ))  # fmt: skip


# Where the sentence of a deed belongs when its name is not a field of this form.
_FIELD = {"area": "place", "service": "text"}


def _key_of(found: Found) -> str:
    return f"{fold(found.label)}|{found.area or ''}"


def _named(found: list[tuple[str, Found]], typed: str) -> Found | None:
    """The one that is called exactly what was typed."""
    names = [one for _key, one in found if fold(_full(one)) == fold(typed)]
    return names[0] if len(names) == 1 else None


def _take(given: dict[str, Any], named: Located | None) -> bool:
    """Takes the place that the words surely name; the words stay as they are typed."""
    if named is None:
        return False
    given["area"] = named.area
    if named.precision != "ward":
        given["lon"], given["lat"] = named.longitude, named.latitude
    return True


def _put(given: dict[str, Any], place: Found) -> None:
    given["lon"], given["lat"] = place.longitude, place.latitude
    given["place"] = _full(place)
    only = place.areas[0] if len(place.areas) == 1 else ""
    given["area"] = place.area or only


def _full(place: Found) -> str:
    return f"{place.label}, {place.detail}" if place.detail else place.label


def cleaned_by(clean: Callable[[str], str], text: str, sentence: str) -> str:
    """What `clean` makes of a text, or the sentence beside its field."""
    try:
        return clean(text)
    except ValueError as wrong:
        raise forms.ValidationError(sentence) from wrong


def service_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The services that can be asked for, under their groups."""
    lists = directory()
    return [
        (say(group.name), [
            (row.code, say(row.name)) for row in lists.services.values()
            if row.group == group.code and row.is_admissible and row.valid_to is None
        ])
        for group in lists.groups.values()
    ]  # fmt: skip

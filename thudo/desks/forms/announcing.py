"""What staff type to announce something, or to ask the people of a ward. Quick on a telephone."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.advisories.actions.consulting import Asked
from thudo.advisories.models import Advisory
from thudo.advisories.rules import (
    ABOUT,
    INCIDENT,
    KINDS,
    LEAST_METRES,
    MOST_CHOICES,
    MOST_METRES,
    SEVERITIES,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Content,
)
from thudo.base.phrases import city_zone
from thudo.directory.queries import directory, say, surely_named

OPEN_END, OTHER_END = "open", "other"
HOURS = (1, 2, 4, 8)
METRES = 200
_LOCAL = "%Y-%m-%dT%H:%M"
_SEVERITY = {
    "extreme": gettext_lazy("Extreme"),
    "severe": gettext_lazy("Severe"),
    "moderate": gettext_lazy("Moderate"),
    "minor": gettext_lazy("Minor"),
    "unknown": gettext_lazy("Not judged"),
}


def _instant(label: Any, *, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.DateTimeField(
        label=label, required=required, widget=widget, input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S"]
    )


def _words(label: Any, *, rows: int = 2, required: bool = False, most: int = TEXT_LIMIT) -> Any:
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=label, required=required, max_length=most, widget=widget)


class AdvisoryForm(forms.Form):
    """One advisory. `content(at)` after is_valid(); `unit` is whose it is."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), widget=forms.RadioSelect, initial=INCIDENT
    )
    about = forms.ChoiceField(label=gettext_lazy("About"), widget=forms.RadioSelect)
    title = _words(gettext_lazy("In a few words"), rows=1, required=True, most=TITLE_LIMIT)
    place = forms.CharField(
        label=gettext_lazy("Around which place"), required=False, max_length=300,
        help_text=gettext_lazy("Leave it empty where whole wards are meant."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )  # fmt: skip
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    radius = forms.IntegerField(
        label=gettext_lazy("How far around, in metres"), initial=METRES, required=False,
        min_value=LEAST_METRES, max_value=MOST_METRES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    streets = forms.CharField(
        label=gettext_lazy("Streets"), required=False, max_length=1000,
        help_text=gettext_lazy("Their names, with a comma or a semicolon between them."),
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Wards"), required=False, widget=forms.CheckboxSelectMultiple
    )
    begins_at = _instant(gettext_lazy("Begins"), required=True)
    ends = forms.ChoiceField(
        label=gettext_lazy("Expected to be over"), widget=forms.RadioSelect, initial=OPEN_END
    )
    ends_at = _instant(gettext_lazy("At this hour"), required=False)
    text = _words(gettext_lazy("What people should know"), rows=3)
    instruction = _words(gettext_lazy("What people should do"), rows=2)
    source_name = _words(gettext_lazy("Who says so"), rows=1, required=True, most=TITLE_LIMIT)
    source_url = forms.CharField(
        label=gettext_lazy("Address of the source"), required=False, max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    source_at = _instant(gettext_lazy("Hour of the source"), required=True)
    severity = forms.ChoiceField(label=gettext_lazy("How grave"), initial="unknown")
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Reports that it answers"), required=False,
        help_text=gettext_lazy("None chosen: those that the city names for what it is about."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    title_en = _words(gettext_lazy("Title in English"), rows=1, most=TITLE_LIMIT)
    text_en = _words(gettext_lazy("Text in English"), rows=3)
    instruction_en = _words(gettext_lazy("What to do, in English"), rows=2)

    def __init__(self, *args: Any, units: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        lists = directory()
        words = {
            "unit": [(code, say(lists.units[code].name)) for code in units],
            "kind": [(code, _(text)) for code, text in KINDS.items()],
            "about": [(code, _(text)) for code, text in ABOUT.items()],
            "areas": [(str(lists.city["city_area"]), _("The whole city"))]
            + [(ward.code, say(ward.full_name)) for ward in lists.wards()],
            "ends": [(str(n), _("in %(n)s h") % {"n": n}) for n in HOURS]
            + [(OPEN_END, _("nobody can say yet")), (OTHER_END, _("at the hour below"))],
            "severity": [(code, _SEVERITY[code]) for code in SEVERITIES],
            "services": [
                (row.code, say(row.name)) for row in lists.services.values()
                if row.is_admissible and row.valid_to is None
            ],
        }  # fmt: skip
        for name, choices in words.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ends") == OTHER_END and not given.get("ends_at"):
            self.add_error("ends_at", _("Give the hour."))
        if given.get("place") and (given.get("lon") is None or given.get("lat") is None):
            self._locate(given)
        return given

    def content(self, *, at: datetime, before: Advisory | None = None) -> Content:
        """What was typed, for the deed. `before`: a ground that is no circle stays as it was."""
        given = self.cleaned_data
        geometry, radius = self._ground(before)
        return Content(
            kind=given["kind"], about=given["about"], severity=given["severity"],
            certainty=before.certainty if before else "unknown",
            title={"vi": given["title"], "en": given["title_en"]},
            text={"vi": given["text"], "en": given["text_en"]},
            instruction={"vi": given["instruction"], "en": given["instruction_en"]},
            services=tuple(given["services"]), areas=tuple(given["areas"]),
            streets=tuple(re.split(r"[,;\n]", given["streets"])), geometry=geometry, radius=radius,
            begins_at=given["begins_at"], ends_at=self._end(at), source_name=given["source_name"],
            source_url=given["source_url"], source_at=given["source_at"],
        )  # fmt: skip

    def _end(self, at: datetime) -> datetime | None:
        given: dict[str, Any] = self.cleaned_data
        if given["ends"] == OPEN_END:
            return None
        if given["ends"] == OTHER_END:
            end: datetime = given["ends_at"]
            return end
        begins: datetime = given["begins_at"]
        return max(at, begins) + timedelta(hours=int(given["ends"]))

    def _ground(self, before: Advisory | None) -> tuple[Mapping[str, Any] | None, int | None]:
        given = self.cleaned_data
        if given["lon"] is not None and given["lat"] is not None:
            return {"type": "Point", "coordinates": [given["lon"], given["lat"]]}, given[
                "radius"
            ] or METRES
        if before and before.geometry and before.geometry.get("type") != "Point":
            return before.geometry, before.radius
        return None, None

    def _locate(self, given: dict[str, Any]) -> None:
        """Without a script the place is only words."""
        found = surely_named(given["place"])
        if found is None:
            self.add_error(
                "place", _("This place was not found. Name its ward, or leave it empty.")
            )
            return
        given["lon"], given["lat"] = found.longitude, found.latitude


def begun(unit: str, at: datetime) -> dict[str, Any]:
    """A new form: now, of the unit, in its own ward."""
    row = directory().units.get(unit)
    return {
        "unit": unit,
        "areas": [row.area] if row and row.area in {w.code for w in directory().wards()} else [],
        "begins_at": _minute(at),
        "source_at": _minute(at),
        "source_name": say(row.name) if row else "",
    }


def filled(row: Advisory, at: datetime) -> dict[str, Any]:
    """The form of what is announced already; its hour of the source is now."""
    point = (
        row.geometry["coordinates"] if row.geometry and row.geometry["type"] == "Point" else None
    )
    return {
        "unit": row.unit, "kind": row.kind, "about": row.about, "severity": row.severity,
        "title": row.title.get("vi", ""), "title_en": row.title.get("en", ""),
        "text": row.text.get("vi", ""), "text_en": row.text.get("en", ""),
        "instruction": row.instruction.get("vi", ""),
        "instruction_en": row.instruction.get("en", ""),
        "lon": point[0] if point else None, "lat": point[1] if point else None,
        "radius": row.radius or METRES, "streets": ", ".join(row.streets), "areas": row.areas,
        "services": row.services, "begins_at": row.begins_at.astimezone(city_zone()),
        "ends": OTHER_END if row.ends_at else OPEN_END,
        "ends_at": row.ends_at.astimezone(city_zone()) if row.ends_at else None,
        "source_name": row.source_name, "source_url": row.source_url, "source_at": _minute(at),
    }  # fmt: skip


class EndingForm(forms.Form):
    """How it ended; may be left empty."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = _words(gettext_lazy("How it ended"), rows=2)


class WithdrawalForm(forms.Form):
    """Why it is taken back."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = _words(gettext_lazy("Why it is taken back"), rows=2, required=True)


class ConsultationForm(forms.Form):
    """One question with two to six choices, a line each. `asked()` after is_valid()."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    question = _words(gettext_lazy("One question"), rows=1, required=True, most=TITLE_LIMIT)
    choices = forms.CharField(
        label=gettext_lazy("Choices, one a line"), max_length=(TITLE_LIMIT + 2) * MOST_CHOICES,
        help_text=gettext_lazy("Two to six."), widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    detail = _words(gettext_lazy("Why it is asked, and what the answers are for"), rows=3)
    opens_at = _instant(gettext_lazy("Open from"), required=True)
    closes_on = _instant(gettext_lazy("Open until"), required=True)
    takes_comments = forms.BooleanField(
        label=gettext_lazy("Let people add a few words, which only this unit reads"), required=False
    )
    question_en = _words(gettext_lazy("The question in English"), rows=1, most=TITLE_LIMIT)
    choices_en = forms.CharField(
        label=gettext_lazy("The choices in English, in the same order"), required=False,
        max_length=(TITLE_LIMIT + 2) * MOST_CHOICES, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        names = [(code, say(directory().units[code].name)) for code in units]
        self.fields["unit"].choices = names  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was typed, for the deed; the people of the unit's own area are asked."""
        given = self.cleaned_data
        lines, english = (_lines(given[name]) for name in ("choices", "choices_en"))
        english += [""] * (len(lines) - len(english))
        return Asked(
            question={"vi": given["question"], "en": given["question_en"]},
            choices=[{"vi": vi, "en": en} for vi, en in zip(lines, english, strict=False)],
            detail={"vi": given["detail"]}, opens_at=given["opens_at"],
            closes_at=given["closes_on"], takes_comments=given["takes_comments"],
        )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _minute(at: datetime) -> datetime:
    return at.astimezone(city_zone()).replace(second=0, microsecond=0)

"""The part of the filing form for organisations and businesses."""

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.directory.queries import say
from thudo.petitions.queries.organisations import (
    DOSSIER,
    REFUSE,
    REQUEST,
    guide_of,
    organisation_rules,
    request_of,
    request_rows,
)
from thudo.petitions.rules import Contact, Filing, Organisation, tax_code_gap

_LEFT_OUT = re.compile(r"[\s.\-]")


class OrganisationFields(forms.Form):
    """A choice at the start; nothing of it is asked unless it is made, and nothing is lost."""

    as_organisation = forms.BooleanField(required=False)
    request_kind = forms.CharField(required=False, max_length=40)
    organisation_name = forms.CharField(
        label=gettext_lazy("Name of the organisation"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    tax_code = forms.CharField(
        label=gettext_lazy("Tax code"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    representative = forms.CharField(
        label=gettext_lazy("Representative"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    position = forms.CharField(
        label=gettext_lazy("Position of the representative"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    dossier = forms.CharField(
        label=gettext_lazy("Code of the dossier"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    organisation_public = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_organisation():
            self._clean_body(given)
            self._clean_dossier(given)
        return given

    def is_organisation(self) -> bool:
        """Whether the choice was made, here where it can be."""
        return bool(self["as_organisation"].value()) and bool(request_rows())

    def needs_no_place(self) -> bool:
        """What is asked about a dossier, or not taken at all, lies nowhere."""
        row = request_of(str(self["request_kind"].value() or ""))
        return self.is_organisation() and (
            bool(row.get("needs_dossier")) or row.get("handling") == REFUSE
        )

    def requests(self) -> list[dict[str, Any]]:
        """What may be asked for, for the page: with words, and a guide where it is not taken."""
        chosen = self["request_kind"].value() or next((r["code"] for r in request_rows()), "")
        return [
            {
                "code": row["code"], "label": say(row["label"]), "hint": say(row.get("hint", {})),
                "guide": guide_of(row), "chosen": row["code"] == chosen,
                "needs_dossier": bool(row.get("needs_dossier")),
            }
            for row in request_rows()
        ]  # fmt: skip

    def tax_example(self) -> str:
        """How a tax code looks here."""
        return str(organisation_rules().get("tax_code", {}).get("example", ""))

    def dossier_example(self) -> str:
        """How a dossier's code looks here."""
        return str(organisation_rules().get("dossier", {}).get("example", ""))

    def with_organisation(self, filing: Filing) -> Filing:
        """The filing as the body's: not public unless it says so, its dossier with the case."""
        if not self.is_organisation():
            return filing
        given = self.cleaned_data
        body = Organisation(
            given["organisation_name"], given["tax_code"], given["representative"],
            given["position"], given["request_kind"], given["dossier"],
        )  # fmt: skip
        row = request_of(body.request)
        asked = {REQUEST: body.request, **({DOSSIER: body.dossier} if body.dossier else {})}
        # A kind that is not taken is no kind that can be chosen: what was asked decides.
        service = "" if row.get("handling") == REFUSE else row.get("service", "")
        return replace(
            filing,
            organisation=body,
            contact=Contact(body.representative, filing.contact.phone, filing.contact.email),
            is_public=given["organisation_public"],
            is_anonymous=False,
            service=filing.service or service,
            answers={**filing.answers, **asked},
        )

    def _clean_body(self, given: dict[str, Any]) -> None:
        given["tax_code"] = _LEFT_OUT.sub("", given.get("tax_code", ""))
        if not request_of(given.get("request_kind", "")):
            self.add_error("request_kind", _("Please choose what you ask for."))
        if len(given.get("organisation_name", "")) < 3:
            self.add_error("organisation_name", _("Please give the name of the organisation."))
        if len(given.get("representative", "")) < 2:
            self.add_error("representative", _("Please say who represents it."))
        gap = tax_code_gap(given["tax_code"], organisation_rules()["tax_code"])
        if gap:
            self.add_error("tax_code", _tax_sentence(gap))

    def _clean_dossier(self, given: dict[str, Any]) -> None:
        rule = organisation_rules().get("dossier", {})
        code = re.sub(r"\s", "", given.get("dossier", "")).upper()
        given["dossier"] = code
        if not code:
            if request_of(given.get("request_kind", "")).get("needs_dossier"):
                sentence = _("Please give the dossier's code; it stands on its receipt.")
                self.add_error("dossier", sentence)
        elif re.fullmatch(rule.get("refused") or "(?!)", code):
            self.add_error("dossier", _("This is a personal number, not the code of a dossier."))
        elif not re.fullmatch(rule.get("pattern") or ".*", code):
            self.add_error(
                "dossier", _("This is not the code of a dossier. Copy it from the receipt.")
            )


def _tax_sentence(gap: str) -> str:
    if gap == "check":
        return _("One digit of this tax code is wrong: its check digit does not fit.")
    return _("A tax code has 10 digits, 13 for a branch, 12 for a household business.")

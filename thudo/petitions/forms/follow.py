"""The form with which somebody follows a petition: nothing in it is required."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.petitions.forms.filing import cleaned_by
from thudo.petitions.rules import TEXT_LIMIT, Contact, clean_email, clean_phone


class FollowForm(forms.Form):
    """How to reach the follower, if he wants, and a sentence of his own."""

    text = forms.CharField(
        label=gettext_lazy("A sentence of your own"), required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.CharField(
        label=gettext_lazy("or e-mail"), required=False, max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > TEXT_LIMIT:
            raise forms.ValidationError(_("At most %(count)s characters.") % {"count": TEXT_LIMIT})
        return text

    def clean_phone(self) -> str:
        sentence = _("This is not a phone number. A mobile number has ten digits.")
        return cleaned_by(clean_phone, self.cleaned_data["phone"], sentence)

    def clean_email(self) -> str:
        sentence = _("This is not an e-mail address.")
        return cleaned_by(clean_email, self.cleaned_data["email"], sentence)

    def contact(self) -> Contact:
        """What he left to be reached; empty when nothing."""
        given = self.cleaned_data
        return Contact(phone=given["phone"], email=given["email"])

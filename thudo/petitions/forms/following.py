"""The forms of the page of one petition, and of finding it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.base.identifiers import is_public_number


class SupplementForm(forms.Form):
    """Words to add; photos travel beside them."""

    text = forms.CharField(
        label=gettext_lazy("What you want to add"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip


class VerdictForm(forms.Form):
    """One of three answers on a published result, with a word if wanted."""

    case = forms.UUIDField()
    value = forms.CharField(max_length=20)
    text = forms.CharField(required=False, max_length=2000)


class FindForm(forms.Form):
    """The ten digits of a petition, typed with or without spaces."""

    number = forms.CharField(
        label=gettext_lazy("Number of the report"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "00 00 00 00 00"}),
        error_messages={"required": gettext_lazy("Please type the ten digits of the number.")},
    )  # fmt: skip

    def clean_number(self) -> str:
        digits = "".join(c for c in self.cleaned_data["number"] if c.isdecimal() and c.isascii())
        if len(digits) != 10:
            raise forms.ValidationError(
                _("A number has ten digits; this one has %(count)s.") % {"count": len(digits)}
            )
        if not is_public_number(digits):
            raise forms.ValidationError(_("One digit is not right. Please compare it once more."))
        return digits

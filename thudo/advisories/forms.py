"""The shape of an answer to a question of the ward."""

from django import forms
from django.utils.translation import gettext_lazy

from thudo.advisories.rules import COMMENT_LIMIT


class AnswerForm(forms.Form):
    """One choice and a few words; which choices there are, the deed knows."""

    choice = forms.CharField(
        max_length=10,
        error_messages={"required": gettext_lazy("Choose one of the answers.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("A few words more"),
        help_text=gettext_lazy(
            "Only the unit that asks reads them. Please write no name and no number."
        ),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

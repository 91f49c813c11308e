"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thudo.accounts.models import User


class SignInForm(forms.Form):
    """A name and a password; `user` after a good one."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=80)
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=200, widget=forms.PasswordInput
    )
    user: User | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("username") and given.get("password"):
            found = authenticate(username=given["username"], password=given["password"])
            if not isinstance(found, User):
                raise forms.ValidationError(_("The name or the password is not right."))
            self.user = found
        return given

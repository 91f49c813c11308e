"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SignInForm(forms.Form):
    """A name and a password; `user` after a good one."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=80)
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=200, widget=forms.PasswordInput
    )
    user: AbstractBaseUser | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("username") and given.get("password"):
            self.user = authenticate(username=given["username"], password=given["password"])
            if self.user is None:
                raise forms.ValidationError(_("The name or the password is not right."))
        return given

"""One deed for many cases: what is typed once, and which cases as their page showed them."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from thudo.base.errors import Invalid
from thudo.desks.forms.cases import (
    AnswerForm,
    AssignmentForm,
    ExtensionForm,
    NoteForm,
    TransferForm,
)

MOST = 100
FORMS: dict[str, type[forms.Form]] = {
    "notes": NoteForm,
    "assignments": AssignmentForm,
    "transfers": TransferForm,
    "extensions": ExtensionForm,
    "answers": AnswerForm,
}


def chosen(values: list[str]) -> dict[UUID, int | None]:
    """case -> version seen, of "uuid" or "uuid:version" texts; Invalid when there is none."""
    found: dict[UUID, int | None] = {}
    for value in values[:MOST]:
        text, _sep, version = value.partition(":")
        try:
            found[UUID(text)] = int(version) if version else None
        except ValueError as broken:
            raise Invalid(_("This list cannot be read.")) from broken
    if not found:
        raise Invalid(_("Choose at least one case."))
    return found


def batch_form(act: str, data: Any = None, *, posts: list[tuple[str, str]]) -> forms.Form:
    """The form of a deed for many; `data` None for an empty one."""
    if act not in FORMS:
        raise Invalid(_("This cannot be done for many cases at once."))
    more: dict[str, Any] = {"posts": posts} if act == "assignments" else {}
    return FORMS[act](data, **more)

"""A case by the number that a caller reads out."""

import re

from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, NotFound
from thudo.base.identifiers import is_public_number
from thudo.cases.lifecycle import CLOSED
from thudo.cases.models import Case
from thudo.cases.queries import visible_to


def case_numbered(actor: Actor, typed: str) -> Case:
    """The case of a petition's number, ten digits however they are spaced: the open one first.

    Invalid says what is wrong with the digits; NotFound is the same for a number that nobody has
    and for one whose case `actor` may not read.
    """
    number = re.sub(r"[\s.\-]", "", typed)
    if not re.fullmatch("[0-9]{10}", number):
        raise Invalid(_("A number has ten digits; spaces between them do not matter."))
    found = list(visible_to(actor).filter(numbers__contains=[number]).order_by("-opened_at"))
    found.sort(key=lambda case: case.state in CLOSED)
    if found:
        return found[0]
    if not is_public_number(number):
        raise Invalid(_("No petition has this number: one digit may be wrong."))
    raise NotFound(_("No case that you may read has this number."))

"""What a door answers, in sentences: the receipt, what is missing, how a petition stands."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.base import phrases
from thudo.directory.queries import directory, say
from thudo.petitions.models import Petition
from thudo.petitions.queries.tracking import Matter, tracking_of
from thudo.petitions.rules import Receipt


def link_of(receipt: Receipt) -> str:
    """The sender's own page."""
    return f"{settings.PUBLIC_URL}/petitions/{receipt.number}/{receipt.secret}"


def page_of(number: str) -> str:
    """The page that anybody may open."""
    return f"{settings.PUBLIC_URL}/petitions/{number}"


def receipt_lines(receipt: Receipt, at: datetime, *, is_placed: bool, is_short: bool) -> list[str]:
    """Number, unit, why, by when; `is_short` leaves out what a telephone's screen has no room for."""
    lines = [_received(receipt)]
    if receipt.handling != "case":
        return [*lines, *_no_case(receipt)]
    lines += _danger(receipt)
    lines.append(_("In charge: %(unit)s.") % {"unit": say(directory().units[receipt.unit].name)})
    if not is_short:
        lines += _why(receipt)
    lines += _promises(receipt, at)
    if not is_placed:
        lines.append(_unplaced(receipt))
    return lines


def follow_line(receipt: Receipt) -> str:
    """Where to go on."""
    return _("Follow it, add photos and give your verdict here: %(link)s") % {"link": link_of(receipt)}  # fmt: skip


def closed_line(number: str) -> str:
    """Nothing can be added any more."""
    given = {"number": phrases.pairs(number), "link": page_of(number)}
    return _("The matter %(number)s is closed, so nothing can be added. If you are not satisfied, say so on your secret link; for something new, write to us anew. %(link)s") % given  # fmt: skip


def added_line(number: str) -> str:
    """It was added."""
    return _("What you sent was added to your report %(number)s.") % {"number": phrases.pairs(number)}  # fmt: skip


def state_lines(number: str, at: datetime) -> list[str]:
    """How a petition stands, as anybody may know it."""
    petition = Petition.objects.filter(number=number).first()
    if petition is None:
        return [_("There is no report with the number %(number)s. Please check the ten digits.") % {"number": phrases.pairs(number)}]  # fmt: skip
    shown = tracking_of(petition, is_personal=False, at=at)
    lines = [_state_line(number, matter, at) for matter in shown.matters]
    if not lines:
        lines = [_("The report %(number)s was answered outside the cases.") % {"number": phrases.pairs(number)}]  # fmt: skip
    return [*lines, page_of(number)]


def unaccented(text: str) -> str:
    """Without accents: a short message with them costs twice as many."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def joined(lines: Sequence[str]) -> str:
    """Sentences as one message."""
    return "\n".join(line for line in lines if line)


def _state_line(number: str, matter: Matter, at: datetime) -> str:
    given = {"number": phrases.pairs(number), "state": matter.state_word, "unit": matter.unit}
    line = _("Report %(number)s: %(state)s. In charge: %(unit)s.") % given
    if matter.promise.due_at is None:
        return line
    due = phrases.promise(matter.promise.due_at, at)
    return f"{line} " + _("%(what)s: %(due)s.") % {"what": matter.promise.lead, "due": due}


def _received(receipt: Receipt) -> str:
    number = phrases.pairs(receipt.number)
    return _("The city has received what you sent, number %(number)s.") % {"number": number}


def _why(receipt: Receipt) -> list[str]:
    why = say(receipt.reason)
    basis = f" ({receipt.legal_basis})" if receipt.legal_basis else ""
    return [_("Why this unit: %(why)s") % {"why": f"{why}{basis}"}] if why else []


def _promises(receipt: Receipt, at: datetime) -> list[str]:
    found = []
    if receipt.intake_due_at:
        due = phrases.promise(receipt.intake_due_at, at)
        what = _("The intake desk names the unit %(due)s.") if receipt.intake_kind == "triage" else _("It confirms that it has taken it in %(due)s.")  # fmt: skip
        found.append(what % {"due": due})
    if receipt.promised_at:
        due = phrases.promise(receipt.promised_at, at)
        found.append(_("The result comes %(due)s at the latest.") % {"due": due})
    return found


def _unplaced(receipt: Receipt) -> str:
    if receipt.danger:
        return _("Please write now where it is: the number and street, or what stands nearby. It is added to this report.")  # fmt: skip
    return _("Where it is was not clear for certain: the intake desk reads it and may ask you.")


def _danger(receipt: Receipt) -> list[str]:
    numbers = directory().city.get("emergency", ())
    if not receipt.danger or not numbers:
        return []
    told = ", ".join(f"{row['number']} ({say(row['label'])})" for row in numbers)
    return [_("If somebody is in danger, call now: %(numbers)s.") % {"numbers": told}]


def _no_case(receipt: Receipt) -> list[str]:
    row = directory().services.get(receipt.service)
    why = say(row.reason) if row and row.reason else ""
    if receipt.handling != "refused":
        return [why]
    return [why, _("If this was misread, you can ask for a review on the same page.")]

"""Refusals as GeoReport v2 words them: 404 for what is not there, 403 for keys, 400 for the rest."""

from django.utils.translation import gettext as _

from thudo.base.errors import NotAllowed, NotFound, Refused
from thudo.standards.open311.mapping.formats import Told


class Wrong(Refused):
    """The request cannot be fulfilled; `sentences` for people, one for each thing that is wrong."""

    status = 400
    code = "wrong"

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class NoKey(NotAllowed):
    """A request that needs a key came without one, or with one that is unknown or has ended."""

    code = "no_key"


def status_of(refused: Refused) -> int:
    """The HTTP status: of all that is refused, only these keep their own."""
    return refused.status if refused.status in {403, 404, 405, 429} else 400


def told(refused: Refused) -> Told:
    """The body: a row for each sentence."""
    code = status_of(refused)
    return Told("errors", [{"code": code, "description": text} for text in _sentences(refused)])


def unknown_jurisdiction(name: str) -> NotFound:
    """This server speaks for one city, and not for that one."""
    return NotFound(_("jurisdiction_id “%(name)s” was not found here.") % {"name": name[:100]})


def unknown_service(code: str) -> NotFound:
    """No service of this code, or none that is offered."""
    return NotFound(_("service_code “%(code)s” was not found.") % {"code": code[:100]})


def missing(name: str) -> Wrong:
    """A parameter that must be given."""
    return Wrong(_("%(name)s was not provided.") % {"name": name})


def _sentences(refused: Refused) -> list[str]:
    if isinstance(refused, Wrong):
        return list(refused.sentences)
    fields = refused.extra.get("fields") or {}
    return list(dict.fromkeys(map(str, fields.values()))) or [str(refused.sentence)]

"""Refusals: sentences for people, not bugs."""

from typing import Any


class Refused(Exception):
    """A deed declined for a reason that its reader can understand and act on.

    `sentence` is a translated string (gettext); `status` the HTTP status a door answers with;
    `code` a stable word for machines; `extra` members a problem+json body may carry.
    """

    status = 409
    code = "refused"

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra


class NotAllowed(Refused):
    """The actor may not do this to that thing."""

    status = 403
    code = "not_allowed"


class NotFound(Refused):
    """No such thing, or none that this actor may know of."""

    status = 404
    code = "not_found"


class Invalid(Refused):
    """What was sent cannot be understood; `fields` says where, each with a sentence."""

    status = 422
    code = "invalid"

    def __init__(self, sentence: str, fields: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(sentence, fields=fields or {}, **extra)
        self.fields = fields or {}

"""Who files from this browser, when the app that people know vouches for him."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest

from thudo.petitions.rules import KnownPerson

_KEY = "known_person"


def known_person(request: HttpRequest) -> KnownPerson | None:
    """The person that this browser's session knows. A first visit has no session: none is read."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    kept = request.session.get(_KEY)
    return KnownPerson(**kept) if kept else None


def remember_known(request: HttpRequest, person: KnownPerson) -> None:
    """Until the session ends; under a new session key, so that nobody waits in an old one."""
    request.session.cycle_key()
    request.session[_KEY] = asdict(person)


def forget_known(request: HttpRequest) -> None:
    """Nobody is vouched for here any more."""
    request.session.pop(_KEY, None)

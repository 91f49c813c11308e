"""What a sign-in's claims mean here: a name, a telephone, an address, each only if vouched for."""

import re
from collections.abc import Mapping
from typing import Any

from thudo.petitions.rules import KnownPerson, clean_email, clean_phone

# The claims of OpenID Connect Core 5.1; an app that names them otherwise says so in the pack.
_STANDARD = {"name": "name", "phone": "phone_number", "email": "email"}


def person_of(claims: Mapping[str, Any], names: Mapping[str, str], country: str) -> KnownPerson:
    """The person, with only what the provider has verified.

    `names`: our word -> the provider's claim; `country`: the dialling code whose numbers are
    written with a leading 0 at home ("84").
    """
    called = {**_STANDARD, **names}
    phone = _verified(claims, called["phone"])
    email = _verified(claims, called["email"])
    return KnownPerson(
        subject=str(claims["sub"])[:200],
        name=" ".join(str(claims.get(called["name"]) or "").split())[:120],
        phone=_or_empty(clean_phone, _at_home(phone, country)),
        email=_or_empty(clean_email, email),
    )


def _verified(claims: Mapping[str, Any], name: str) -> str:
    """A claim that says it is not verified is none; one that says nothing is the app's own word."""
    is_denied = claims.get(f"{name}_verified") in {False, "false"}
    return "" if is_denied else str(claims.get(name) or "")


def _at_home(phone: str, country: str) -> str:
    digits = re.sub(r"[\s.\-()]", "", phone)
    return (
        f"0{digits.removeprefix(f'+{country}')}"
        if country and digits.startswith(f"+{country}")
        else digits
    )


def _or_empty(clean: Any, text: str) -> str:
    try:
        return str(clean(text))
    except ValueError:
        return ""

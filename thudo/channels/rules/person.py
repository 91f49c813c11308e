"""What a sign-in's claims mean here: a name, a telephone, an address, each only if vouched for."""

from collections.abc import Mapping
from typing import Any

from thudo.petitions.rules import KnownPerson, clean_email, clean_phone, spellings

# The claims of OpenID Connect Core 5.1; an app that names them otherwise says so in the pack.
_STANDARD = {"name": "name", "phone": "phone_number", "email": "email"}


def person_of(
    claims: Mapping[str, Any], app: Mapping[str, Any], numbers: Mapping[str, str]
) -> KnownPerson:
    """The person, with only what the provider has verified.

    `app`: the pack's city_app. Its `claims`: our word -> the provider's claim; `vouches`: which of
    phone and email the app has verified for everybody, whose claims need not say so. `numbers`: the
    pack's, `country` and `trunk` of thudo.petitions.rules.spellings.
    """
    called = {**_STANDARD, **app.get("claims", {})}
    vouched = app.get("vouches", ())
    phone = _verified(claims, called["phone"], is_vouched="phone" in vouched)
    email = _verified(claims, called["email"], is_vouched="email" in vouched)
    return KnownPerson(
        subject=str(claims["sub"])[:200],
        name=" ".join(str(claims.get(called["name"]) or "").split())[:120],
        phone=_at_home(_or_empty(clean_phone, phone), numbers),
        email=_or_empty(clean_email, email),
    )


def _verified(claims: Mapping[str, Any], name: str, *, is_vouched: bool) -> str:
    """A claim that does not say that it is verified is none, unless the app vouches for all."""
    said = claims.get(f"{name}_verified", is_vouched)
    return str(claims.get(name) or "") if said in {True, "true"} else ""


def _at_home(phone: str, numbers: Mapping[str, str]) -> str:
    return (
        spellings(phone, numbers.get("country", ""), numbers.get("trunk", ""))[0] if phone else ""
    )


def _or_empty(clean: Any, text: str) -> str:
    try:
        return str(clean(text))
    except ValueError:
        return ""

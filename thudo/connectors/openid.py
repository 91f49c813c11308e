"""Sign-in by OpenID Connect: authorization code with PKCE (RFC 7636, S256), nonce, ID token checked.

Only the flow that is used here; signatures and claims are read by joserfc (ADR 0018).
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from thudo.connectors import http
from thudo.connectors.failures import Declined, Failed, Unavailable

# What a public key signs; never "none", never a secret's HMAC.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY = 120
_KEEP_SECONDS = 3600.0
# A person waits while the discovery document is read; where it cannot be had nobody waits again
# for a minute.
_DISCOVERY_SECONDS, _REST_SECONDS = 3.0, 60.0


@dataclass(frozen=True, slots=True)
class Provider:
    """`issuer` as its discovery document names it; `secret` "" for a public client."""

    issuer: str
    client: str
    secret: str = ""
    scope: str = "openid profile phone email"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in on its way: kept in the browser's session, shown to nobody."""

    state: str
    nonce: str
    verifier: str


def new_attempt() -> Attempt:
    """Three secrets of 256 bits."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def address(provider: Provider, attempt: Attempt, *, back: str, is_silent: bool) -> str:
    """Where to send the browser. `is_silent`: only if it is signed in there already."""
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    query = {
        "response_type": "code", "client_id": provider.client, "redirect_uri": back,
        "scope": provider.scope, "state": attempt.state, "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }  # fmt: skip
    if is_silent:
        query["prompt"] = "none"
    start = str(_discovered(provider)["authorization_endpoint"])
    return f"{start}{'&' if '?' in start else '?'}{urlencode(query)}"


def claims_of(
    provider: Provider, attempt: Attempt, code: str, *, back: str, at: datetime
) -> dict[str, Any]:
    """What the provider says of the person: the ID token's claims, completed by userinfo.

    Declined when the code or the token does not hold; Unavailable without an answer (a code works
    once: the person signs in again).
    """
    found = _discovered(provider)
    answer = _exchanged(provider, attempt, code, back, str(found["token_endpoint"]))
    claims = _checked(provider, attempt, str(answer.get("id_token", "")), at)
    access, endpoint = answer.get("access_token"), found.get("userinfo_endpoint")
    if access and endpoint:
        more = http.get(str(endpoint), headers={"Authorization": f"Bearer {access}"}).json()
        # An answer about somebody else must not be mixed in (OpenID Connect Core, 5.3.2).
        if more.get("sub") == claims["sub"]:
            claims = {**more, **claims}
    return claims


def forget() -> None:
    """Forget what was discovered (tests)."""
    _kept.clear()


def _exchanged(
    provider: Provider, attempt: Attempt, code: str, back: str, endpoint: str
) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back,
        "client_id": provider.client, "code_verifier": attempt.verifier,
    }  # fmt: skip
    if provider.secret:
        fields["client_secret"] = provider.secret
    return http.post_form(endpoint, fields).json()


def _checked(provider: Provider, attempt: Attempt, token: str, at: datetime) -> dict[str, Any]:
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()), leeway=_LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client},
        exp={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )  # fmt: skip
    try:
        read = jwt.decode(token, _keys(provider), algorithms=_ALGORITHMS)
        rules.validate(read.claims)
    except (JoseError, ValueError, KeyError) as wrong:
        raise Declined(f"the ID token does not hold: {type(wrong).__name__}") from wrong
    return dict(read.claims)


def _keys(provider: Provider) -> KeySet:
    found = http.get(str(_discovered(provider)["jwks_uri"])).json()
    return KeySet.import_key_set(found)  # type: ignore[arg-type]


_kept: dict[str, tuple[float, Mapping[str, Any]]] = {}


def _discovered(provider: Provider) -> Mapping[str, Any]:
    """The discovery document; read again after an hour."""
    until, found = _kept.get(provider.issuer, (0.0, {}))
    if time.monotonic() >= until:
        try:
            found = _read_discovery(provider)
        except Failed:
            _kept[provider.issuer] = (time.monotonic() + _REST_SECONDS, {})
            raise
        _kept[provider.issuer] = (time.monotonic() + _KEEP_SECONDS, found)
    if not found:
        raise Unavailable("it could not be reached a moment ago")
    return found


def _read_discovery(provider: Provider) -> Mapping[str, Any]:
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = http.get(url, seconds=_DISCOVERY_SECONDS).json()
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != provider.issuer or not all(found.get(name) for name in needed):
        raise Unavailable("its discovery document is another one's or lacks an endpoint")
    return found

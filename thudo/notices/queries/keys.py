"""The key pair that push services know us by, and tokens that only this server can make."""

import hmac
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from thudo.base.sealing import keyed_hash
from thudo.connectors.web_push import Sender, decode, encode, private_key, public_point

_TOKEN = 16


@lru_cache(maxsize=1)
def sender() -> Sender:
    """The key of THUDO_PUSH_KEY (32 bytes, URL-safe base64), else one derived from the secret."""
    given = settings.PUSH_KEY
    seed = decode(given) if given else keyed_hash("push key", "")
    url = settings.PUBLIC_URL
    # Push services want an address to complain to; some refuse one without TLS.
    contact = url if url.startswith("https:") else f"https:{url.partition(':')[2]}"
    return Sender(private_key(seed), contact)


def public_key() -> str:
    """What a browser subscribes with (applicationServerKey)."""
    return encode(public_point(sender().key))


def stop_token(follow: UUID) -> str:
    """What ends one follow from a message, without a sign-in: `<follow>.<proof>`."""
    return f"{follow.hex}.{_proof(follow.hex)}"


def follow_of(token: str) -> UUID | None:
    """The follow that a token ends; None for one that we did not make."""
    name, _, proof = token.partition(".")
    if not hmac.compare_digest(_proof(name).encode(), proof.encode()):
        return None
    return UUID(hex=name)


def _proof(name: str) -> str:
    return encode(keyed_hash("notices stop", name)[:_TOKEN])

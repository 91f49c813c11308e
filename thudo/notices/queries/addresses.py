"""Addresses at rest: sealed as identities are, found again by a keyed hash."""

import json

from thudo.base.sealing import keyed_hash, seal, unseal
from thudo.connectors.web_push import Subscription, read_subscription
from thudo.notices.models import Recipient


def hash_of(address: str) -> bytes:
    """By which a recipient is found without being opened."""
    return keyed_hash("notices address", address)


def sealed(subscription: Subscription) -> tuple[str, bytes]:
    """(key id, sealed) of a subscription."""
    plain = json.dumps(subscription.as_json()).encode()
    return seal(plain, about=hash_of(subscription.endpoint))


def subscription_of(recipient: Recipient) -> Subscription:
    """Where to send; raises KeyMissing when its key is no longer in the settings."""
    about = bytes(recipient.address_hash)
    plain = unseal(recipient.key_id, bytes(recipient.sealed), about=about)
    return read_subscription(**json.loads(plain))


def recipient_at(endpoint: str) -> Recipient | None:
    """The recipient of a push subscription, if it follows anything."""
    return Recipient.objects.filter(channel="push", address_hash=hash_of(endpoint)).first()

"""A page's word that its reader may have something: given where that was asked, shown elsewhere.

A page that has checked a secret link gives its script a grant for one topic; the door that takes
it (thudo.notices) need not know how the page made sure.
"""

from django.core.signing import BadSignature, TimestampSigner

# A page stays open for days; a copied grant opens nothing but the topic it names.
_LIFE_SECONDS = 7 * 24 * 3600


def grant(topic: str) -> str:
    """Good for a week, for this topic."""
    return _signer().sign(topic)[len(topic) + 1 :]


def is_granted(topic: str, given: str) -> bool:
    """Whether this is a grant of ours for this topic that is not over."""
    try:
        _signer().unsign(f"{topic}:{given}", max_age=_LIFE_SECONDS)
    except BadSignature:
        return False
    return True


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="thudo topic grant")

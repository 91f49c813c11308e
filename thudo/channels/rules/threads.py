"""How a mail finds its petition: by marks that only the city can make and only its answers carry.

    Message-ID   <5688561562.k3v…q.1f0c…@city.example>
    Reply-To     report+5688561562.k3v…q@city.example

The mark is half of a keyed hash of the number (80 bits): it lets its holder add to the petition, no
more. Nothing is kept for it, so it outlives every restored backup.
"""

import base64
import hmac
import re
from collections.abc import Callable, Iterable

_MARKED = re.compile(r"(?<!\d)(\d{10})\.([a-z2-7]{16})(?![a-z2-7])")
Hash = Callable[[str], bytes]


def mark(number: str, keyed: Hash) -> str:
    """'5688561562.k3vq…': the number and its mark."""
    return f"{number}.{base64.b32encode(keyed(number)[:10]).decode().lower()}"


def number_of(texts: Iterable[str], keyed: Hash) -> str:
    """The number in the first text that carries a genuine mark; "" without."""
    for text in texts:
        for number, code in _MARKED.findall(text.lower()):
            if hmac.compare_digest(mark(number, keyed), f"{number}.{code}"):
                return str(number)
    return ""


def reply_address(address: str, number: str, keyed: Hash) -> str:
    """The city's address with the petition's mark, as mail servers deliver it (RFC 5233)."""
    local, _at, domain = address.partition("@")
    return f"{local}+{mark(number, keyed)}@{domain}"


def message_id(address: str, number: str, key: str, keyed: Hash) -> str:
    """The Message-ID of the answer `key`: the same each time it is sent."""
    domain = address.partition("@")[2]
    start = mark(number, keyed) if number else "0"
    return f"<{start}.{key}@{domain}>"

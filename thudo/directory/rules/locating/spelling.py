"""Names as people mistype them: a slip of the finger, or no space between the words."""

from collections.abc import Iterator, Mapping

from thudo.directory.rules.words import is_one_slip

# Shorter names are never mended: too many others are one slip away.
_MENDED_FROM = 7


class Spelling:
    """`weights`: each known name (folded) with how much is known of it."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._mends: dict[str, list[str]] = {}
        self._joined: dict[str, list[str]] = {}
        for key in weights:
            if " " in key:
                self._joined.setdefault(key.replace(" ", ""), []).append(key)
            if len(key) >= _MENDED_FROM:
                for form in _shorter(key):
                    self._mends.setdefault(form, []).append(key)

    def mended(self, key: str) -> list[str]:
        """Known names one slip of the finger away; the best known first: it is likely meant."""
        if len(key) < _MENDED_FROM:
            return []
        near = {name for form in _shorter(key) for name in self._mends.get(form, ())}
        slips = [name for name in near if name != key and is_one_slip(key, name)]
        return sorted(slips, key=lambda name: (-self._weights[name], name))

    def run_on(self, key: str) -> list[str]:
        """Known names that were typed without the space between their words."""
        return self._joined.get(key, []) if len(key) >= _MENDED_FROM - 1 else []


def _shorter(key: str) -> Iterator[str]:
    """The text, and the text with each letter left out."""
    yield key
    yield from {key[:place] + key[place + 1 :] for place in range(1, len(key))}

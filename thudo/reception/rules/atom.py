"""An Atom feed (RFC 4287) of reception days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

_SPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: `key` is a URN that never changes."""

    key: str
    title: str
    summary: str
    address: str
    published_at: datetime
    updated_at: datetime


def feed(
    items: Sequence[Item], *, key: str, title: str, author: str, address: str, page: str,
    language: str, empty_at: datetime,
) -> bytes:  # fmt: skip
    """The document; `address` is its own, `page` that of people; `empty_at` when it has no item."""
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(
        f"{{{_SPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language}
    )
    updated = max((item.updated_at for item in items), default=empty_at)
    _add(root, "id", key)
    _add(root, "title", title)
    _add(root, "updated", updated.isoformat())
    _add(_add(root, "author"), "name", author)
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    for item in items:
        entry = _add(root, "entry")
        _add(entry, "id", item.key)
        _add(entry, "title", item.title)
        _add(entry, "published", item.published_at.isoformat())
        _add(entry, "updated", item.updated_at.isoformat())
        _add(entry, "link", rel="alternate", type="text/html", href=item.address)
        _add(entry, "summary", item.summary)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(
    parent: ElementTree.Element, name: str, words: str = "", **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_SPACE}}}{name}", attributes)
    child.text = words or None
    return child

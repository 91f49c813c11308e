"""One value, two formats: XML as GeoReport v2 shows it, JSON by the Spark convention.

A list in a container ("services") holds items of one name ("service"); JSON drops the root of a
list, so that an answer begins with [. What is None is left out: strict readers stumble over an
empty <expected_datetime/>, while "" says on purpose that nothing is known.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Tree

import msgspec

XML, JSON = "xml", "json"
MEDIA = {XML: "text/xml", JSON: "application/json"}
# container -> what one of its items is called
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "photos": "photo",
    "cases": "case",
}
# What XML 1.0 has no place for, even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: the name of its root and what is in it (a list of rows, or one row)."""

    root: str
    value: Any


def encoded(told: Told, form: str) -> bytes:
    """The bytes of an answer in "xml" or "json"."""
    value = _plain(told.value)
    if form == JSON:
        return msgspec.json.encode(value)
    text = Tree.tostring(_element(told.root, value), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def instant(at: datetime) -> str:
    """W3C date and time to the second, in UTC: the form that every reader takes."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(value: Any) -> Any:
    """Instants as text, what is None left out, and no sign that one of the formats refuses."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return instant(value)
    return _NO_XML.sub("", value) if isinstance(value, str) else value


def _element(name: str, value: Any) -> Tree.Element:
    element = Tree.Element(name)
    if isinstance(value, dict):
        element.extend(_element(part, inner) for part, inner in value.items())
    elif isinstance(value, list):
        element.extend(_element(ITEMS[name], inner) for inner in value)
    else:
        element.text = _text(value)
    return element


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

"""An Open311 client that believes nothing: every answer is held against the standard's shapes."""

import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as Tree

from django.test import Client

HOLE = "A large hole is swallowing the street before the school"

W3C = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
IDENTIFIER = re.compile(r"^[A-Za-z0-9_-]+$")
ITEM = {
    "services": "service", "service_requests": "request", "errors": "error",
    "service_request_updates": "request_update",
}  # fmt: skip
TEXT, NUMBER, FLAG, LIST, THING = str, (int, float), bool, list, dict

# element -> (its JSON type, whether it must be there)
SHAPES: dict[str, dict[str, tuple[Any, bool]]] = {
    "services": {
        "service_code": (TEXT, True), "service_name": (TEXT, True), "description": (TEXT, True),
        "metadata": (FLAG, True), "type": (TEXT, True), "keywords": (TEXT, True),
        "group": (TEXT, True),
    },
    "service_requests": {
        "service_request_id": (TEXT, True), "status": (TEXT, True), "status_notes": (TEXT, False),
        "service_name": (TEXT, True), "service_code": (TEXT, True), "description": (TEXT, False),
        "agency_responsible": (TEXT, False), "service_notice": (TEXT, False),
        "requested_datetime": (TEXT, True), "updated_datetime": (TEXT, True),
        "expected_datetime": (TEXT, False), "address": (TEXT, True), "address_id": (TEXT, True),
        "zipcode": (TEXT, True), "lat": (NUMBER, False), "long": (NUMBER, False),
        "media_url": (TEXT, True),
    },
    "service_request_updates": {
        "update_id": (TEXT, True), "service_request_id": (TEXT, True), "status": (TEXT, True),
        "updated_datetime": (TEXT, True), "description": (TEXT, True), "media_url": (TEXT, True),
    },
    "errors": {"code": (int, True), "description": (TEXT, True)},
    "created": {"service_request_id": (TEXT, True), "service_notice": (TEXT, False)},
    "tokens": {"service_request_id": (TEXT, True), "token": (TEXT, True)},
    "added": {"update_id": (TEXT, True)},
}  # fmt: skip
MORE = {"attributes", "extended_attributes", "notes", "external_status_code"}


class Open311:
    """Calls /open311/v2 in both formats and compares them."""

    def __init__(self, client: Client, base: str = "/open311/v2") -> None:
        self.client, self.base = client, base

    def get(self, resource: str, expect: int = 200, /, *, shape: str = "", **data: Any) -> Any:
        """The JSON value of a resource, after its XML was found to say the same."""
        as_json = self.client.get(f"{self.base}/{resource}.json", data)
        as_xml = self.client.get(f"{self.base}/{resource}.xml", data)
        value = checked(as_json, expect, shape or resource.split("/")[0])
        assert as_xml.status_code == expect
        same(root_of(as_xml), value)
        return value

    def post(self, resource: str, data: dict[str, Any], expect: int = 200, **how: Any) -> Any:
        """What a POST answers, as JSON; form-encoded unless a file is among what is sent."""
        sent: dict[str, Any] = {"data": data}
        if not any(hasattr(value, "read") for value in data.values()):
            kind = "application/x-www-form-urlencoded; charset=utf-8"
            sent = {"data": urlencode(data, doseq=True), "content_type": kind}
        answer = self.client.post(f"{self.base}/{resource}.json", **sent, **how)
        return checked(answer, expect, "created" if resource == "requests" else "added")


def checked(answer: Any, status: int, shape: str) -> Any:
    """The JSON value of an answer, its headers and elements as the standard has them."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    value = answer.json()
    if status != 200:
        assert {row["code"] for row in value} == {status}
        shape = "errors"
    if shape in SHAPES and isinstance(value, list):
        name = {"requests": "service_requests"}.get(shape, shape)
        for row in value:
            fits(row, SHAPES[name], name)
    return value


def fits(row: dict[str, Any], shape: dict[str, tuple[Any, bool]], name: str) -> None:
    for element, (kind, needed) in shape.items():
        assert element in row or not needed, f"{name}: no {element} in {row}"
        if element in row:
            assert isinstance(row[element], kind), (element, row)
        if element.endswith("_datetime") and element in row:
            assert W3C.match(row[element]), row[element]
        if (
            element in {"service_request_id", "service_code", "update_id", "token"}
            and element in row
        ):
            assert IDENTIFIER.match(row[element]), row[element]
    assert not set(row) - set(shape) - MORE, set(row) - set(shape)


def root_of(answer: Any) -> Tree.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return Tree.fromstring(text)


def same(element: Tree.Element, value: Any) -> None:
    """Spark convention: the container of a list has no name in JSON, booleans are words in XML."""
    assert not element.attrib
    if isinstance(value, list):
        name = ITEM.get(element.tag)
        assert name is None or {child.tag for child in element} <= {name}
        assert len(element) == len(value)
        for child, inner in zip(element, value, strict=True):
            same(child, inner)
    elif isinstance(value, dict):
        assert [child.tag for child in element] == list(value)
        for child in element:
            same(child, value[child.tag])
    else:
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
        assert (element.text or "") == text

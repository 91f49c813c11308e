"""Nonsense at every door: no answer is a fault, and every refusal to a program says why.

Bodies are drawn from the OpenAPI document, members now and then replaced by what nobody expects;
addresses come from the resolver, so that a new one is shaken without being named here. The draws
are the same each time; THUDO_FUZZ=10 makes ten times as many, other ones each run, to look for more.
"""

import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import town
from tests.petitions.conftest import HOLE, file_hole, jpeg
from tests.town import MONDAY
from thudo.accounts.actions import issue_key
from thudo.accounts.models import User
from thudo.cases.models import Case
from thudo.files.actions import keep_upload
from thudo.standards.v1.mapping.openapi import document

pytestmark = pytest.mark.audit
ODD_TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "²", "１２", "-1", "0", "1e999", "NaN", "inf", "null", "../..",
    "%", "'", "\"><b>", "{{ x }}", "\u202e", "\ufeff", "😀" * 40, "x" * 5000, "9" * 30, "0x10",
    "2026-02-30", "2026-13", "2026-02", "99999-01", "true", "e\u0301" * 50, "\r\n", "a:b", "road_damage",
]  # fmt: skip
ODD = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(max_size=20), st.integers(), st.floats(), st.none(),
    st.booleans(), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)  # fmt: skip


def shaken(times: int) -> settings:
    """That many draws, each its own world; nothing is kept between runs."""
    more = int(os.environ.get("THUDO_FUZZ", "0"))
    return settings(
        max_examples=times * (more or 1), derandomize=not more, deadline=None, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


def values(schema: dict[str, Any], described: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema, one in eight replaced by anything."""
    right = _right(schema, described)
    return st.integers(0, 7).flatmap(lambda n: ODD if n == 0 else right)


def _right(schema: dict[str, Any], described: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return _right(described["components"]["schemas"][name], described)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*(_right(one, described) for one in schema["anyOf"]))
    return _of_type(schema, described)


def _of_type(schema: dict[str, Any], described: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema.get("type", "string")
    if kind == "object":
        members = {n: values(one, described) for n, one in schema.get("properties", {}).items()}
        needed = {n: members[n] for n in schema.get("required", ()) if n in members}
        more = {n: one for n, one in members.items() if n not in needed}
        return st.fixed_dictionaries(needed, optional=more)
    if kind == "array":
        return st.lists(values(schema.get("items", {}), described), max_size=4)
    if kind in {"number", "integer"}:
        return st.one_of(
            st.floats(schema.get("minimum", -1e6), schema.get("maximum", 1e6)),
            st.sampled_from([105.05, 21.05, 0, 1]),
        )
    return {
        "boolean": st.booleans(), "null": st.none(),
    }.get(kind, st.one_of(st.text(max_size=60), st.sampled_from([*ODD_TEXTS, "w1", "ward-1"])))  # fmt: skip


class Scene:
    """A petition with its case and a file, people and keys, to aim at."""

    def __init__(self) -> None:
        self.petition, self.secret = file_hole()
        self.case = Case.objects.get(links__petition=self.petition)
        row = keep_upload(io.BytesIO(jpeg()), draft_key="d", actor="resident", at=MONDAY)
        self.file = str(row.pk)
        scopes = ["petitions:file", "petitions:read"]
        self.key = issue_key("a system", scopes=scopes, unit="desk", actor="user:1", at=MONDAY)[1]
        self.clients = {name: _client(name) for name in ("", "an", "binh", "giang", "ha", "hanh")}
        self.clients[""].get(f"/petitions/{self.petition.number}/{self.secret}")


def _client(name: str) -> Client:
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def scene(small_town: town.Cast) -> Scene:
    return Scene()


def is_answered(answer: Any, *, program: bool) -> None:
    """Not a fault; and a refusal to a program is problem+json with a sentence."""
    assert answer.status_code < 500, answer.exc_info
    if program and answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["title"].strip()
        assert told["code"]
    if hasattr(answer, "streaming_content"):
        answer.getvalue()


# What is taken as it is; up to three members of it are replaced.
GOOD: dict[str, dict[str, Any]] = {
    "Filing": {
        "text": HOLE, "point": {"lon": 105.05, "lat": 21.05}, "place": "1 High Street",
        "contact": {"name": "Nguyễn Văn A", "phone": "0900000000"},
    },
    "Supplement": {"text": "Hố đã rộng thêm sau cơn mưa."},
    "Judgement": {"value": "not_satisfied", "text": "Hố lún lại."},
    "Withdrawal": {},
    "Announcement": {
        "unit": "ward-1", "kind": "works", "about": "road", "title": {"vi": "Sửa mặt đường"},
        "begins_at": "2026-03-02T08:00:00+07:00", "source": {"name": "ward-1", "at": "2026-03-01T08:00:00+07:00"},
        "areas": ["w1"],
    },
    "Ending": {"note": "Xong sớm hơn dự kiến."},
}  # fmt: skip
OPERATIONS = [
    (method, path, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS]
)
def test_no_body_and_no_header_is_a_fault_for_the_api(
    scene: Scene, method: str, path: str, operation: dict[str, Any]
) -> None:
    described = document()
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")

    told: Counter[int] = Counter()

    @shaken(150 if method == "post" else 60)
    @given(st.data())
    def shake(data: st.DataObject) -> None:
        number = mostly(data, scene.petition.number, ["0000000000", *ODD_TEXTS[1:12]])
        address = "/api/v1" + path.replace("{number}", _quoted(number))
        query = {
            one["name"]: _as_text(data.draw(values(one["schema"], described)))
            for one in operation["parameters"] if one["in"] == "query" and data.draw(st.booleans())
        }  # fmt: skip
        headers = _headers(data, scene)
        if method == "get":
            answer = scene.clients[""].get(address, query, headers=headers)
        elif schema is None:
            answer = scene.clients[""].post(address, _upload(data), headers=headers)
        else:
            body = _body(data, schema, described)
            answer = scene.clients[""].post(
                address, body, content_type="application/json", headers=headers
            )
        is_answered(answer, program=True)
        told[answer.status_code] += 1
        assert str(answer.status_code) in operation["responses"], answer.content[:300]

    shake()
    print(method, path, dict(told))


def _headers(data: st.DataObject, scene: Scene) -> dict[str, str]:
    offered = {
        "X-Api-Key": ("", [scene.key, "wrong", "²"]),
        "X-Petition-Secret": (scene.secret, ["", "2" * 22, "é", "x" * 500]),
        "X-Client-Token": ("a-program-of-the-tests", ["", "x", "y" * 300, "ÿ" * 20]),
        "Idempotency-Key": ("", ["k1", "k" * 300, "é"]),
        "Accept-Language": ("vi", ["", "en", "xx-YY;q=9", ",,;"]),
    }
    drawn = {name: mostly(data, good, odd) for name, (good, odd) in offered.items()}
    return {name: value for name, value in drawn.items() if value}


def mostly(data: st.DataObject, good: str, odd: list[str]) -> str:
    return data.draw(st.sampled_from(odd)) if data.draw(st.integers(0, 7)) == 0 else good


def _body(data: st.DataObject, schema: dict[str, Any], described: dict[str, Any]) -> bytes:
    if data.draw(st.integers(0, 9)) == 0:
        return data.draw(
            st.one_of(st.binary(max_size=40), st.sampled_from([b"[" * 5000, b"{}", b"1e999"]))
        )
    kind = schema["$ref"].rsplit("/", 1)[1]
    members = described["components"]["schemas"][kind].get("properties", {})
    changed = data.draw(st.lists(st.sampled_from(sorted(members)), max_size=3)) if members else []
    body = GOOD[kind] | {name: data.draw(values(members[name], described)) for name in changed}
    return json.dumps(body).encode()


def _upload(data: st.DataObject) -> dict[str, Any]:
    whole = jpeg()
    cut = data.draw(st.integers(0, len(whole)))
    content = data.draw(
        st.one_of(st.just(whole[:cut]), st.just(whole[:cut] + whole), st.binary(max_size=300))
    )
    name = data.draw(st.sampled_from(["a.jpg", "a.php.jpg", "../../a", "x" * 300, "é\u202e.png"]))
    given_file = SimpleUploadedFile(name, content, "image/jpeg")
    purpose = data.draw(st.sampled_from(["matter", "supplement", "after", "\0"]))
    return data.draw(
        st.sampled_from([{"file": given_file, "purpose": purpose}, {"file": given_file}, {}])
    )


def routes() -> Iterator[str]:
    """Every address of pages, with its converters still in it."""
    for pattern in _patterns(get_resolver().url_patterns, ""):
        if not pattern.startswith(("api/", "static/")):
            yield pattern


def _patterns(found: list[Any], before: str) -> Iterator[str]:
    for one in found:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here


ROUTES = sorted(set(routes()))
ASKED = ["q", "tab", "unit", "page", "older", "newer", "cursor", "month", "state", "area", "service",
         "group", "lon", "lat", "limit", "z", "zoom", "bbox", "box", "verdict", "promise", "done",
         "jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status",
         "page_size", "extensions", "api_key", "updated_datetime", "lat", "long", "address_string",
         "filed", "number", "next", "v", "act", "cases", "case", "view", "from", "to"]  # fmt: skip
TYPED = [*ASKED, "text", "seen", "phone", "email", "name", "place", "place_choice", "visibility", "no_place",
         "is_home", "service_other", "about_unit", "idempotency_key", "files", "outcome", "remaining",
         "next_step", "next_on", "due_on", "ground", "right_office", "post", "finding", "note",
         "with_photos", "value", "urgency", "into", "purpose", "wording", "files_after", "username",
         "password", "channel", "is_private", "is_anonymous", "language", "scheme", "size", "taken_at",
         "answer_road_damage"]  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_typed_into_a_page_is_a_fault(scene: Scene, method: str) -> None:
    @shaken(1500)
    @given(st.data())
    def shake(data: st.DataObject) -> None:
        route = data.draw(st.sampled_from(ROUTES))
        address = "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: _place(data, scene, m), route)
        query = _typed(data, scene, ASKED)
        client = scene.clients[data.draw(st.sampled_from(sorted(scene.clients)))]
        if method == "get":
            more = data.draw(
                st.sampled_from([{}, {"X-Fragment": "1"}, {"Accept": "application/json"}])
            )
            answer = client.get(address, query, headers=more)
        else:
            answer = client.post(address, _typed(data, scene, TYPED))
        is_answered(answer, program=False)

    shake()


def test_no_wish_for_a_stream_is_a_fault(scene: Scene) -> None:
    number = scene.petition.number
    topics = st.sampled_from(
        [f"petition:{number}", "wall", f"case:{scene.case.pk}", "unit:ward-1", *ODD_TEXTS]
    )
    wishes = st.fixed_dictionaries(
        {"topics": st.one_of(st.lists(topics, max_size=4), ODD)},
        optional={
            "secrets": st.one_of(st.dictionaries(st.sampled_from([number, "²"]), topics), ODD)
        },
    )

    @shaken(300)
    @given(st.one_of(wishes.map(lambda wish: json.dumps(wish).encode()), st.binary(max_size=30)))
    def shake(body: bytes) -> None:
        answer = scene.clients[""].post("/live/grants", body, content_type="application/json")
        is_answered(answer, program=True)

    shake()


def _place(data: st.DataObject, scene: Scene, found: re.Match[str]) -> str:
    kind = found[1] or "str"
    offered = {
        "uuid": [str(scene.case.pk), scene.file, str(uuid4())],
        "number": [scene.petition.number, "0000000000"],
        "secret": [scene.secret, "2" * 22],
        "int": ["0", "1", "14", "99999999999999999999"],
        "endpoint": ["v2", "v2/", "test/v2"],
        "form": ["xml", "json"],
        "path": ["v2", "v2/x", "v9/requests.xml", "%2e%2e"],
        "slug": ["areas", "roads", "water", "x"],
        "str": [scene.petition.number, "w1", *(_quoted(odd) for odd in ODD_TEXTS[1:12])],
    }
    return data.draw(st.sampled_from(offered[kind]))


def _typed(data: st.DataObject, scene: Scene, names: list[str]) -> dict[str, Any]:
    chosen = data.draw(st.lists(st.sampled_from(names), max_size=6, unique=True))
    real = [str(scene.case.pk), f"{scene.case.pk}:1", scene.file, str(scene.case.version), "road_damage",
            "ward-2", "ward-1/handler", "resolved", "redo", "w1", "105.05", "21.05", "2026-03-20", "2026-03",
            "satisfied", "notes", "answers", HOLE]  # fmt: skip
    return {
        name: data.draw(st.one_of(st.sampled_from(real), st.sampled_from(ODD_TEXTS), st.text(max_size=30)))
        .encode("utf-8", "replace").decode()
        for name in chosen
    }  # fmt: skip


def _as_text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text.encode("utf-8", "replace"), safe="")

"""The small town spoken to by programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from tests import town
from tests.standards.open311 import HOLE
from thudo.accounts.actions import issue_key
from thudo.standards.v1.mapping.openapi import document


class Api:
    """Calls the API and holds every answer against the OpenAPI document."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, data: Any = None, **headers: str) -> Any:
        answer = self.client.get(f"/api/v1{path}", data, headers=headers)
        return self._checked("get", path, answer, status)

    def post(self, path: str, body: Any, status: int = 201, **headers: str) -> Any:
        sent = {} if isinstance(body, str | bytes) else {"content_type": "application/json"}
        if isinstance(body, str | bytes):
            sent = {"content_type": "application/json"}
        answer = self.client.post(f"/api/v1{path}", body, headers=headers, **sent)  # type: ignore[arg-type]
        return self._checked("post", path, answer, status)

    def upload(self, file: Any, status: int = 201, **headers: str) -> Any:
        answer = self.client.post("/api/v1/files", {"file": file} if file else {}, headers=headers)
        return self._checked("post", "/files", answer, status)

    def _checked(self, method: str, path: str, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        described = document()
        operation = described["paths"][_template(path, described)][method]
        content = operation["responses"][str(status)]["content"]
        media = answer["Content-Type"].split(";")[0]
        schema = {**content[media]["schema"], "components": described["components"]}
        value = answer.json()
        Draft202012Validator(schema).validate(value)
        return value


def _template(path: str, described: dict[str, Any]) -> str:
    plain = path.split("?")[0]
    if plain in described["paths"]:
        return plain
    parts = plain.strip("/").split("/")
    return "/" + "/".join([parts[0], "{number}", *parts[2:]])


@pytest.fixture
def api(client: Client, small_town: town.Cast) -> Api:
    return Api(client)


@pytest.fixture
def key(small_town: town.Cast) -> Callable[..., str]:
    def issue(*scopes: str, unit: str = "desk") -> str:
        return issue_key(
            "a system", scopes=list(scopes), unit=unit, actor="user:1", at=town.MONDAY
        )[1]

    return issue


@pytest.fixture
def sent(key: Callable[..., str]) -> dict[str, Any]:
    """A petition as an Open311 client with a key posts it."""
    return {
        "api_key": key("petitions:file"), "service_code": "road_damage", "lat": "21.05",
        "long": "105.05", "email": "smith@example.org", "description": HOLE,
    }  # fmt: skip

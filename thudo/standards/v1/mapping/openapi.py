"""The OpenAPI 3.1 document, made from the table of operations and the structs."""

from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings

from thudo import __version__
from thudo.standards.v1.mapping import bodies
from thudo.standards.v1.mapping.operations import BASE, OPERATIONS, Operation, Parameter

_REF = "#/components/schemas/{name}"
_FAILS = {
    400: "It cannot be read",
    401: "The key is unknown or has ended",
    403: "The key, or the secret, does not give this right",
    404: "No such thing, or none that may be known of",
    409: "The state of things does not allow it now",
    413: "Too large",
    429: "Too many in a short time: see Retry-After and `violated-policies`",
    422: "Understood, but something in it is missing or wrong: see `fields`",
}
_INTRO = (
    "File petitions to the city and read what became of them. Sentences come in the language of "
    "`Accept-Language`. Nobody signs in: a petition is opened by its secret; other systems use a key "
    "in `X-Api-Key`. Cookies are not read. Instants are ISO 8601 with zone; degrees are WGS 84. "
    "Unknown query parameters are ignored; unknown members of a body are refused."
)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole document as plain values."""
    kinds = {op.answer for op in OPERATIONS} | {op.body for op in OPERATIONS if op.body}
    _, schemas = msgspec.json.schema_components([*kinds, bodies.Problem], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "thudo",
            "version": __version__,
            "summary": "Petitions to the city",
            "description": _INTRO,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings.PUBLIC_URL + BASE}],
        "security": [{}, {"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
        },
    }


def _paths() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for op in OPERATIONS:
        found.setdefault(op.path, {})[op.method.lower()] = _operation(op)
    return found


def _operation(op: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": op.id,
        "summary": op.summary,
        "parameters": [_parameter(one) for one in op.parameters],
        "responses": {
            str(op.status): _content("Done", "application/json", op.answer),
            **{
                str(status): _content(_FAILS[status], "application/problem+json", bodies.Problem)
                # Everything is limited, so every operation may answer 429.
                for status in (*op.fails, 429)
            },
        },
    }
    if op.is_upload:
        described["requestBody"] = _UPLOAD
    elif op.body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(op.body)}},
        }
    return described


_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "purpose": {"type": "string", "enum": ["matter", "supplement"]},
                },
                "required": ["file"],
            }
        }
    },
}


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "in": one.place,
        "name": one.name,
        "description": one.told,
        "required": one.required,
        "schema": one.schema,
    }


def _content(told: str, media: str, kind: type) -> dict[str, Any]:
    return {"description": told, "content": {media: {"schema": _schema(kind)}}}


def _schema(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}

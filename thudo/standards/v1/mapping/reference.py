"""docs/reference/api.md, made from the same table (a test compares)."""

from django.conf import settings

from thudo.standards.v1.mapping.openapi import document
from thudo.standards.v1.mapping.operations import BASE, OPERATIONS, Operation

_HEAD = """# The JSON API

Made from `thudo/standards/v1/mapping/operations.py`; a test compares. The OpenAPI 3.1 document of a
running server is at `/api/v1/openapi.json`.

{intro}

What anybody may read, pages of other sites may read too (`Access-Control-Allow-Origin: *`), and carries an `ETag`:
asked again with `If-None-Match`, what has not changed is answered 304 without a body.

Errors are RFC 9457 problems (`application/problem+json`) with `title` (a sentence), `code` (a stable
word) and, where fields are wrong, `fields` (a sentence for each).

    curl -sX POST https://city.example/api/v1/petitions -H 'Content-Type: application/json' \\
      -H 'X-Client-Token: 4f1c0b7ae2d94d5f' -H 'Idempotency-Key: 1' -H 'Accept-Language: vi' \\
      -d '{{"text": "...", "point": {{"lon": 105.81, "lat": 20.99}}, "contact": {{"phone": "0900000000"}}}}'

| operation | what it does | body | answers | problems |
|---|---|---|---|---|
"""


def markdown() -> str:
    """The page."""
    intro = document()["info"]["description"]
    parts = [_HEAD.format(intro=intro), *map(_row, OPERATIONS), "\n## Parameters\n"]
    for op in OPERATIONS:
        if op.parameters:
            parts.append(f"\n`{op.method} {BASE}{op.path}`\n\n")
            parts += [
                f"- `{one.name}` ({one.place}{', required' if one.required else ''}): {one.told}\n"
                for one in op.parameters
            ]
    return "".join(parts)


def write() -> None:
    """Put the page where the docs are."""
    path = settings.BASE_DIR / "docs" / "reference" / "api.md"
    path.write_text(markdown(), "utf-8")


def _row(op: Operation) -> str:
    body = "multipart `file`" if op.is_upload else f"`{op.body.__name__}`" if op.body else ""
    fails = ", ".join(map(str, op.fails))
    return (
        f"| `{op.method} {BASE}{op.path}` | {op.summary} | {body} "
        f"| {op.status} `{op.answer.__name__}` | {fails} |\n"
    )

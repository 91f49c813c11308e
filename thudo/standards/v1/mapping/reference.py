"""docs/reference/api.md, made from the same table (a test compares)."""

from pathlib import Path

from django.conf import settings

from thudo.standards.v1.mapping.openapi import document
from thudo.standards.v1.mapping.operations import BASE, OPERATIONS, Operation

FOLDER: Path = settings.BASE_DIR / "docs" / "reference" / "examples"
# (file, language of its fence, title)
EXAMPLES = (
    ("file.sh", "sh", "curl"),
    ("file.py", "python", "Python"),
    ("file.mjs", "js", "JavaScript"),
)
_HEAD = """# The JSON API

Made from `thudo/standards/v1/mapping/operations.py`; a test compares. The OpenAPI 3.1 document of a
running server is at `/api/v1/openapi.json`.

{intro}

What anybody may read, pages of other sites may read too (`Access-Control-Allow-Origin: *`), and carries an `ETag`:
asked again with `If-None-Match`, what has not changed is answered 304 without a body.

Errors are RFC 9457 problems (`application/problem+json`) with `title` (a sentence), `code` (a stable
word) and, where fields are wrong, `fields` (a sentence for each).

Every answer of a limited address says where its sender stands (`RateLimit-Policy`, `RateLimit`); who is over gets 429 with
`Retry-After` and a problem whose `violated-policies` names what was too much. Send `X-Client-Token`, so that you are counted by
yourself and not with everybody behind your address; a key counts by itself. docs/running/limits.md.

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
    parts.append(
        "\n## Examples\n\nThe tests run them against a live server (`CITY=https://... sh file.sh`).\n"
    )
    parts += [_example(*one) for one in EXAMPLES]
    return "".join(parts)


def _example(name: str, language: str, title: str) -> str:
    text = (FOLDER / name).read_text("utf-8")
    return f"\n### {title}\n\n`docs/reference/examples/{name}`\n\n```{language}\n{text}```\n"


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

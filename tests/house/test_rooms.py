"""Rules of the house that import-linter cannot say."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import (
    PRODUCT,
    PUBLIC_ROOMS,
    ROOT,
    SLICES,
    name,
    parsed,
    room_of,
    slice_of,
    sources,
    templates,
)

WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create",
}  # fmt: skip
LIMIT = 400


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_file_reaches_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < LIMIT


@pytest.mark.parametrize("path", list((PRODUCT.parent / "web").glob("[ic]*/**/*.[tc]s*")), ids=name)
def test_no_island_and_no_stylesheet_reaches_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < LIMIT


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_actions_write(path: Path) -> None:
    if slice_of(path) in {"", "base", "cli"} or room_of(path) == "actions":
        return
    for node in ast.walk(parsed(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            is_row = "objects" in owner or owner.endswith(("row", "rows", "case"))
            assert not is_row, f"{name(path)}:{node.lineno} writes {ast.unparse(node.func)}"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_neighbours_meet_in_public_rooms(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("thudo."):
            _, other, *rooms = (node.module or "").split(".")
            if other not in SLICES or other in {slice_of(path), "base"} or not slice_of(path):
                continue
            room = rooms[0] if rooms else node.names[0].name
            assert room in PUBLIC_ROOMS or other in {"standards", "connectors"}, (
                f"{name(path)}:{node.lineno} enters thudo.{other}.{room}"
            )


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_doors_read_the_clock(path: Path) -> None:
    if slice_of(path) in {"", "base", "cli", "live"}:
        return
    if room_of(path) in {"views", "jobs", "middleware", "command", "management", "asgi"}:
        return
    if slice_of(path) in {"standards", "simulation"}:
        return
    assert "base.clock" not in path.read_text("utf-8") or room_of(path) == "templatetags"


def test_nothing_of_one_city_is_written_in_python() -> None:
    words = re.compile(r"Hà Nội|Hanoi|Ho_Chi_Minh|iHanoi|Khương Đình|1022\b")
    found = [
        f"{name(path)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if words.search(line) and "packs" not in line
    ]
    assert found == []


@pytest.mark.parametrize("path", templates(), ids=name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\b(src|type=\"application/(ld\+)?json\"))", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)


def test_migrations_are_named() -> None:
    found = [name(path) for path in PRODUCT.glob("*/migrations/0*.py") if "_auto_" in path.name]
    assert found == []


def test_foreign_keys_point_down_by_class_not_by_string() -> None:
    found = []
    for path in sources():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"(ForeignKey|OneToOneField|ManyToManyField)\(\s*\"(?!self\")", line):
                found.append(f"{name(path)}:{number}")
            if "get_model(" in line:
                found.append(f"{name(path)}:{number}")
    assert found == []


def test_floors_in_the_docs_are_the_contracts() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = contracts["contracts"][0]["layers"]
    drawn = re.findall(
        r"^    (\S.*?)(?:\s{2,}.*)?$", (ROOT / "docs/house.md").read_text("utf-8"), re.MULTILINE
    )
    assert [" ".join(f.split()) for f in floors if f != "__main__"] == drawn[: len(floors) - 1]

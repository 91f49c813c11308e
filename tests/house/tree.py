"""The source tree as the house tests read it."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "thudo"
# Rooms that another slice may enter; views, forms, jobs, urls and templates are private.
PUBLIC_ROOMS = {
    "actions",
    "queries",
    "gate",
    "models",
    "lifecycle",
    "rules",
    "followers",
    "command",
}
SLICES = sorted(path.name for path in PRODUCT.iterdir() if (path / "apps.py").is_file())


def sources() -> list[Path]:
    """Every Python file of the product, migrations left out."""
    return [p for p in sorted(PRODUCT.rglob("*.py")) if "migrations" not in p.parts]


def name(path: Path) -> str:
    """The path as people say it: thudo/cases/actions/answer.py."""
    return path.relative_to(ROOT).as_posix()


def slice_of(path: Path) -> str:
    """The slice that a file belongs to; "" for the roof."""
    parts = path.relative_to(PRODUCT).parts
    return parts[0] if len(parts) > 1 else ""


def room_of(path: Path) -> str:
    """The room of a file within its slice: the file's or folder's name."""
    parts = path.relative_to(PRODUCT).parts
    return Path(parts[1]).stem if len(parts) > 1 else ""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def templates() -> list[Path]:
    return sorted(PRODUCT.rglob("templates/**/*.html"))

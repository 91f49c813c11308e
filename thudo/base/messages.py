"""The words of each language: compiled from .po, and what is still untranslated.

`python -m thudo.base.messages` compiles; needs no gettext tools.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent

_PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
_QUOTED = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_QUOTED}(?:\s*,\s*{_QUOTED})?", re.DOTALL)


@dataclass(frozen=True, order=True)
class Message:
    """One sentence to translate: its slice, context ("" for none) and English words."""

    slice: str
    context: str
    words: str


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile every .po that is newer than its .mo; the .mo files written."""
    return [_compile(po) for po in _catalogues(root) if _is_stale(po)]


def missing(language: str = "vi", root: Path = ROOT) -> list[Message]:
    """Every sentence of code and templates without a translation, in order."""
    known = set(_translated(language, root))
    wanted = (message for folder in _slices(root) for message in extract(folder))
    return sorted({m for m in wanted if (m.context, m.words) not in known})


def extract(folder: Path) -> Iterator[Message]:
    """The sentences of one slice's Python files and templates."""
    for path in sorted(folder.rglob("*.py")):
        for context, words in in_python(path.read_text("utf-8")):
            yield Message(folder.name, context, words)
    for path in sorted((folder / "templates").rglob("*")):
        if path.is_file():
            for context, words in in_template(path.read_text("utf-8"), path):
                yield Message(folder.name, context, words)


def in_python(source: str) -> Iterator[tuple[str, str]]:
    """(context, words) of each call of a gettext function with literal words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _read_call(_name(node.func), [_literal(each) for each in node.args])


def in_template(source: str, origin: Path) -> Iterator[tuple[str, str]]:
    """(context, words) of each translate and blocktranslate tag."""
    for name, first, second in _CALL.findall(templatize(source, origin=str(origin))):
        literals = [ast.literal_eval(each) for each in (first, second) if each]
        yield from _read_call(name, literals)


def _read_call(name: str, values: list[str | None]) -> Iterator[tuple[str, str]]:
    contextual = name in _CONTEXT | _CONTEXT_PLURAL
    if not contextual and name not in _PLAIN | _PLURAL:
        return
    context = values.pop(0) if contextual and values else ""
    if values and values[0] and context is not None:
        yield context, values[0]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _slices(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.glob("*/__init__.py"))


def _catalogues(root: Path) -> list[Path]:
    return sorted(root.glob("*/locale/*/LC_MESSAGES/django.po"))


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> Path:
    mo = po.with_suffix(".mo")
    draft = mo.with_suffix(".mo.new")
    polib.pofile(str(po)).save_as_mofile(str(draft))
    return draft.replace(mo)


def _translated(language: str, root: Path) -> Iterator[tuple[str, str]]:
    for po in root.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(po)).translated_entries():
            yield entry.msgctxt or "", entry.msgid


def main() -> None:
    """Compile and say what was written."""
    for path in compile_all():
        print(f"compiled {path.relative_to(ROOT.parent)}")  # noqa: T201


if __name__ == "__main__":
    main()

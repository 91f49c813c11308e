"""`thudo learn`: a new model from the pack's sentences and what the desk decided.

It is installed only if it is not worse than the present one on lines that neither has seen.
"""

import json
import tomllib
import zlib
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thudo.routing.management import training
from thudo.routing.management.commands.evaluate import measured
from thudo.routing.queries.classification import (
    FOLDER,
    LEXICON,
    MODEL,
    Reader,
    lexicon_digest,
    read_model,
)
from thudo.routing.rules.classification import Lexicon, Model, lexicon_from
from thudo.routing.rules.evaluation import Line, LineFault, apart, figures, losses

# One in so many of the desk's decisions is never learned, only asked.
_HELD_BACK = 5
_MOST_BYTES = 8 * 1024 * 1024


class Command(BaseCommand):
    """Learns, compares, and installs or refuses."""

    help = "Learn a new classifier and install it if it is not worse."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pack", type=Path, default=settings.PACK_DIR)
        parser.add_argument(
            "--add", type=Path, action="append", default=[], help="more labelled lines (JSONL)"
        )
        parser.add_argument("--dry-run", action="store_true", help="measure, but install nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["pack"] / FOLDER
        lexicon = lexicon_from(tomllib.loads((folder / LEXICON).read_text("utf-8")))
        learned, asked = _lines(folder, options["add"])
        _known(learned, asked, lexicon)
        asked, dropped = apart(asked, [line.text for line in learned])
        self.stdout.write(f"{len(learned)} lines to learn, {len(asked)} held back")
        self.stdout.write(f"{len(dropped)} held-back lines dropped: too similar to a learned one")
        try:
            around = training.read_surroundings(folder / "surroundings.toml")
            model = training.learn(learned, lexicon, around)
        except ModuleNotFoundError as fault:
            raise CommandError("Learning needs SciPy: uv sync --group dev") from fault
        after = self._compared(asked, lexicon, _present(folder, lexicon), model)
        if not options["dry_run"]:
            size = write_model(folder, model, after, len(learned))
            self.stdout.write(f"installed {folder / MODEL}, {size} bytes")

    def _compared(
        self, asked: list[Line], lexicon: Lexicon, present: Model | None, new: Model
    ) -> dict[str, Any]:
        """The figures of the new model; raises CommandError when the present one does better."""
        after = _measure(asked, lexicon, new)
        before = _measure(asked, lexicon, present) if present else dict.fromkeys(after)
        for name, value in after.items():
            self.stdout.write(f"{name:20} {_said(before[name])} -> {_said(value)}")
        worse = losses(before, after)
        if worse:
            raise CommandError("The new model is worse and was not installed: " + "; ".join(worse))
        return after


def write_model(folder: Path, model: Model, measured_as: dict[str, Any], count: int) -> int:
    """Writes model.npz whole, by rename; returns its size. Raises CommandError when too large."""
    digest = training.digest_of(model)
    meta = {
        "version": digest[:12],
        "digest": digest,
        "classes": model.classes,
        "service_count": model.service_count,
        "lexicon": lexicon_digest(folder),
        "lines": count,
        "figures": measured_as,
    }
    buckets = np.flatnonzero(model.hashed.any(axis=1)).astype(np.uint32)
    path = folder / (MODEL + ".new.npz")
    np.savez_compressed(
        path,
        meta=np.frombuffer(json.dumps(meta).encode(), np.uint8),
        buckets=buckets,
        values=model.hashed[buckets],
        scale=model.scale,
        pointed=model.pointed,
        bias=model.bias,
    )
    size = path.stat().st_size
    if size > _MOST_BYTES:
        path.unlink()
        raise CommandError(f"The model has {size} bytes; at most {_MOST_BYTES} are allowed.")
    path.replace(folder / MODEL)
    return size


def _lines(folder: Path, more: Sequence[Path]) -> tuple[list[Line], list[Line]]:
    """(to learn, held back). Of added lines the same fifth is held back at every run."""
    try:
        learned = training.read_lines(sorted((folder / "seed").glob("*.jsonl")))
        asked = training.read_lines(sorted((folder / "held_back").glob("*.jsonl")))
        added = training.read_lines(more)
    except (OSError, LineFault) as fault:
        raise CommandError(str(fault)) from fault
    for line in added:
        is_held = zlib.crc32(line.text.encode()) % _HELD_BACK == 0
        (asked if is_held else learned).append(line)
    return learned, asked


def _known(learned: Sequence[Line], asked: Sequence[Line], lexicon: Lexicon) -> None:
    unknown = {line.service for line in (*learned, *asked)} - set(lexicon.classes)
    if unknown:
        raise CommandError(f"The lexicon has no such service or kind: {', '.join(sorted(unknown))}")
    missing = set(lexicon.classes) - {line.service for line in learned}
    if missing:
        raise CommandError(f"No line to learn for: {', '.join(sorted(missing))}")


def _present(folder: Path, lexicon: Lexicon) -> Model | None:
    """The installed model, if there is one that fits the lexicon's services."""
    if not (folder / MODEL).is_file():
        return None
    model = read_model(folder / MODEL)
    return model if model.classes == lexicon.classes else None


def _measure(lines: list[Line], lexicon: Lexicon, model: Model) -> dict[str, Any]:
    answers, _ = measured(lines, Reader(lexicon, model, ()))
    return figures(lines, answers)


def _said(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

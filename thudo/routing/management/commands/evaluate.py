"""`thudo evaluate FILE.jsonl [--json]`: how well the classifier does on labelled petitions."""

import json
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thudo.routing.management.training import read_lines
from thudo.routing.queries.classification import FOLDER, Reader, current
from thudo.routing.rules.classification import Classification, classify
from thudo.routing.rules.evaluation import (
    Line,
    LineFault,
    apart,
    confusions,
    figures,
    known,
    phone_spelling,
)

_WARM_UP = 20


class Command(BaseCommand):
    """Prints the figures of the exchange format; --json prints one object."""

    help = "Measure the classifier on a file of labelled petitions."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--phone", action="store_true", help="first respell every text as phones do: no accents"
        )
        parser.add_argument(
            "--apart", action="store_true", help="drop lines too similar to one that was learned"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        reader = current()
        if reader is None:
            raise CommandError("This pack has no classification/lexicon.toml.")
        lines = self._lines(options["file"], reader, is_apart=options["apart"])
        if options["phone"]:
            lines = [replace(line, text=phone_spelling(line.text)) for line in lines]
        answers, spent = measured(lines, reader)
        result = figures(lines, answers)
        count = result.pop("lines")
        result["ms_per_text"] = round(1000 * sum(spent) / len(spent), 3)
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        self.stdout.write(_table({"lines": count, **result}, spent, reader))
        self.stdout.write("what it is -> what was said:")
        for meant, said, times in confusions(lines, answers):
            self.stdout.write(f"{times:5}  {meant} -> {said}")

    def _lines(self, path: Path, reader: Reader, *, is_apart: bool) -> list[Line]:
        """The lines that can be judged; says on stderr what was left out, so that JSON stays JSON."""
        lines = _read([path])
        lexicon = reader.lexicon
        judged, unknown = known(lines, lexicon.services, lexicon.kinds)
        if unknown:
            codes = ", ".join(f"{code} ({times})" for code, times in sorted(unknown.items()))
            self.stderr.write(f"{unknown.total()} lines left out, services unknown here: {codes}")
        silent = sum(line.is_admissible and not line.urgency for line in judged)
        if silent:
            self.stderr.write(f"{silent} lines have no urgency: not counted in urgent_*")
        if is_apart:
            learned = _read(sorted((Path(settings.PACK_DIR) / FOLDER / "seed").glob("*.jsonl")))
            judged, dropped = apart(judged, [line.text for line in learned])
            self.stderr.write(f"{len(dropped)} lines dropped: too similar to a learned one")
        if not judged:
            raise CommandError(f"{path} has no lines to measure.")
        return judged


def measured(lines: list[Line], reader: Reader) -> tuple[list[Classification], list[float]]:
    """The answer to every line and the seconds of one core it took, whatever else runs there."""
    for line in lines[:_WARM_UP]:
        classify(line.text, reader.lexicon, reader.model)
    answers, spent = [], []
    for line in lines:
        begin = time.thread_time()
        answers.append(classify(line.text, reader.lexicon, reader.model))
        spent.append(time.thread_time() - begin)
    return answers, spent


def _read(paths: list[Path]) -> list[Line]:
    try:
        return read_lines(paths)
    except (OSError, LineFault) as fault:
        raise CommandError(str(fault)) from fault


def _table(result: dict[str, Any], spent: list[float], reader: Reader) -> str:
    slow = 1000 * sorted(spent)[int(0.95 * (len(spent) - 1))]
    rows = [
        f"{name:20} {value:.3f}" if isinstance(value, float) else f"{name:20} {value}"
        for name, value in result.items()
    ]
    return "\n".join([*rows, f"{'ms_p95':20} {slow:.3f}", f"{'model':20} {reader.model.version}"])

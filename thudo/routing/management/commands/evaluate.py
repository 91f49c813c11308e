"""`thudo evaluate FILE.jsonl [--json]`: how well the classifier does on labelled petitions."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thudo.routing.management.training import read_lines
from thudo.routing.queries.classification import Reader, current
from thudo.routing.rules.classification import Classification, classify
from thudo.routing.rules.evaluation import Line, LineFault, confusions, figures, phone_spelling

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

    def handle(self, *args: Any, **options: Any) -> None:
        lines = _lines(options["file"], is_phone=options["phone"])
        reader = current()
        if reader is None:
            raise CommandError("This pack has no classification/lexicon.toml.")
        answers, spent = measured(lines, reader)
        result = {
            **figures(lines, answers),
            "ms_per_text": round(1000 * sum(spent) / len(spent), 3),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        self.stdout.write(_table(result, spent, reader))
        self.stdout.write("what it is -> what was said:")
        for meant, said, count in confusions(lines, answers):
            self.stdout.write(f"{count:5}  {meant} -> {said}")


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


def _lines(path: Path, *, is_phone: bool) -> list[Line]:
    try:
        lines = read_lines([path])
    except (OSError, LineFault) as fault:
        raise CommandError(str(fault)) from fault
    if not lines:
        raise CommandError(f"{path} has no lines.")
    if not is_phone:
        return lines
    return [
        Line(phone_spelling(line.text), line.service, line.urgency, line.is_admissible)
        for line in lines
    ]


def _table(result: dict[str, Any], spent: list[float], reader: Reader) -> str:
    slow = 1000 * sorted(spent)[int(0.95 * (len(spent) - 1))]
    rows = [
        f"{name:20} {value:.3f}" if isinstance(value, float) else f"{name:20} {value}"
        for name, value in result.items()
    ]
    return "\n".join([*rows, f"{'ms_p95':20} {slow:.3f}", f"{'model':20} {reader.model.version}"])

"""`thudo prepare`: the tables, the city, the demo data, the first count; quick when nothing is to be done."""

import argparse
import importlib
from types import ModuleType

from thudo.cli import DELEGATED, place, progress


def run(args: argparse.Namespace) -> int:
    """Tables, pack, demo data, figures; safe to repeat."""
    progress.begin()
    with place.entered(args):
        progress.say(_migrate())
        status = _delegate("pack", ["load", str(args.city)])
        progress.say(f"city pack {args.city.name} loaded")
        if not status and not args.empty:
            status = _delegate("simulate", ["seed"])
            progress.say("demo data is there")
        return status or _delegate("figures", ["count"])


def _migrate() -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        return "tables are up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"tables are up to date ({waiting} migrations applied)"


def _delegate(name: str, words: list[str]) -> int:
    """Run a subcommand that a slice brings, in this process."""
    module: ModuleType = importlib.import_module(DELEGATED[name][0])
    parser = argparse.ArgumentParser(prog=f"thudo {name}")
    module.add_arguments(parser.add_subparsers(dest="act", required=True))
    return int(module.run(parser.parse_args(words)) or 0)

"""`bin/bench [filing|live|reading|uploads] [options]`: the measurements behind docs/reference/performance.md."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in {"filing", "live", "reading", "uploads"}:
        raise SystemExit("usage: bin/bench filing|live|reading|uploads [--help]")
    sys.path.insert(0, str(HERE.parent))
    sys.argv = [f"bench/{name}.py", *sys.argv[2:]]
    runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")


main()

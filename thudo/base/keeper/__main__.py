"""The keeper process: `python -m thudo.base.keeper DATA_DIR`."""

import os
import sys
from pathlib import Path

from thudo.base.keeper import locks
from thudo.base.keeper.keeping import Keeper
from thudo.base.keeper.place import KeeperError, make_place, run_dir


def main() -> None:
    """Take the keeper's lock, leave the caller's session, keep the server."""
    data_dir = Path(sys.argv[1])
    descriptor = locks.open_lock(run_dir(data_dir) / "keeper")
    # Others look at the lock by sharing it for an instant, so one refusal says nothing.
    locks.take_within(descriptor, locks.EXCLUSIVE, 0.5, "the keeper's lock")
    os.ftruncate(descriptor, 0)
    if os.fork():
        os._exit(0)  # the lock lives on in the child
    os.setsid()
    try:
        Keeper(make_place(data_dir), descriptor).run()
    except KeeperError as error:
        sys.exit(f"keeper: {error}")


if __name__ == "__main__":
    main()

"""The embedded PostgreSQL: one tiny keeper process per data folder owns the server.

    with keeper.server(Path("var")) as url: ...

Every user holds a shared lock for as long as it needs the server; the keeper stops the server
when the last lock is gone, however its holder died (docs/decisions/0002-embedded-postgresql.md).
"""

from thudo.base.keeper.binaries import pg_bin_dir
from thudo.base.keeper.fitness import UnfitDatabase, check_fit
from thudo.base.keeper.hold import Hold, hold, server
from thudo.base.keeper.place import KeeperError

__all__ = ["Hold", "KeeperError", "UnfitDatabase", "check_fit", "hold", "pg_bin_dir", "server"]

"""The server's settings: given at every start, so that a new version's advice reaches old clusters."""

import os

from thudo.base.keeper.place import Place
from thudo.base.keeper.probe import PORT

_MEGABYTE = 1024 * 1024


def arguments(place: Place) -> list[str]:
    """The arguments of `postgres`."""
    pairs = settings(_memory_megabytes()) | {
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
    }
    options = [f"{name}={value}" for name, value in pairs.items()]
    return ["-D", str(place.cluster), *[word for option in options for word in ("-c", option)]]


def settings(memory: int) -> dict[str, str]:
    """Settings for a machine with `memory` MB that also runs everything else.

    fsync, full_page_writes and synchronous_commit stay on: what was acknowledged is on disk.
    """
    return {
        "listen_addresses": "",
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "random_page_cost": "1.1",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "jit": "off",
        "autovacuum_naptime": "15s",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        "log_min_duration_statement": "1s",
    }


def _memory_megabytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE

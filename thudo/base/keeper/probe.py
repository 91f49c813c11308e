"""Is the server ready? Only a real StartupMessage tells."""

import socket
import struct
from pathlib import Path

PORT = 5432
ROLE = "thudo"
_PROTOCOL = 3 << 16


def answers(sockets: Path, timeout: float = 2.0) -> bool:
    """True once the server in `sockets` admits a session (an SSLRequest is answered too early)."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(str(sockets / f".s.PGSQL.{PORT}"))
            connection.sendall(_startup_message())
            admitted = connection.recv(1) == b"R"
            if admitted:
                connection.sendall(b"X" + struct.pack("!i", 4))
        except OSError:
            return False
        return admitted


def _startup_message() -> bytes:
    pairs = b"".join(
        f"{name}\0{value}\0".encode() for name, value in [("user", ROLE), ("database", "postgres")]
    )
    body = struct.pack("!i", _PROTOCOL) + pairs + b"\0"
    return struct.pack("!i", len(body) + 4) + body

"""Does a web server answer? Asked with a real request."""

import socket
import ssl
from pathlib import Path

_REQUEST = b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# Caddy's words for "nobody behind me answers".
_GATEWAY_FAULTS = {b"502", b"503", b"504"}


def answers_on_socket(path: Path, page: str = "/", timeout: float = 10.0) -> bool:
    """Whether an HTTP server answers on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        return _answers(connection, str(path), page, timeout)


def answers_on_port(
    host: str, port: int, page: str = "/", timeout: float = 10.0, *, tls: bool = False
) -> bool:
    """Whether an HTTP server answers on a port, and those behind it do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as plain:
        connection = _unverified().wrap_socket(plain, server_hostname="localhost") if tls else plain
        with connection:
            return _answers(connection, (host, port), page, timeout)


def _unverified() -> ssl.SSLContext:
    # It asks our own front whether it lives; whom its certificate names does not matter here.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def free_port(host: str, port: int) -> bool:
    """Whether we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _answers(
    connection: socket.socket, address: str | tuple[str, int], page: str, timeout: float
) -> bool:
    connection.settimeout(timeout)
    try:
        connection.connect(address)
        connection.sendall(_REQUEST % page.encode())
        status = connection.recv(64).split(b" ")
    except OSError:
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] not in _GATEWAY_FAULTS

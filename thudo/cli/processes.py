"""What `thudo up` keeps running, and with which arguments."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from thudo.base.supervisor import Spec
from thudo.base.supervisor.probes import answers_on_port, answers_on_socket

# More threads than this fight over one interpreter: 8 cost a tenth of the filings (docs/reference/performance.md).
WEB_WORKERS = 2
WEB_THREADS = 4
# granian's default of 512 concurrent requests a worker would starve streams.
STREAMS = 20_000
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Address:
    """Where the front listens, and the name people type."""

    host: str
    port: int
    tls: bool = False

    @property
    def local(self) -> str:
        return "127.0.0.1" if self.host in {"0.0.0.0", ""} else self.host.replace("::", "::1")  # noqa: S104

    @property
    def url(self) -> str:
        name = "localhost" if self.local in {"127.0.0.1", "::1"} else self.host
        return f"{'https' if self.tls else 'http'}://{name}:{self.port}"


def specs(address: Address, sockets: Path, caddyfile: Path) -> list[Spec]:
    """Pages, streams, background work, and the front that puts them on one origin."""
    env = dict(os.environ)
    web, live = sockets / "web.sock", sockets / "live.sock"
    return [
        Spec("worker", [sys.executable, "-m", "thudo", "work"], env),
        Spec("web", _pages(web), env, lambda: answers_on_socket(web, "/robots.txt"), socket=web),
        Spec(
            "live",
            _streams(live),
            env,
            lambda: answers_on_socket(live, "/live/health"),
            socket=live,
        ),
        Spec(
            "front",
            [str(_BIN / "caddy"), "run", "--config", str(caddyfile), "--adapter", "caddyfile"],
            env | {"HOME": str(caddyfile.parent)},
            lambda: answers_on_port(address.local, address.port, "/robots.txt", tls=address.tls),
        ),
    ]


def _pages(socket: Path) -> list[str]:
    return [
        *_granian("wsgi", socket, "thudo.wsgi:application"),
        "--workers", str(WEB_WORKERS),
        "--blocking-threads", str(WEB_THREADS),
        "--blocking-threads-idle-timeout", "600",
        "--backlog", "2048",
        "--workers-kill-timeout", "5",
    ]  # fmt: skip


def _streams(socket: Path) -> list[str]:
    return [
        *_granian("asgi", socket, "thudo.live.asgi:app"),
        "--workers", os.environ.get("THUDO_LIVE_WORKERS", "1"),
        "--backlog", str(STREAMS),
        "--backpressure", str(STREAMS),
        "--workers-kill-timeout", "2",
    ]  # fmt: skip


def _granian(interface: str, socket: Path, app: str) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--uds", str(socket),
        "--no-ws", "--respawn-failed-workers", "--log-level", "info", app,
    ]  # fmt: skip

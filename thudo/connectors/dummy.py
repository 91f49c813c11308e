"""What every dummy can be told: how to behave the next time it is asked. Then it is good again."""

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit


class Manner(Enum):
    """One behaviour of a neighbour."""

    WELL = "well"
    # It takes the line and says nothing; nothing is done.
    TIME_OUT = "time out"
    # "Not now": nothing is done, a later attempt may.
    REFUSE = "refuse"
    # "Never": nothing is done.
    DECLINE = "decline"
    # It does the thing twice, or tells us the same thing twice.
    TWICE = "answer twice"
    # It does the thing and answers after the caller gave up.
    LATE = "answer late"
    # It does the thing and the line breaks before its answer.
    LOSE_REPLY = "lose its reply"


@dataclass
class Manners:
    """The behaviours to come; `seconds` is what TIME_OUT and LATE wait at most."""

    seconds: float = 1.0
    coming: deque[Manner] = field(default_factory=deque)
    over: threading.Event = field(default_factory=threading.Event)

    def next(self, *manners: Manner) -> None:
        """Behave so the next times, in this order."""
        self.coming.extend(manners)

    def take(self) -> Manner:
        """How to behave now."""
        return self.coming.popleft() if self.coming else Manner.WELL

    def wait(self) -> None:
        """Let the caller wait until he gives up, or the dummy ends."""
        self.over.wait(self.seconds)


class Dummy:
    """A neighbour on a real socket of this machine, for as long as the `with` lasts."""

    def __init__(self, handler: type[StreamRequestHandler], seconds: float = 1.0) -> None:
        self.manners = Manners(seconds)
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.dummy = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.manners.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    # Whichever neighbour its lines belong to.
    dummy: Any


class Line(StreamRequestHandler):
    """One connection to a dummy of a protocol of lines."""

    server: _Server
    disable_nagle_algorithm = True


class HttpDummy(Dummy):
    """A neighbour that speaks HTTP: `act` says what it does, `url` where it listens."""

    status_of: ClassVar[dict[Manner, int]] = {Manner.REFUSE: 503, Manner.DECLINE: 400}

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(_handler_of(self), seconds)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Do what is asked; a status and a body (of a 302: where to)."""
        raise NotImplementedError

    def misbehaves(self, path: str) -> bool:
        """Whether requests to this path follow the manners."""
        return True

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """One request, by the manner that is next."""
        path = urlsplit(request.path).path
        manner = self.manners.take() if self.misbehaves(path) else Manner.WELL
        self.asked.append(path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if manner is Manner.TIME_OUT:
            self.manners.wait()
            return
        if manner in self.status_of:
            _send(request, self.status_of[manner], b"{}")
            return
        status, content = self.act(request.command, request.path, headers, body)
        if manner is Manner.TWICE:
            self.act(request.command, request.path, headers, body)
        if manner is Manner.LATE:
            self.manners.wait()
        if manner is not Manner.LOSE_REPLY:
            _send(request, status, content)


def _handler_of(dummy: HttpDummy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._act()

        def do_GET(self) -> None:
            self._act()

        def _act(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            dummy.answer(self, body)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Not into the tests' output."""

    return Handler


def _send(request: BaseHTTPRequestHandler, status: int, content: bytes) -> None:
    try:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        if status == HTTPStatus.FOUND:
            request.send_header("Location", content.decode())
            content = b""
        request.send_header("Content-Length", str(len(content)))
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(content)
    except OSError:
        # The caller gave up: that is what LATE is for.
        return

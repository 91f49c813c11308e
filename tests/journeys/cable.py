"""A network cable between browser and server that a test can pull out."""

import socket
import threading
from contextlib import suppress

from playwright.sync_api import BrowserContext, Page


class Cable:
    """Carries bytes from a port of its own to the server's; unplugged, it refuses and cuts."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.open: list[socket.socket] = []
        self.plugged = True
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """The site as the browser at the other end sees it."""
        return f"http://localhost:{self.door.getsockname()[1]}"

    def unplug(self) -> None:
        """Cut what is open and let nothing new through."""
        self.plugged = False
        for end in self.open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def close(self) -> None:
        """Leave nothing open behind."""
        self.unplug()
        self.door.close()

    def plug(self) -> None:
        """Let it through again."""
        self.plugged = True

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if self.plugged:
                self._join(near)
            else:
                near.close()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self.server)
        except OSError:
            near.close()
            return
        self.open += [near, far]
        for here, there in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(here, there), daemon=True).start()


def _carry(here: socket.socket, there: socket.socket) -> None:
    try:
        while data := here.recv(65536):
            there.sendall(data)
    except OSError:
        pass
    finally:
        # Without a shutdown the other direction's recv() would hold the connection open.
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def page_with_worker(context: BrowserContext, cable: Cable) -> Page:
    """The filing page, its service worker at work: it can be left without a network from here."""
    page = context.new_page()
    page.goto(f"{cable.url}/petitions/new")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page

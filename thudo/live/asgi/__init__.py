"""The live process: a bare ASGI application that follows the journal and serves SSE.

    granian --interface asgi --no-ws --backlog 16384 --backpressure 12000 thudo.live.asgi:app

GET /live/stream?grant=...&after=N    text/event-stream; ids are positions of the journal
GET /live/health                      200 while the journal is being read, else 503
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thudo.settings")

from thudo.live.asgi.application import Live

__all__ = ["app"]

app = Live()

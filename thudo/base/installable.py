"""What makes the site an app on a phone: its manifest, and the shell that opens without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from thudo.base.context import BRAND, brand_colour, city_name

# What every page of the shell loads.
_SHELL = (
    "thudo.css",
    "thudo.js",
    "icons.svg",
    "mark.svg",
    "fonts/be-vietnam-pro-text-400.woff2",
    "fonts/be-vietnam-pro-text-600.woff2",
)
_ICONS = (
    ("app-192.png", 192, "any"),
    ("app-512.png", 512, "any"),
    ("app-maskable-512.png", 512, "maskable"),
)
_WORKER = "service-worker.js"


def manifest(language: str, description: str, filing: str) -> dict[str, Any]:
    """The web app manifest; `filing` is the name of the shortcut to the filing page."""
    name = city_name(language)
    return {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": description,
        "lang": language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f6f5",
        "theme_color": brand_colour() or BRAND,
        "icons": [
            {
                "src": static(file),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for file, side, purpose in _ICONS
        ],
        "shortcuts": [{"name": filing, "url": settings.OFFLINE_PAGES[0]}],
    }


def service_worker() -> str:
    """The worker's script, told which files and pages it keeps; new files make a new version."""
    # A developer's files keep their names when they change: kept ones would be old ones.
    files = [] if settings.DEBUG else [static(file) for file in _SHELL if finders.find(file)]
    pages = list(settings.OFFLINE_PAGES)
    script = _script()
    stamp = hashlib.sha256(json.dumps([files, pages, script]).encode()).hexdigest()[:12]
    shell = {"version": stamp, "files": files, "pages": pages, "offline": "/offline"}
    return f"const thudoShell={json.dumps(shell)};\n{script}"


@cache
def _script() -> str:
    path = finders.find(_WORKER)
    return Path(path).read_text("utf-8") if path else ""

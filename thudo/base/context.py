"""What every page knows: the city, the languages, the reader's display choices."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

THEMES = ("light", "dark")
THEME_COOKIE = "thudo_theme"
TEXT_COOKIE = "thudo_text"


def page(request: HttpRequest) -> dict[str, Any]:
    """`page`: city, demo, languages, language, theme ('' follows the device), large_text, path."""
    language = get_language() or settings.LANGUAGE_CODE
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "page": {
            "city": city_name(language),
            "demo": settings.DEMO,
            "languages": settings.LANGUAGES,
            "language": language,
            "theme": theme if theme in THEMES else "",
            "large_text": request.COOKIES.get(TEXT_COOKIE) == "large",
            "path": request.get_full_path(),
            "tile_url": settings.TILE_URL,
            "debug": settings.DEBUG,
        }
    }


def city_name(language: str) -> str:
    """The city's name in a language, else its own."""
    name: str = settings.CITY.get(f"name_{language}", settings.CITY["name"])
    return name

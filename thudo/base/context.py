"""What every page knows: the city, the languages, the reader's display choices."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from thudo.base import phrases

THEMES = ("light", "dark")
THEME_COOKIE = "thudo_theme"
TEXT_COOKIE = "thudo_text"
# The colour of css/tokens.css; a pack with another one gets one more style sheet.
BRAND = "#0b5f59"


def page(request: HttpRequest) -> dict[str, Any]:
    """`page`: city, demo, languages, language, theme ('' follows the device), embed, large_text, path,
    brand ('' for the default colour), emergency [{number, label}], map {bounds, centre, ...}."""
    language = get_language() or settings.LANGUAGE_CODE
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "page": {
            "city": city_name(language),
            "zone": settings.TIME_ZONE,
            "demo": settings.DEMO,
            "languages": settings.LANGUAGES,
            "language": language,
            "theme": theme if theme in THEMES else "",
            "embed": is_embedded(request),
            "large_text": request.COOKIES.get(TEXT_COOKIE) == "large",
            "path": request.get_full_path(),
            "brand": brand_colour(),
            "emergency": settings.CITY.get("emergency", []),
            "map": city_map(),
            "tile_url": settings.TILE_URL,
        }
    }


def is_embedded(request: HttpRequest) -> bool:
    """Whether the page stands in the web view of the app that people know, which has a head and a
    foot of its own: ?embed=1 says so, and a cookie from then on; ?embed=0 ends it. Staff keep theirs."""
    if getattr(getattr(request, "actor", None), "is_staff", False):
        return False
    asked = request.GET.get("embed")
    if asked in {"0", "1"}:
        return asked == "1"
    return request.COOKIES.get(settings.EMBED_COOKIE) == "1"


def city_name(language: str) -> str:
    """The city's name in a language, else its own."""
    name: str = settings.CITY.get(f"name_{language}", settings.CITY["name"])
    return name


def brand_colour() -> str:
    """The pack's colour as '#rrggbb'; '' when it is the design system's own."""
    colour: str = settings.CITY.get("brand", {}).get("colour", "").lower()
    return "" if colour == BRAND else colour


def city_map() -> dict[str, Any]:
    """Bounds, centre, zoom and credits of the base map as the attributes of <body> carry them."""
    given = settings.CITY.get("map", {})
    return {
        "bounds": " ".join(str(side) for side in given.get("bounds", [])),
        "centre": " ".join(str(part) for part in given.get("centre", [])),
        "zoom": str(given.get("zoom", "")),
        "credits": phrases.say(given.get("credits", "")),
    }

"""What an advisory must hold before it is published; sentences beside the fields that lack it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from thudo.advisories.queries.places import areas_touched, shape_of
from thudo.advisories.rules import (
    ABOUT,
    CERTAINTIES,
    KINDS,
    LEAST_METRES,
    MOST_METRES,
    SEVERITIES,
    STREETS_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Content,
    Words,
)
from thudo.base.errors import Invalid
from thudo.base.folding import clean
from thudo.directory.queries import directory

_LANGUAGES = ("vi", "en")
_LONGEST = timedelta(days=3 * 366)
_MOST_POINTS = 2000


def checked(content: Content) -> Content:
    """The content cleaned, its areas and services filled in; raises Invalid."""
    content = replace(
        content,
        title=_words(content.title),
        text=_words(content.text),
        instruction=_words(content.instruction),
        source_name=clean(content.source_name),
        streets=tuple(dict.fromkeys(filter(None, map(clean, content.streets)))),
        services=tuple(dict.fromkeys(content.services)) or services_about(content.about),
    )
    wrong = {**_wrong_words(content), **_wrong_codes(content), **_wrong_times(content)}
    if not wrong:
        content, wrong = _placed(content)
    if wrong:
        raise Invalid(_("Something is missing or cannot be understood."), wrong)
    return content


def services_about(about: str) -> tuple[str, ...]:
    """The services that the pack names for what an advisory is about."""
    table: Mapping[str, list[str]] = directory().city.get("advisories", {}).get("services", {})
    return tuple(code for code in table.get(about, ()) if code in directory().services)


def _words(words: Words) -> dict[str, str]:
    """Each language that says something; a lone one stands for all (directory.queries.say)."""
    return {code: said for code in _LANGUAGES if (said := clean(words.get(code, "")))}


def _wrong_words(content: Content) -> dict[str, str]:
    wrong = {}
    if not content.title:
        wrong["title"] = _("Say in a few words what it is.")
    for name, words, most in (
        ("title", content.title, TITLE_LIMIT), ("text", content.text, TEXT_LIMIT),
        ("instruction", content.instruction, TEXT_LIMIT),
        ("source_name", {"": content.source_name}, TITLE_LIMIT),
        ("streets", {"": ", ".join(content.streets)}, STREETS_LIMIT * 60),
    ):  # fmt: skip
        if any(len(said) > most for said in words.values()):
            wrong[name] = _("At most %(most)s characters.") % {"most": most}
    if not content.source_name:
        wrong["source_name"] = _("Say who says so: every announcement names its source.")
    if content.source_url and not _is_address(content.source_url):
        wrong["source_url"] = _("This is not a web address (https://…).")
    return wrong


def _wrong_codes(content: Content) -> dict[str, str]:
    lists = directory()
    known = {
        "kind": content.kind in KINDS,
        "about": content.about in ABOUT,
        "severity": content.severity in SEVERITIES,
        "certainty": content.certainty in CERTAINTIES,
        "services": all(code in lists.services for code in content.services),
        "areas": all(_is_present(code) for code in content.areas),
        "streets": len(content.streets) <= STREETS_LIMIT,
    }
    return {
        name: _("This is not one of the choices.")
        for name, is_known in known.items()
        if not is_known
    }


def _wrong_times(content: Content) -> dict[str, str]:
    if content.ends_at is not None and content.ends_at <= content.begins_at:
        return {"ends_at": _("It must end after it begins.")}
    if content.ends_at is not None and content.ends_at - content.begins_at > _LONGEST:
        return {"ends_at": _("At most three years.")}
    return {}


def _placed(content: Content) -> tuple[Content, dict[str, str]]:
    """Its areas: those given, or those its ground touches."""
    if content.geometry is None:
        asked = _("Say where: a ward, a street's ward, or a point with a radius.")
        return replace(content, radius=None), {} if content.areas else {"areas": asked}
    try:
        ground = shape_of(content.geometry, _radius(content.radius))
        if ground.area == 0 or _points(content.geometry) > _MOST_POINTS:
            raise ValueError("no ground")  # noqa: TRY301
    except ValueError:
        return content, {"geometry": _("This place cannot be read.")}
    areas = content.areas or areas_touched(ground)
    outside = {} if areas else {"geometry": _("This place lies outside the city.")}
    return replace(content, areas=areas), outside


def _radius(metres: int | None) -> int | None:
    if metres is not None and not LEAST_METRES <= metres <= MOST_METRES:
        raise ValueError("no such radius")
    return metres


def _points(geometry: Mapping[str, object]) -> int:
    return str(geometry.get("coordinates", "")).count(",")


def _is_present(code: str) -> bool:
    area = directory().areas.get(code)
    return area is not None and area.valid_to is None


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and len(text) <= 500

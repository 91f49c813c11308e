"""The parts of a pack that are written in TOML: the city, questions, calendars, people."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from thudo.directory.rules.locating import wrong_words
from thudo.packs.rules.lines import document, line_of
from thudo.packs.rules.values import Area, Calendar, Origin, Pack, Person, Problem

_NEEDED = (
    "code", "version", "name", "time_zone", "languages", "top_unit", "intake_unit",
    "checking_unit", "leaders_unit", "arbiter_post", "owner_role", "area_unit_kinds", "city_area",
    "city_since", "full_name", "map", "emergency", "brand", "area_kinds", "filing", "checking",
    "desk_reason", "refusal_grounds",
)  # fmt: skip
_HANDLED = ("code", "text", "kind")


def read_city(pack: Pack) -> None:
    """city.toml; leaves `city` empty when the rest cannot be understood without it."""
    city, _text = document(pack, "city.toml")
    if not city and not pack.problems:
        pack.problems.append(Problem("city.toml", 1, "The file is missing or empty."))
    missing = [name for name in _NEEDED if name not in city]
    if city:
        pack.problems += [
            Problem("city.toml", 1, f'The entry "{name}" is missing.') for name in missing
        ]
    if not missing:
        pack.city = city
        pack.languages = tuple(language["code"] for language in city["languages"])


def read_addresses(pack: Pack) -> None:
    """addresses.toml, how places are written here, into the city's entry "addresses"."""
    words, text = document(pack, "addresses.toml")
    pack.problems += [
        Problem("addresses.toml", line_of(text, f"{name} ="), sentence)
        for name, sentence in wrong_words(words)
    ]
    pack.city = pack.city | {"addresses": words}


def city_area(pack: Pack) -> Area:
    """The city itself, around all its areas."""
    city = pack.city
    name = {code: city.get(f"name_{code}", city["name"]) for code in pack.languages}
    return Area(
        at=Origin("city.toml", 1),
        code=str(city["city_area"]),
        official_code=str(city["city_area"]),
        kind="city",
        parent=None,
        name=name,
        full_name=city["full_name"],
        in_text=city["full_name"],
        population=None,
        office="",
        polygon=None,
        longitude=city["map"]["centre"][0],
        latitude=city["map"]["centre"][1],
        valid_from=city["city_since"],
        valid_to=None,
    )


def read_questions(pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """questions.toml: service code -> its questions."""
    found, text = document(pack, "questions.toml")
    for service, questions in found.items():
        for question in questions:
            line = line_of(text, f"[[{service}]]")
            if sentence := _wrong_question(question, pack.languages):
                pack.problems.append(Problem("questions.toml", line, sentence))
    return found


def _wrong_question(question: dict[str, Any], languages: tuple[str, ...]) -> str:
    missing = [name for name in _HANDLED if name not in question]
    if missing:
        return f'A question has no "{missing[0]}".'
    texts = [question["text"], *(option.get("text", {}) for option in question.get("options", ()))]
    for words in texts:
        for language in languages:
            if not words.get(language):
                return f'The question "{question["code"]}" lacks words in "{language}".'
    if question["kind"] == "choice" and not question.get("options"):
        return f'The question "{question["code"]}" offers no choice.'
    return ""


def read_calendars(pack: Pack) -> Iterator[Calendar]:
    """calendars/*.toml."""
    for path in sorted((pack.folder / "calendars").glob("*.toml")):
        name = f"calendars/{path.name}"
        found, text = document(pack, name)
        if found and (calendar := _calendar(pack, name, found, text)):
            yield calendar


def _calendar(pack: Pack, name: str, found: dict[str, Any], text: str) -> Calendar | None:
    for key in ("code", "time_zone", "legal_basis", "covers", "week"):
        if key not in found:
            pack.problems.append(Problem(name, 1, f'The entry "{key}" is missing.'))
            return None
    starts, ends = found["covers"]
    exceptions = found.get("exceptions", {})
    for day in exceptions:
        line = line_of(text, f"[exceptions.{day}]")
        try:
            inside = starts <= date.fromisoformat(day) < ends
        except ValueError:
            pack.problems.append(Problem(name, line, f'"{day}" is not a day.'))
            return None
        if not inside:
            sentence = f"{day} lies outside the days the calendar covers."
            pack.problems.append(Problem(name, line, sentence))
    return Calendar(
        at=Origin(name, line_of(text, "covers")),
        code=found["code"],
        time_zone=found["time_zone"],
        week=found["week"],
        exceptions=exceptions,
        legal_basis=found["legal_basis"],
        covers=(starts, ends),
    )


def read_people(pack: Pack) -> Iterator[Person]:
    """demo_people.toml."""
    found, text = document(pack, "demo_people.toml")
    for person in found.get("people", []):
        yield Person(
            at=Origin("demo_people.toml", line_of(text, f'user = "{person["user"]}"')),
            user=person["user"],
            name=person["name"],
            posts=tuple(person.get("posts", ())),
            password=person.get("password", found.get("password", "")),
            is_operator=bool(person.get("operator", False)),
        )

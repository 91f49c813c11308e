"""What can be asked for: services and their definitions, from the pack's services and questions."""

from typing import Any

from django.utils.translation import gettext as _

from thudo.directory.queries import Service, directory, say
from thudo.standards.open311.mapping.errors import unknown_service
from thudo.standards.open311.mapping.formats import Told

# What the text alone decides, or the intake desk: our "" in a standard whose codes have a length.
UNDECIDED = "undecided"
_KEYWORDS = 12
_TOLD = 6
# kind of question -> datatype; what is not here is a line of text
_DATATYPES = {"choice": "singlevaluelist", "number": "number", "date": "datetime"}


def offered() -> list[Service]:
    """The kinds of matter that may be filed today, in the pack's order."""
    rows = directory().services.values()
    return [row for row in rows if row.is_admissible and row.valid_to is None]


def service_of(code: str) -> Service | None:
    """The service that a client chose; None for "undecided"; NotFound for none of the list."""
    if code == UNDECIDED:
        return None
    row = directory().services.get(code)
    if row is None or not row.is_admissible or row.valid_to is not None:
        raise unknown_service(code)
    return row


def code_of(service: str) -> str:
    """The code of a petition's service as clients know it."""
    return service or UNDECIDED


def service_list() -> Told:
    """GET services."""
    return Told("services", [*map(_service, offered()), _undecided()])


def definition(code: str) -> Told:
    """GET services/CODE: the questions of that kind of matter, which all may be skipped."""
    row = service_of(code)
    questions = row.questions if row else ()
    attributes = [_attribute(order, asked) for order, asked in enumerate(questions, 1)]
    return Told("service_definition", {"service_code": code, "attributes": attributes})


def _service(row: Service) -> dict[str, Any]:
    words = [word for some in row.keywords.values() for word in some] or [say(row.name)]
    group = directory().groups.get(row.group or "")
    return {
        "service_code": row.code,
        "service_name": say(row.name),
        "description": _description(row),
        "metadata": bool(row.questions),
        "type": "realtime",
        "keywords": ", ".join([word.replace(",", " ") for word in words][:_KEYWORDS]),
        "group": say(group.name) if group else say(directory().streams[row.stream].name),
    }


def _undecided() -> dict[str, Any]:
    return {
        "service_code": UNDECIDED,
        "service_name": _("Kind of matter not chosen"),
        "description": _("The words decide; where they leave doubt, the intake desk does."),
        "metadata": False,
        "type": "realtime",
        "keywords": _("other"),
        "group": _("Everything else"),
    }


def _description(row: Service) -> str:
    spoken = {code: ", ".join(words[:_TOLD]) for code, words in row.keywords.items() if words}
    examples = say(spoken)
    return f"{say(row.name)}: {examples}" if examples else say(row.name)


def _attribute(order: int, asked: dict[str, Any]) -> dict[str, Any]:
    options = asked.get("options") or []
    return {
        "variable": True,
        "code": asked["code"],
        "datatype": _DATATYPES.get(asked["kind"], "string"),
        "required": False,
        "datatype_description": _("Choose one value.") if options else _("A line of text."),
        "order": order,
        "description": say(asked["text"]),
        "values": [{"key": row["code"], "name": say(row["text"])} for row in options] or None,
    }

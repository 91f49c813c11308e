"""The table of operations: addresses, OpenAPI document and reference are made from it."""

from dataclasses import dataclass, replace
from typing import Any

from thudo.advisories.rules import ABOUT
from thudo.operations.rules import PROMISES, STATES, VERDICTS
from thudo.standards.v1.mapping import announcing, bodies

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in "query", "header" or "path"; `schema` is JSON Schema."""

    place: str
    name: str
    told: str
    schema: dict[str, Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `view` names the function in views; `act` what accounts.rules.may is asked;
    `by_thing`: the right depends on the petition in the address; `fails`: the problems it answers."""

    method: str
    path: str
    view: str
    summary: str
    status: int
    answer: type
    act: str
    body: type | None = None
    parameters: tuple[Parameter, ...] = ()
    fails: tuple[int, ...] = ()
    by_thing: bool = False
    is_upload: bool = False
    # The module that holds the view.
    room: str = "views"

    @property
    def id(self) -> str:
        """operationId: its view's name as one word."""
        first, *rest = self.view.split("_")
        return first + "".join(word.title() for word in rest)


_TEXT = {"type": "string"}
_NUMBER = Parameter(
    "path",
    "number",
    "The petition's public number",
    {"type": "string", "pattern": "^[0-9]{10}$"},
    required=True,
)
_SECRET = Parameter("header", "X-Petition-Secret", "The secret of the receipt's link", _TEXT)
_OWN_SECRET = Parameter(
    "header", "X-Petition-Secret", "The secret of the receipt's link", _TEXT, required=True
)
_CLIENT = Parameter(
    "header", "X-Client-Token",
    "A random word of the client's own, 16 to 200 characters: the scope of Idempotency-Key and of files for those without a key",
    {"type": "string", "minLength": 16, "maxLength": 200},
)  # fmt: skip
_REPEAT = Parameter(
    "header", "Idempotency-Key",
    "The same request with the same key is answered once and then again with the same answer, for 40 days",
    {"type": "string", "minLength": 1, "maxLength": 200},
)  # fmt: skip


def _query(name: str, told: str, **schema: Any) -> Parameter:
    return Parameter("query", name, told, {"type": "string", **schema})


_FILTERS = (
    _query("q", "Words of the text or the place; accents may be left out; quotes for a phrase"),
    _query("area", "Code of a ward or commune"),
    _query("group", "Code of a field of matters"),
    _query("service", "Code of a kind of matter"),
    _query("unit", "Code of the unit that holds it"),
    _query("state", "Derived state", enum=list(STATES)),
    _query("month", "Month of the city's calendar", pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$"),
    _query("on", "Day of the city's calendar on which it was filed or, for ended states, ended", format="date"),
    _query("promise", "With month: promises that fell due in it", enum=list(PROMISES)),
    _query("verdict", "With month: results published in it, by the petitioner's verdict", enum=list(VERDICTS)),
    _query("cursor", "The `next` of the page before"),
    Parameter("query", "limit", "How many", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
)  # fmt: skip
_POINT = (
    Parameter(
        "query",
        "lon",
        "Degrees",
        {"type": "number", "minimum": -180, "maximum": 180},
        required=True,
    ),
    Parameter(
        "query", "lat", "Degrees", {"type": "number", "minimum": -90, "maximum": 90}, required=True
    ),
)
_ADVISORY = Parameter(
    "path", "number", "The advisory's number", {"type": "string", "pattern": "^[0-9]{1,18}$"},
    required=True,
)  # fmt: skip
_PLACE = (
    _query("area", "Code of a ward or commune"),
    _query("about", "What it is about", enum=list(ABOUT)),
    _query("service", "Code of a kind of matter: what answers a report of it"),
    _query("street", "A street's name, or a text that holds one: the nearest first"),
    *(replace(one, required=False) for one in _POINT),
)
_OWN = (_NUMBER, _OWN_SECRET)
_READS = (401,)
_WRITES = (400, 401, 403, 409, 413, 422)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/petitions", "list_petitions", "The public list, newest first", 200,
        bodies.Page, "page.public", parameters=_FILTERS, fails=(400, *_READS),
    ),
    Operation(
        "POST", "/petitions", "file_petition",
        "File a petition; the answer names who has it, why, and by when", 201,
        bodies.Receipt, "petition.file", bodies.Filing, (_REPEAT, _CLIENT), _WRITES,
    ),
    Operation(
        "GET", "/petitions/{number}", "read_petition",
        "A petition: what is public, or all of it with its secret or a key with petitions:read", 200,
        bodies.Petition, "page.public", parameters=(_NUMBER, _SECRET), fails=(*_READS, 403, 404),
    ),
    Operation(
        "POST", "/petitions/{number}/supplements", "add_supplement",
        "The petitioner adds words or photos", 201, bodies.Petition, "petition.supplement",
        bodies.Supplement, (*_OWN, _CLIENT), (*_WRITES, 404), by_thing=True,
    ),
    Operation(
        "POST", "/petitions/{number}/verdicts", "give_verdict",
        "The petitioner judges the latest result; not_satisfied opens a re-check", 201,
        bodies.Petition, "petition.judge", bodies.Judgement, _OWN, (*_WRITES, 404), by_thing=True,
    ),
    Operation(
        "POST", "/petitions/{number}/withdrawals", "withdraw_petition",
        "The petitioner takes the petition back", 201, bodies.Petition, "petition.withdraw",
        bodies.Withdrawal, _OWN, (*_WRITES, 404), by_thing=True,
    ),
    Operation(
        "POST", "/files", "keep_file", "Keep a photo or PDF as a draft, before filing", 201,
        bodies.Stored, "file.upload", None, (_CLIENT,), (400, 401, 413, 422), is_upload=True,
    ),
    Operation(
        "GET", "/services", "list_services", "The kinds of matter", 200, bodies.Services,
        "page.public", fails=_READS,
    ),
    Operation(
        "GET", "/areas", "list_areas", "The wards and communes", 200, bodies.Areas, "page.public",
        fails=_READS,
    ),
    Operation(
        "GET", "/areas/lookup", "find_area", "The ward or commune that holds a point", 200,
        bodies.Area, "page.public", parameters=_POINT, fails=(*_READS, 404, 422),
    ),
    Operation(
        "GET", "/units", "list_units", "The units that answer", 200, bodies.Units, "page.public",
        fails=_READS,
    ),
    Operation(
        "GET", "/advisories", "list_advisories",
        "What the city announces: running and planned works, cuts, incidents, warnings", 200,
        announcing.Advisories, "page.public", parameters=_PLACE, fails=(400, *_READS),
        room="announcing",
    ),
    Operation(
        "POST", "/advisories", "publish_advisory",
        "Publish an advisory, or amend the one of the same external_id (key with advisories:write)",
        201, announcing.Advisory, "advisory.publish", announcing.Announcement, (), _WRITES,
        room="announcing",
    ),
    Operation(
        "GET", "/advisories/{number}", "read_advisory", "One advisory with all its versions", 200,
        announcing.Advisory, "page.public", parameters=(_ADVISORY,), fails=(*_READS, 404),
        room="announcing",
    ),
    Operation(
        "POST", "/advisories/{number}/amendments", "amend_advisory",
        "What it says from now on, as a whole", 201, announcing.Advisory, "advisory.publish",
        announcing.Announcement, (_ADVISORY,), (*_WRITES, 404), room="announcing",
    ),
    Operation(
        "POST", "/advisories/{number}/endings", "end_advisory", "It is over now", 201,
        announcing.Advisory, "advisory.publish", announcing.Ending, (_ADVISORY,), (*_WRITES, 404),
        room="announcing",
    ),
    Operation(
        "POST", "/advisories/{number}/withdrawals", "take_back_advisory",
        "It will not be, or was wrong; `note` says why", 201, announcing.Advisory,
        "advisory.publish", announcing.Ending, (_ADVISORY,), (*_WRITES, 404), room="announcing",
    ),
    Operation(
        "GET", "/consultations", "list_consultations",
        "What wards ask their people; counts of choices once a question is closed", 200,
        announcing.Consultations, "page.public",
        parameters=(_query("area", "Code of a ward or commune"),), fails=(400, *_READS),
        room="announcing",
    ),
)  # fmt: skip

"""Puts the tables of petitions, cases and files into memory for as long as a block runs."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg.types.json import Jsonb

from thudo.base.database import diverted
from thudo.cases.models import Answer, Case, Clock, Escalation, Note, Promise, Tenure
from thudo.files.models import Attachment
from thudo.petitions.models import Petition, PetitionCase, Petitioner, Verdict
from thudo.simulation.actions.memory.rows import Drawer, NotInMemory, Row, Rows, Table

# In an order in which foreign keys find what they point to.
TABLES: dict[type[Model], Table] = {
    model: Table(model)
    for model in (
        Attachment, Petition, Petitioner, Case, PetitionCase, Clock, Tenure, Note, Answer, Promise,
        Escalation, Verdict,
    )
}  # fmt: skip
_BY_TABLE = {model._meta.db_table: model for model in TABLES}
_RELATIONS: dict[tuple[type[Model], str], tuple[type[Model], str]] = {
    (Case, "clocks"): (Clock, "case_id"),
    (Case, "answers"): (Answer, "case_id"),
    (Case, "links"): (PetitionCase, "case_id"),
    (Petition, "links"): (PetitionCase, "petition_id"),
    (Petition, "verdicts"): (Verdict, "petition_id"),
}
_JOURNAL = "journal_entry"
# What an INSERT computes of a value, by column: done by the server when the rows are copied in.
COMPUTED: dict[type[Model], dict[str, str]] = {}
_LITERALS: dict[str, Any] = {"''": "", "'[]'": [], "true": True, "false": False}


class Desk:
    """Which drawer is open: deeds in memory see the rows of one matter at a time."""

    def __init__(self) -> None:
        self.drawer = Drawer()

    def open(self) -> Drawer:
        return self.drawer

    def take(self, statement: str, values: Sequence[Any]) -> None:
        """A write() of a deed: an INSERT of one row, or of entries of the journal."""
        if statement.startswith("INSERT INTO journal_entry"):
            columns = 9
            for start in range(0, len(values), columns):
                self.drawer.entries.append(tuple(values[start : start + columns]))
            return
        model, make = _insert(statement)
        self.drawer.of(model).append(make(values))


@contextmanager
def in_memory() -> Iterator[Desk]:
    """Run deeds on rows in memory; the desk says into which drawer they go.

    For a process that does nothing else meanwhile: the models' managers are exchanged. No
    statement that a deed makes reaches the server, whose lists are read as always. Call it within
    a transaction.
    """
    desk = Desk()
    with ExitStack() as stack:
        for model, table in TABLES.items():
            _exchange(stack, model, "objects", Rows(table, desk.open))
            _exchange(stack, model, "save", _save)
            _exchange(stack, model, "refresh_from_db", _refresh)
        for (model, name), (other, column) in _RELATIONS.items():
            _exchange(stack, model, name, property(_related(desk, other, column)))
        stack.enter_context(diverted(desk.take))
        _exchange(stack, connection.features, "uses_savepoints", value=False)
        yield desk


def _exchange(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    own = owner.__dict__.get(name)
    setattr(owner, name, value)
    stack.callback(delattr, owner, name) if own is None else stack.callback(
        setattr, owner, name, own
    )


def _save(self: Model, *, update_fields: list[str] | None = None, **_: Any) -> None:
    self.__class__.objects.keep(self, update_fields)  # type: ignore[attr-defined]


def _refresh(self: Model, **_: Any) -> None:
    self.__class__.objects.read_again(self)  # type: ignore[attr-defined]


def _related(desk: Desk, other: type[Model], column: str) -> Callable[[Any], Rows]:
    rows = Rows(TABLES[other], desk.open)
    return lambda instance: rows.filter(**{column: instance.pk})


Make = Callable[[Sequence[Any]], Row]
_known: dict[str, tuple[type[Model], Make]] = {}
_SHAPE = re.compile(r"\s*INSERT INTO (\w+) \(([^)]*)\)\s*VALUES \((.*)\)\s*", re.DOTALL)


def _insert(statement: str) -> tuple[type[Model], Make]:
    found = _known.get(statement)
    if found is None:
        found = _known[statement] = _read(statement)
    return found


def _read(statement: str) -> tuple[type[Model], Make]:
    shape = _SHAPE.fullmatch(statement)
    if shape is None or shape[1] not in _BY_TABLE:
        raise NotInMemory(statement)
    model = _BY_TABLE[shape[1]]
    columns = [name.strip() for name in shape[2].split(",")]
    given = [text.strip() for text in re.split(r",(?![^(]*\))", shape[3])]
    # A column that the statement does not name is empty: Django gives the server no defaults.
    blank: Row = dict.fromkeys(TABLES[model].columns)
    wanted: list[str] = []
    for column, text in zip(columns, given, strict=True):
        if "%s" in text:
            wanted.append(column)
            if text != "%s":
                COMPUTED.setdefault(model, {})[column] = text
        else:
            blank[column] = _literal(text)
    serial = TABLES[model].key if TABLES[model].has_serial else ""

    def make(values: Sequence[Any]) -> Row:
        row = blank.copy()
        for column, value in zip(wanted, values, strict=True):
            row[column] = value.obj if isinstance(value, Jsonb) else value
        if serial:
            row[serial] = TABLES[model].new({})[serial]
        return row

    return model, make


def _literal(text: str) -> Any:
    if text in _LITERALS:
        return [] if text == "'[]'" else _LITERALS[text]
    return text[1:-1] if text.startswith("'") else int(text)

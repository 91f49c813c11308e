"""Rows of a few models in memory, asked as Django's managers are asked.

Only what the deeds ask is answered; anything else raises NotInMemory, so that a deed that learns a
new question fails here loudly instead of being simulated wrongly.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, cast
from uuid import UUID

from django.db.models import F, ForeignKey, Max, Model, UUIDField
from django.db.models.base import ModelState
from django.db.models.expressions import CombinedExpression, Value

Row = dict[str, Any]
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda value, wanted: value in wanted,
    "isnull": lambda value, wanted: (value is None) == wanted,
    "lt": lambda value, wanted: value is not None and value < wanted,
    "lte": lambda value, wanted: value is not None and value <= wanted,
    "gt": lambda value, wanted: value is not None and value > wanted,
    "gte": lambda value, wanted: value is not None and value >= wanted,
}
_serial = count(1)
# A column, how its value is compared (None: equal), and whether it is an id (which text may name).
Condition = tuple[str, Callable[[Any, Any], bool] | None, bool]


class NotInMemory(NotImplementedError):
    """A deed asked the tables something that they cannot answer in memory yet."""


class Table:
    """How rows of one model are made, and how their fields are called."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        fields = list(model._meta.concrete_fields)
        self.columns = [field.attname for field in fields]
        self.key = model._meta.pk.attname
        self.has_serial = model._meta.auto_field is not None
        self.attnames = {field.name: field.attname for field in fields}
        self.attnames |= {name: name for name in self.columns} | {"pk": self.key}
        self.foreign = {
            field.name: field.related_model for field in fields if isinstance(field, ForeignKey)
        }
        self.fixed = {f.attname: f.get_default() for f in fields if not callable(f.default)}
        self.made = {f.attname: f.get_default for f in fields if callable(f.default)}
        self.ids = {f.attname for f in fields if isinstance(f, UUIDField)}
        self.conditions: dict[str, Condition] = {}

    def new(self, values: Row) -> Row:
        """A whole row from keyword arguments of create()."""
        row = self.fixed.copy()
        for name, value in values.items():
            row[self.attnames[name]] = value.pk if isinstance(value, Model) else value
        for name, make in self.made.items():
            if name not in row:
                row[name] = make()
        if self.has_serial:
            row[self.key] = next(_serial)
        return row

    def condition(self, name: str) -> Condition:
        """What a keyword of filter() is about."""
        found = self.conditions.get(name)
        if found is None:
            field, _, kind = name.partition("__")
            if field not in self.attnames or (kind and kind not in _COMPARISONS):
                raise NotInMemory(f"{self.model.__name__}: {name}")
            column = self.attnames[field]
            found = column, _COMPARISONS[kind] if kind else None, column in self.ids
            self.conditions[name] = found
        return found


class Drawer:
    """The rows of one matter. `entries`: journal rows as `write` was given them, in order."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Row]] = {}
        self.entries: list[tuple[Any, ...]] = []

    @property
    def petitions(self) -> int:
        """How many petitions lie in it."""
        return sum(len(rows) for model, rows in self.rows.items() if model.__name__ == "Petition")

    def of(self, model: type[Model]) -> list[Row]:
        return self.rows.setdefault(model, [])


class Rows:
    """A manager and a queryset in one: the rows of a model in the drawer that is open."""

    def __init__(
        self,
        table: Table,
        drawer: Callable[[], Drawer],
        found: list[Row] | None = None,
        related: tuple[str, ...] = (),
    ) -> None:
        self._table = table
        self._drawer = drawer
        self._found = found
        self._related = related

    # What deeds ask -------------------------------------------------------------------------

    def filter(self, *conditions: Any, **wanted: Any) -> "Rows":
        if conditions:
            raise NotInMemory(f"{self._table.model.__name__}: {conditions}")
        return self._with(self._fitting(wanted, fit=True))

    def exclude(self, **wanted: Any) -> "Rows":
        return self._with(self._fitting(wanted, fit=False))

    def all(self) -> "Rows":
        return self

    def distinct(self) -> "Rows":
        return self

    def select_for_update(self, **_: Any) -> "Rows":
        return self

    def select_related(self, *names: str) -> "Rows":
        return Rows(self._table, self._drawer, self._found, names)

    def order_by(self, *names: str) -> "Rows":
        rows = list(self._rows())
        for name in reversed(names) if len(rows) > 1 else ():
            column = self._table.attnames[name.lstrip("-")]
            rows.sort(key=lambda row, c=column: row[c], reverse=name.startswith("-"))  # type: ignore[misc]
        return self._with(rows)

    def first(self) -> Any:
        rows = self._rows()
        return self._instance(rows[0]) if rows else None

    def latest(self, name: str) -> Any:
        return self.order_by(f"-{name}").get_first()

    def get_first(self) -> Any:
        found = self.first()
        if found is None:
            raise self._table.model.DoesNotExist  # type: ignore[attr-defined]
        return found

    def get(self, **wanted: Any) -> Any:
        return self.filter(**wanted).get_first()

    def exists(self) -> bool:
        return bool(self._rows())

    def count(self) -> int:
        return len(self._rows())

    def aggregate(self, **wanted: Max) -> dict[str, Any]:
        return {name: self._greatest(what) for name, what in wanted.items()}

    def create(self, **values: Any) -> Any:
        row = self._table.new(values)
        self._drawer().of(self._table.model).append(row)
        return self._instance(row)

    def get_or_create(self, *, defaults: Row, **wanted: Any) -> tuple[Any, bool]:
        found = self.filter(**wanted).first()
        return (found, False) if found else (self.create(**wanted, **defaults), True)

    def update(self, **values: Any) -> int:
        rows = self._rows()
        for row in rows:
            row.update({self._table.attnames[n]: _valued(v, row) for n, v in values.items()})
        return len(rows)

    def keep(self, instance: Model, only: list[str] | None) -> None:
        """What instance.save() does."""
        key = self._table.key
        pk = instance.__dict__[key]
        for row in self._drawer().of(self._table.model):
            if row[key] == pk:
                names = [self._table.attnames[n] for n in only] if only else self._table.columns
                row.update({name: instance.__dict__[name] for name in names})
                return
        values = {name: instance.__dict__[name] for name in self._table.columns}
        self._drawer().of(self._table.model).append(values)

    def read_again(self, instance: Model) -> None:
        """What instance.refresh_from_db() does."""
        row = next(r for r in self._rows() if r[self._table.key] == instance.pk)
        instance.__dict__.update(row)

    def __iter__(self) -> Iterator[Any]:
        return iter([self._instance(row) for row in self._rows()])

    def __getitem__(self, place: slice | int) -> Any:
        if isinstance(place, slice):
            return self._with(self._rows()[place])
        return self._instance(self._rows()[place])

    def __len__(self) -> int:
        return len(self._rows())

    # How ------------------------------------------------------------------------------------

    def _rows(self) -> list[Row]:
        found = self._found
        return self._drawer().of(self._table.model) if found is None else found

    def _with(self, rows: list[Row]) -> "Rows":
        return Rows(self._table, self._drawer, rows, self._related)

    def _fitting(self, wanted: Row, *, fit: bool) -> list[Row]:
        rows = self._rows()
        for name, value in wanted.items() if rows else ():
            if name == "links__case":
                kept = [row for row in rows if self._shares(row, value)]
            else:
                kept = _chosen(rows, *self._table.condition(name), value)
            if fit:
                rows = kept
            elif len(wanted) > 1:
                raise NotInMemory(f"exclude({', '.join(wanted)})")
            else:
                rows = [row for row in rows if not any(row is one for one in kept)]
        return rows

    def _shares(self, row: Row, case: Any) -> bool:
        """Petition.filter(links__case=...): the one join that deeds make."""
        links = next(v for m, v in self._drawer().rows.items() if m.__name__ == "PetitionCase")
        pk = row[self._table.key]
        return any(link["petition_id"] == pk and link["case_id"] == case.pk for link in links)

    def _greatest(self, what: Max) -> Any:
        source = what.get_source_expressions()[0]
        if not isinstance(source, F):
            raise NotInMemory(repr(what))
        column = self._table.attnames[_named(source)]
        return max((row[column] for row in self._rows() if row[column] is not None), default=None)

    def _instance(self, row: Row) -> Any:
        model = self._table.model
        instance = model.__new__(model)
        inside = instance.__dict__
        inside.update(row)
        inside["_state"] = state = ModelState()
        state.adding, state.db = False, "default"
        for name in self._related:
            related = self._table.foreign[name]
            kept = cast("Rows", related.objects)  # type: ignore[attr-defined]
            state.fields_cache[name] = kept.get(pk=row[self._table.attnames[name]])
        return instance


def _chosen(
    rows: list[Row],
    column: str,
    compare: Callable[[Any, Any], bool] | None,
    as_id: bool,
    value: Any,
) -> list[Row]:
    if isinstance(value, Model):
        value = value.pk
    elif as_id:
        value = _ids(value)
    if compare is None:
        return [row for row in rows if row[column] == value]
    return [row for row in rows if compare(row[column], value)]


def _ids(given: Any) -> Any:
    """Ids that a deed names by their text, as the server takes them."""
    if isinstance(given, str):
        return UUID(given)
    return [UUID(str(one)) for one in given] if isinstance(given, list | tuple) else given


def _named(field: F) -> str:
    """The field's name, which the stubs do not know."""
    return str(field.__dict__["name"])


def _valued(value: Any, row: Row) -> Any:
    """A value of update(): plain, an instance, or F("name") + number."""
    if isinstance(value, CombinedExpression) and value.connector == "+":
        left, right = value.get_source_expressions()
        if isinstance(left, F) and isinstance(right, Value):
            return row[_named(left)] + right.value
    if hasattr(value, "resolve_expression"):
        raise NotInMemory(repr(value))
    return value.pk if isinstance(value, Model) else value

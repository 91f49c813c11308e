"""Writes the lists of a pack. Called by packs.load_pack inside its transactions, never by pages."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import models as fields
from django.db import transaction

from thudo.directory.models import (
    Area,
    MapLayer,
    PackVersion,
    Place,
    Post,
    Service,
    Succession,
    Unit,
)

# Rows a statement; a place has ten columns and PostgreSQL takes 65,535 values.
BATCH = 2_000

# Lists whose rows end (valid_to) instead of vanishing: old cases still name them.
_LASTING: tuple[type[fields.Model], ...] = (Area, Unit, Post, Service)

M = TypeVar("M", bound=fields.Model)


def begin_version(code: str, version: str, city: dict[str, Any], *, at: datetime) -> PackVersion:
    """The row of a load that is going on: unseen by readers until its digest is set."""
    PackVersion.objects.filter(digest="").delete()
    return PackVersion.objects.create(
        code=code, version=version, digest="", loaded_at=at, city=city
    )


def finish_version(row: PackVersion, digest: str) -> None:
    """From now on this version is the present one."""
    row.digest = digest
    row.save(update_fields=["digest"])


def write_lists(lists: Iterable[tuple[type[fields.Model], Sequence[Any]]], *, at: datetime) -> None:
    """Insert, change and end the rows of each list; what is referred to comes first."""
    for model, rows in lists:
        with transaction.atomic():
            _upsert(model, rows)
            if model in _LASTING:
                _end(model, [row.pk for row in rows], at.date())


def write_successions(rows: Sequence[Succession]) -> None:
    """Replace the crosswalk when it differs."""
    wanted = {(r.former_id, r.area_id, r.is_default, r.is_divided) for r in rows}
    present = set(
        Succession.objects.values_list("former_id", "area_id", "is_default", "is_divided")
    )
    if wanted != present:
        with transaction.atomic():
            Succession.objects.all().delete()
            Succession.objects.bulk_create(rows, batch_size=BATCH)


def write_places(rows: Iterable[Place]) -> None:
    """Insert and change places in batches of their own, then drop those that are gone."""
    names = [field.attname for field in Place._meta.concrete_fields if field.attname != "id"]
    present = {row[0]: row for row in Place.objects.values_list("code", *names)}
    changing = [name.removesuffix("_id") for name in names if name != "code"]
    wanted = iter(rows)
    kept: set[str] = set()
    while batch := list(islice(wanted, BATCH)):
        kept.update(place.code for place in batch)
        changed = [
            place
            for place in batch
            if present.get(place.code, ())[1:] != tuple(getattr(place, name) for name in names)
        ]
        with transaction.atomic():
            Place.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["code"], update_fields=changing
            )
    Place.objects.filter(code__in=present.keys() - kept).delete()


def write_layers(layers: dict[str, str]) -> None:
    """The local base map."""
    _upsert(MapLayer, [MapLayer(code=code, geojson=text) for code, text in layers.items()])
    MapLayer.objects.exclude(code__in=layers).delete()


def _upsert(model: type[M], rows: Sequence[M]) -> None:
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every table has one; this is for the type checker
    changing = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model._default_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[key.name],
        update_fields=changing,
    )


def _end(model: type[fields.Model], kept: Collection[Any], day: date) -> None:
    """Rows that the pack no longer names end today; their code and name stay."""
    rows = model._default_manager.filter(valid_to=None).exclude(pk__in=kept)
    rows.update(valid_to=day)

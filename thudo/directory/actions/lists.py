"""Areas, units, posts, services and the version that they belong to."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models as fields
from django.db import transaction

from thudo.directory.models import (
    Area,
    PackVersion,
    Post,
    Service,
    Succession,
    Unit,
)

# Rows a statement: PostgreSQL takes 65,535 values.
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

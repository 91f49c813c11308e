"""Writes the local base map: whole layers as they are served, and shapes to cut into tiles."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from thudo.directory.models import MapImport, MapLayer, MapShape
from thudo.directory.rules import ShapeRow

_COLUMNS = ", ".join(ShapeRow._fields)


def write_layers(layers: dict[str, str]) -> None:
    """The pack's own layers, GeoJSON text by code."""
    rows = [MapLayer(code=code, geojson=text) for code, text in layers.items()]
    MapLayer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["geojson"]
    )
    MapLayer.objects.exclude(code__in=layers).delete()


@transaction.atomic
def write_shapes(rows: Iterable[ShapeRow], *, imported: bool = False) -> int:
    """Replace the shapes of the pack, or those of the extract; the number written."""
    MapShape.objects.filter(is_imported=imported).delete()
    count = 0
    with connection.cursor() as cursor:
        head = f"COPY directory_map_shape ({_COLUMNS}, is_imported) FROM STDIN"
        with cursor.copy(head) as copy:
            for count, row in enumerate(rows, 1):  # noqa: B007 - the last is the count
                copy.write_row((*row, imported))
        cursor.execute("ANALYZE directory_map_shape")
    return count


def note_import(file: str, counts: dict[str, int], *, at: datetime) -> MapImport:
    """From now on the extract is what map and search show."""
    return MapImport.objects.create(file=file, counts=counts, imported_at=at)

"""What an extract of OpenStreetMap brings: shapes to cut into tiles, and places of its own."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="MapImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.TextField()),
                ("imported_at", models.DateTimeField()),
                ("counts", models.JSONField()),
            ],
            options={
                "db_table": "directory_map_import",
            },
        ),
        migrations.CreateModel(
            name="MapShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.TextField()),
                ("kind", models.TextField()),
                ("name", models.TextField(default="")),
                ("min_zoom", models.SmallIntegerField()),
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("geometry", models.BinaryField()),
                ("is_imported", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "directory_map_shape",
            },
        ),
        migrations.AddField(
            model_name="place",
            name="is_imported",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["latitude", "longitude"], name="directory_place_point"),
        ),
        migrations.AddIndex(
            model_name="mapshape",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(
                    models.Func(models.F("east"), models.F("north"), function="point"),
                    models.Func(models.F("west"), models.F("south"), function="point"),
                    function="box",
                ),
                name="directory_map_shape_box",
            ),
        ),
        # Megabytes of figures: compressing them costs a load more time than reading them saves.
        migrations.RunSQL(
            "ALTER TABLE directory_map_layer ALTER COLUMN geojson SET STORAGE EXTERNAL",
            "ALTER TABLE directory_map_layer ALTER COLUMN geojson SET STORAGE EXTENDED",
        ),
        migrations.RunSQL(
            "ALTER TABLE directory_area ALTER COLUMN polygon SET STORAGE EXTERNAL",
            "ALTER TABLE directory_area ALTER COLUMN polygon SET STORAGE EXTENDED",
        ),
    ]

"""The city's own lists, with validity dates: areas, units, posts, services, places.

Everything here comes from the pack (thudo.packs) and carries its words in each language as
{"vi": ..., "en": ...}. A retired row keeps its code and name; `valid_to` is the first day on
which it no longer holds.
"""

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func

Words = dict[str, str]


class MapLayer(models.Model):
    """A layer of the local base map, ready to serve: areas, roads, water (GeoJSON text)."""

    code = models.TextField(primary_key=True)
    geojson = models.TextField()

    class Meta:
        db_table = "directory_map_layer"

    def __str__(self) -> str:
        return self.code


class MapImport(models.Model):
    """One import of an OpenStreetMap extract; the newest is what map and search show."""

    file = models.TextField()
    imported_at = models.DateTimeField()
    counts = models.JSONField()

    class Meta:
        db_table = "directory_map_import"

    def __str__(self) -> str:
        return self.file


class MapShape(models.Model):
    """A line or polygon of roads or water, cut into tiles when asked for."""

    layer = models.TextField()
    # Roads: their class (trunk ... path); water: "river", "lake", ...
    kind = models.TextField()
    name = models.TextField(default="")
    # The map shows it from this zoom on.
    min_zoom = models.SmallIntegerField()
    # Degrees, EPSG:4326, as is the geometry (WKB).
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    geometry = models.BinaryField()
    # From an extract (thudo map import), not from the pack.
    is_imported = models.BooleanField(default=False)

    class Meta:
        db_table = "directory_map_shape"
        indexes = [
            GistIndex(
                Func(
                    Func(F("east"), F("north"), function="point"),
                    Func(F("west"), F("south"), function="point"),
                    function="box",
                ),
                name="directory_map_shape_box",
            )
        ]

    def __str__(self) -> str:
        return f"{self.layer}: {self.name or self.kind}"


class PackVersion(models.Model):
    """One loaded version of the city's pack; decisions store its id."""

    code = models.TextField()
    version = models.TextField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()
    city = models.JSONField()

    class Meta:
        db_table = "directory_pack_version"

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Area(models.Model):
    """A part of the city: the city itself, a ward or commune, and former ones."""

    code = models.TextField(primary_key=True)
    # The register's code, which a former area may share with a present one.
    official_code = models.TextField(default="", db_index=True)
    kind = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    name = models.JSONField()
    full_name = models.JSONField()
    folded = models.TextField()
    sort_key = models.TextField(db_index=True)
    population = models.IntegerField(null=True)
    office = models.TextField(default="")
    # GeoJSON geometry, EPSG:4326; former areas have none.
    polygon = models.JSONField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_area"
        indexes = [
            GinIndex(fields=["folded"], name="directory_area_words", opclasses=["gin_trgm_ops"])
        ]

    def __str__(self) -> str:
        return str(self.full_name)


class Succession(models.Model):
    """Which present area holds (part of) a former one; a divided one has several rows."""

    former = models.ForeignKey(Area, models.PROTECT, related_name="successors")
    area = models.ForeignKey(Area, models.PROTECT, related_name="predecessors")
    is_default = models.BooleanField()
    is_divided = models.BooleanField()

    class Meta:
        db_table = "directory_succession"
        constraints = [
            models.UniqueConstraint(fields=["former", "area"], name="directory_succession_once")
        ]

    def __str__(self) -> str:
        return f"{self.former_id} -> {self.area_id}"


class Unit(models.Model):
    """A body that answers: a ward's committee, a department, police, an operator, a desk."""

    code = models.TextField(primary_key=True)
    kind = models.TextField()
    name = models.JSONField()
    folded = models.TextField()
    sort_key = models.TextField(db_index=True)
    # The unit above: re-checks and escalations go there.
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="units")
    calendar = models.TextField()
    phone = models.TextField(default="")
    address = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_unit"

    def __str__(self) -> str:
        return str(self.name)


class Post(models.Model):
    """A named place in a unit. `role`: head, deputy, handler, duty, intake, checking, leader."""

    code = models.TextField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.TextField()
    title = models.JSONField()
    # Service groups this post handles in its unit; empty: all that no other post names.
    groups = models.JSONField(default=list)
    # Who is told next when this post is late or silent.
    above = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_post"

    def __str__(self) -> str:
        return self.code


class Stream(models.Model):
    """A stream of input (nhóm nội dung) with its rule on identity and its legal basis.

    `identity`: "required" (name and identity), "contact" (a number or e-mail), "anonymous" (may
    be neither). `handling`: "case" opens a case; "thank", "answer" and "refuse" do not.
    """

    code = models.TextField(primary_key=True)
    name = models.JSONField()
    identity = models.TextField()
    handling = models.TextField()
    legal_basis = models.TextField()
    position = models.IntegerField()

    class Meta:
        db_table = "directory_stream"

    def __str__(self) -> str:
        return self.code


class ServiceGroup(models.Model):
    """A field of services (lĩnh vực): about nine, each with an icon."""

    code = models.TextField(primary_key=True)
    name = models.JSONField()
    icon = models.TextField()
    position = models.IntegerField()

    class Meta:
        db_table = "directory_service_group"

    def __str__(self) -> str:
        return self.code


class Service(models.Model):
    """What a person can ask for (loại việc). `is_admissible` is false for the kinds not taken."""

    code = models.TextField(primary_key=True)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="services")
    group = models.ForeignKey(ServiceGroup, models.PROTECT, null=True, related_name="services")
    name = models.JSONField()
    folded = models.TextField()
    keywords = models.JSONField(default=dict)
    # What it is unless text or an answer says more: "normal", "urgent", "complex".
    severity = models.TextField(default="normal")
    is_admissible = models.BooleanField(default=True)
    # Asset kinds whose layer decides the owner before the ward does, e.g. ["road"].
    assets = models.JSONField(default=list)
    # Kinds of proof that close it: "photo", "measurement", "minutes", "document" (any of).
    evidence = models.JSONField(default=list)
    # [{"code", "text": {vi, en}, "kind": "choice"|"text",
    #   "options": [{"code", "text": {vi, en}, "severity": "" or "urgent"}]}]
    questions = models.JSONField(default=list)
    is_private_by_default = models.BooleanField(default=False)
    # A petition about the conduct of a unit never goes to that unit (scope "about:<unit>").
    about_conduct = models.BooleanField(default=False)
    reason = models.JSONField(default=dict)
    position = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "directory_service"
        indexes = [
            GinIndex(fields=["folded"], name="directory_service_words", opclasses=["gin_trgm_ops"])
        ]

    def __str__(self) -> str:
        return self.code


class Place(models.Model):
    """A name that finds a point: street, house number, point of interest, old ward."""

    # Stable from one version of the pack to the next: "osm:n8523", "street:00364:khuong dinh".
    code = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    detail = models.TextField(default="")
    folded = models.TextField()
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="places")
    # A street without geometry has no point: it narrows, it does not place.
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    weight = models.SmallIntegerField(default=0)
    source = models.TextField()
    # From an extract (thudo map import), not from the pack.
    is_imported = models.BooleanField(default=False)

    class Meta:
        db_table = "directory_place"
        indexes = [
            GinIndex(fields=["folded"], name="directory_place_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["latitude", "longitude"], name="directory_place_point"),
        ]

    def __str__(self) -> str:
        return self.name

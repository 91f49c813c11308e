"""What a person said: the petition, who said it (apart, encrypted), and his verdict."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from thudo.cases.models import Case

# Who filed it: Petitioner.kind.
PERSON, ORGANISATION = "person", "organisation"


class Petition(models.Model):
    """A petition. `number` opens what is public; only the secret's holder may act on it.

    The exact point stays private when `is_home` (then the public one is the centre of its H3
    cell of resolution 9); `cell` is the H3 cell of resolution 11 as a signed 64-bit number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.TextField(unique=True)
    # HMAC-SHA-256 of the secret code under the server's key: the code itself is not kept.
    secret = models.BinaryField()
    stream = models.TextField()
    service = models.TextField()
    # How the service came to be: "person", "proposed", "desk"; and what the classifier said.
    service_by = models.TextField()
    classification = models.JSONField(default=dict)
    channel = models.TextField()
    text = models.TextField()
    salt = models.BinaryField()
    folded = models.TextField()
    vector = SearchVectorField(null=True)
    answers = models.JSONField(default=dict)
    place = models.TextField(default="")
    area = models.TextField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)
    is_home = models.BooleanField(default=False)
    is_public = models.BooleanField()
    is_anonymous = models.BooleanField(default=False)
    # The desk took it out of public sight, with a reason in the journal.
    is_hidden = models.BooleanField(default=False)
    # What became of it: "case", "thanked", "answered", "refused", "merged", "withdrawn".
    handling = models.TextField(default="case")
    refusal = models.TextField(default="")
    filed_at = models.DateTimeField()
    filed_by = models.TextField(default="resident")
    version = models.IntegerField(default=1)
    pack_version = models.BigIntegerField()

    class Meta:
        db_table = "petitions_petition"
        indexes = [
            GinIndex(fields=["vector"], name="petitions_petition_vector"),
            models.Index(fields=["cell", "service", "filed_at"], name="petitions_petition_cell"),
            models.Index(
                fields=["-filed_at"],
                name="petitions_petition_public",
                condition=Q(is_public=True, is_hidden=False),
            ),
            models.Index(fields=["area", "-filed_at"], name="petitions_petition_area"),
        ]

    def __str__(self) -> str:
        return self.number


class PetitionCase(models.Model):
    """Which cases a petition has, and which petitions a case: both may be several."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    position = models.SmallIntegerField(default=1)

    class Meta:
        db_table = "petitions_petition_case"
        constraints = [
            models.UniqueConstraint(fields=["petition", "case"], name="petitions_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.case_id}"


class Petitioner(models.Model):
    """Who filed: encrypted (AES-GCM under `key_id`), found again only by keyed hash."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True)
    key_id = models.TextField()
    sealed = models.BinaryField()
    phone_hash = models.BinaryField(null=True)
    email_hash = models.BinaryField(null=True)
    # "verified" by a one-time code, else "unverified" (chưa xác minh); "account" once signed in.
    verification = models.TextField(default="unverified")
    kind = models.TextField(db_default=PERSON, default=PERSON)

    class Meta:
        db_table = "petitions_petitioner"
        indexes = [
            models.Index(fields=["phone_hash"], name="petitions_petitioner_phone"),
            models.Index(fields=["email_hash"], name="petitions_petitioner_email"),
        ]

    def __str__(self) -> str:
        return "petitioner"


class Follower(models.Model):
    """Somebody who met the same matter and follows this petition instead of filing it again.

    Nobody's account: a secret link of his own (kept as a keyed hash). What he gave to be reached,
    and the secret for his messages, lie sealed as identities do, until he stops.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="followers")
    secret = models.BinaryField()
    key_id = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    # Keyed hash of the browser's cookie of drafts: one browser is counted once.
    browser = models.BinaryField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "petitions_follower"
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "browser"],
                name="petitions_follower_once",
                condition=Q(ended_at__isnull=True, browser__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return "follower"


class FollowerWord(models.Model):
    """What a follower added: for those who handle it, never public. Its files are bound to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="words")
    text = models.TextField(default="")
    salt = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "petitions_follower_word"

    def __str__(self) -> str:
        return str(self.pk)


class FollowerVerdict(models.Model):
    """What a follower says of a published result: counted apart from the petitioner's verdict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="verdicts")
    case = models.ForeignKey(Case, models.CASCADE, related_name="follower_verdicts")
    answer = models.UUIDField()
    value = models.TextField()
    text = models.TextField(default="")
    salt = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "petitions_follower_verdict"
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "answer"], name="petitions_follower_verdict_once"
            )
        ]
        indexes = [models.Index(fields=["answer"], name="petitions_follower_verdict_of")]

    def __str__(self) -> str:
        return self.value


class Idempotency(models.Model):
    """One answered request: the same key and content gets the same answer for 40 days."""

    scope = models.TextField()
    key = models.TextField()
    request_hash = models.BinaryField()
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "petitions_idempotency"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="petitions_idempotency_once")
        ]

    def __str__(self) -> str:
        return self.key


class Verdict(models.Model):
    """What the petitioner says of a published result: satisfied, acceptable, not_satisfied."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="verdicts")
    case = models.ForeignKey(Case, models.CASCADE, related_name="verdicts")
    answer = models.UUIDField()
    value = models.TextField()
    text = models.TextField(default="")
    salt = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "petitions_verdict"
        constraints = [
            models.UniqueConstraint(fields=["petition", "answer"], name="petitions_verdict_once")
        ]

    def __str__(self) -> str:
        return self.value


class LetterNumber(models.Model):
    """The last number that a unit gave to a letter in a year: no number twice, none left out."""

    unit = models.TextField()
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        db_table = "petitions_letter_number"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="petitions_letter_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}: {self.last}"


class Letter(models.Model):
    """A letter to an organisation, with number, day and signatory, as they were when it went out.

    `kind`: "acknowledgement" (then `promised_at` is the instant it promises) or "answer" (then
    `answer` is the result it brings). `signatory`: the person whose decision it was, by name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="letters")
    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    kind = models.TextField()
    answer = models.UUIDField(null=True)
    promised_at = models.DateTimeField(null=True)
    unit = models.TextField()
    year = models.SmallIntegerField()
    number = models.IntegerField()
    symbol = models.TextField()
    post = models.TextField()
    signatory = models.TextField()
    is_invented = models.BooleanField(default=False)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "petitions_letter"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="petitions_letter_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["petition", "case", "kind", "answer"],
                name="petitions_letter_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.symbol}"

"""Attachments: private originals, public copies without EXIF, and whom they belong to."""

import uuid

from django.db import models


class Attachment(models.Model):
    """One uploaded file. It starts as a draft of one browser (`draft_key`) and is then bound.

    `subject_kind`/`subject_id` say what it belongs to ("petition", "case"); `purpose` what it
    shows: "matter", "supplement", "before", "after", "document". The exact place and time of
    its EXIF stay here and are never published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft_key = models.TextField(default="")
    subject_kind = models.TextField(default="")
    subject_id = models.TextField(default="")
    purpose = models.TextField(default="matter")
    media_type = models.TextField()
    bytes = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    # SHA-256 of the bytes as they arrived: the name of the private original.
    digest = models.TextField()
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    is_public = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.TextField()
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "files_attachment"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="files_attachment_subject"),
            models.Index(
                fields=["uploaded_at"],
                name="files_attachment_draft",
                condition=models.Q(subject_kind=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.media_type} {self.digest[:8]}"

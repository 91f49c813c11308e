"""Attachments: private originals, public copies without EXIF, and whom they belong to."""

import uuid

from django.db import models

from thudo.files.rules import NEVER_PUBLIC


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
    # Of a film or a recording.
    seconds = models.FloatField(null=True)
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
        constraints = [
            # A film or a recording cannot be cleaned of place, device and voices as a photo can.
            models.CheckConstraint(
                name="files_attachment_moving_is_private",
                condition=models.Q(is_public=False)
                | ~models.Q(media_type__in=sorted(NEVER_PUBLIC)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.media_type} {self.digest[:8]}"


class Upload(models.Model):
    """A file on its way (tus): what was announced. How much of it has arrived is the size of its
    part on the disk, which is the only truth about it; a finished one is the attachment of that id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft_key = models.TextField()
    length = models.BigIntegerField()
    # Upload-Metadata as the client sent it, which HEAD must give back.
    metadata = models.TextField(default="")
    is_finished = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "files_upload"
        indexes = [
            models.Index(fields=["draft_key"], name="files_upload_draft"),
            models.Index(fields=["expires_at"], name="files_upload_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.length} bytes, {self.pk}"

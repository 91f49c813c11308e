"""What becomes of drafts: given to a subject, shown, concealed, dropped, swept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from thudo.files.actions.keeping import forget, hold
from thudo.files.models import Attachment, Upload
from thudo.files.queries import part_path, parts_folder
from thudo.files.rules import DOCUMENTS, NEVER_PUBLIC, is_uuid

DRAFT_DAYS = 7


def bind_files(
    ids: Sequence[str], *, draft_key: str, kind: str, subject: str, public: bool, purpose: str = ""
) -> list[Attachment]:
    """Give drafts of this browser to a subject, in order; unknown ids are left out.

    Called inside the deed that creates or moves the subject.
    """
    wanted = list(dict.fromkeys(str(i) for i in ids if is_uuid(str(i))))
    rows = Attachment.objects.select_for_update().filter(
        pk__in=wanted, draft_key=draft_key, subject_kind=""
    )
    found = {str(row.pk): row for row in rows}
    bound = [found[i] for i in wanted if i in found]
    for position, row in enumerate(bound):
        row.subject_kind, row.subject_id, row.position = kind, subject, position
        row.is_public = public
        row.purpose = purpose or row.purpose
        row.save()
    return bound


@transaction.atomic
def publish_files(kind: str, subject: str, *, purposes: Sequence[str]) -> None:
    """Let the public copies of a subject's files be seen: called when a result is published.

    Of what residents sent only pictures: a paper of theirs tells more than anybody looked for.
    """
    unseen = NEVER_PUBLIC | (DOCUMENTS if kind == "petition" else frozenset())
    Attachment.objects.filter(
        subject_kind=kind, subject_id=subject, purpose__in=list(purposes)
    ).exclude(media_type__in=sorted(unseen)).update(is_public=True)


@transaction.atomic
def conceal_files(kind: str, subject: str) -> None:
    """Nobody but those who may read the subject sees its files any more."""
    Attachment.objects.filter(subject_kind=kind, subject_id=subject).update(is_public=False)


@transaction.atomic
def drop_draft(pk: UUID, *, draft_key: str) -> None:
    """Forget a draft that its own browser removed."""
    rows = Attachment.objects.filter(pk=pk, draft_key=draft_key, subject_kind="")
    digests = set(rows.values_list("digest", flat=True))
    rows.delete()
    _forget(digests)


@transaction.atomic
def sweep_drafts(*, at: datetime, days: int = DRAFT_DAYS) -> int:
    """Forget drafts that nobody sent within `days`, and files that no row names any more."""
    old = Attachment.objects.filter(subject_kind="", uploaded_at__lt=at - timedelta(days=days))
    digests = set(old.values_list("digest", flat=True))
    gone, _kinds = old.delete()
    _forget(digests)
    return gone


@transaction.atomic
def sweep_uploads(*, at: datetime) -> int:
    """Forget uploads that expired, and parts that no upload names (a server was killed)."""
    gone, _kinds = Upload.objects.filter(expires_at__lt=at).delete()
    parts = {path.stem: path for path in parts_folder().glob("*.part")}
    old = [name for name, path in parts.items() if _is_old(path, at)]
    kept = Upload.objects.filter(pk__in=[name for name in old if is_uuid(name)])
    for name in set(old) - {str(pk) for pk in kept.values_list("pk", flat=True)}:
        part_path(name).unlink(missing_ok=True)
    return gone


@transaction.atomic
def sweep_orphans(folder: int, *, at: datetime) -> int:
    """Forget contents that no row names (a server was killed between file and row), of one of the
    256 folders; how many."""
    lie = [
        path.name
        for path in (Path(settings.FILES_DIR) / "originals" / f"{folder % 256:02x}").glob("*")
        if _is_old(path, at)
    ]
    named = set(Attachment.objects.filter(digest__in=lie).values_list("digest", flat=True))
    orphans = set(lie) - named
    _forget(orphans)
    return len(orphans)


def _forget(digests: Iterable[str]) -> None:
    # In one order, so that two sweepers never wait for each other.
    for digest in sorted(digests):
        hold(digest)
        forget(digest)


def _is_old(path: Path, at: datetime) -> bool:
    return path.stat().st_mtime < (at - timedelta(days=1)).timestamp()

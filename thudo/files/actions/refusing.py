"""How a file, or a piece of one, is refused."""

import shutil

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.base.errors import Invalid, NotFound, Refused
from thudo.files.queries import limits, parts_folder
from thudo.files.rules import media_type


class WrongOffset(Refused):
    """The piece does not begin where the file ends so far."""

    status = 409
    code = "wrong_offset"


class AlreadyThere(Refused):
    """Another upload or file has this id."""

    status = 409
    code = "upload_exists"


class Gone(NotFound):
    """The upload has expired, or its bytes are no longer there."""

    status = 410
    code = "upload_gone"


class TooLarge(Invalid):
    """More bytes than were announced or than are taken."""

    status = 413
    code = "too_large"


class ChecksumMismatch(Refused):
    """The piece is not what its sender sent; none of it was kept."""

    status = 460
    code = "checksum_mismatch"


class NoRoom(Refused):
    """The disk keeps its last part for the city's own work."""

    status = 507
    code = "no_room"


def invalid(sentence: str) -> Invalid:
    """A refusal of the file itself."""
    return Invalid(sentence, {"file": sentence})


def kind_of(head: bytes, length: int) -> str:
    """The media type by the file's first bytes and within its limit; Invalid otherwise.

    `length` may be a lower bound (bytes so far) or what was announced.
    """
    if not head:
        raise invalid(_("This file is empty."))
    media = media_type(head)
    if media is None:
        raise invalid(
            _("Only photos (JPEG, PNG, WebP), films (MP4, MOV, WebM), recordings and PDF documents can be attached.")
        )  # fmt: skip
    need_within(media, length)
    return media


def need_within(media: str, length: int) -> None:
    """Raise Invalid where so many bytes of this media type are not taken."""
    most = limits().bytes_of(media)
    if length > most:
        size = most // (1024 * 1024)
        raise invalid(_("This file is larger than %(size)s MB.") % {"size": size})


def need_room() -> None:
    """Raise NoRoom where keeping more would fill the disk."""
    folder = parts_folder()
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < settings.LEAST_FREE_BYTES:
        raise NoRoom(_("No more files can be kept just now. The report can be sent without them."))

"""Deeds about files: a draft is kept at once or piece by piece, a public copy made, a subject given."""

from thudo.files.actions.drafts import (
    bind_files,
    conceal_files,
    drop_draft,
    publish_files,
    sweep_drafts,
    sweep_orphans,
    sweep_uploads,
)
from thudo.files.actions.keeping import keep_upload
from thudo.files.actions.refusing import WrongOffset
from thudo.files.actions.uploading import (
    append_piece,
    create_upload,
    drop_upload,
    finish_upload,
    offset_of,
)

__all__ = [
    "WrongOffset",
    "append_piece",
    "bind_files",
    "conceal_files",
    "create_upload",
    "drop_draft",
    "drop_upload",
    "finish_upload",
    "keep_upload",
    "offset_of",
    "publish_files",
    "sweep_drafts",
    "sweep_orphans",
    "sweep_uploads",
]

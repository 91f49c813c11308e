"""Uploads, whole or piece by piece, and what may be seen of them."""

from thudo.files.views.files import file, files, removal, small
from thudo.files.views.tus import upload, uploads

__all__ = ["file", "files", "removal", "small", "upload", "uploads"]

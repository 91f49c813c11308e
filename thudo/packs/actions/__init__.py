"""The deeds of the packs: load_pack, import_extract."""

from thudo.packs.actions.extract import ExtractRefused, import_extract
from thudo.packs.actions.load import Loaded, PackRefused, load_pack

__all__ = ["ExtractRefused", "Loaded", "PackRefused", "import_extract", "load_pack"]

"""The deed of the packs: load_pack."""

from thudo.packs.actions.load import Loaded, PackRefused, load_pack

__all__ = ["Loaded", "PackRefused", "load_pack"]

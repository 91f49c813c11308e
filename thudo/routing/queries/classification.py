"""Reads petitions with the pack's lexicon and model, loaded once and again when the files change."""

import hashlib
import json
import logging
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings

from thudo.routing.rules import classification as rules
from thudo.routing.rules.classification import Classification, Lexicon, Model

FOLDER, LEXICON, MODEL = "classification", "lexicon.toml", "model.npz"
_CHECK_SECONDS = 2.0
_log = logging.getLogger(__name__)

# What is said of a text where the pack has no lexicon: nothing, so the desk decides.
UNKNOWN = Classification(
    None,
    0.0,
    (),
    "normal",
    (),
    danger=False,
    numbers=(),
    kind_not_taken=None,
    kind_confidence=0.0,
    words=(),
    model_version="",
)


@dataclass(frozen=True)
class Reader:
    """A lexicon and the model that goes with it; `stamp` are the files' times and sizes."""

    lexicon: Lexicon
    model: Model
    stamp: tuple[tuple[int, int], ...]


def classify(text: str) -> Classification:
    """What a petition is about; never fails, costs well under 2 ms and no statement."""
    reader = current()
    return rules.classify(text, reader.lexicon, reader.model) if reader else UNKNOWN


def current() -> Reader | None:
    """The reader of the pack in force, or None where the pack has no lexicon."""
    return _shelf.current()


def read(folder: Path) -> Reader | None:
    """The reader of a pack's classification folder."""
    stamp = _stamp(folder)
    if not (folder / LEXICON).is_file():
        return None
    text = (folder / LEXICON).read_bytes()
    lexicon = rules.lexicon_from(tomllib.loads(text.decode()))
    model = read_model(folder / MODEL) if (folder / MODEL).is_file() else None
    if model is None or model.classes != lexicon.classes:
        if model is not None:
            _log.warning("%s was learned for other services; run `thudo learn`", folder / MODEL)
        model = rules.lexicon_model(lexicon)
    return Reader(lexicon, replace(model, version=f"{model.version} + {lexicon.version}"), stamp)


def read_model(path: Path) -> Model:
    """A model as `thudo learn` wrote it."""
    with np.load(path) as arrays:
        meta: Mapping[str, Any] = json.loads(arrays["meta"].tobytes())
        hashed = np.zeros((rules.BUCKETS, arrays["values"].shape[1]), np.int8)
        hashed[arrays["buckets"]] = arrays["values"]
        return Model(
            version=meta["version"],
            classes=tuple(meta["classes"]),
            service_count=meta["service_count"],
            hashed=hashed,
            scale=arrays["scale"],
            pointed=arrays["pointed"],
            bias=arrays["bias"],
            lexicon_digest=meta["lexicon"],
            meta=meta,
        )


def lexicon_digest(folder: Path) -> str:
    """SHA-256 of the lexicon's bytes: a model says which one it was learned with."""
    return hashlib.sha256((folder / LEXICON).read_bytes()).hexdigest()


class _Shelf:
    """Holds the reader of this process and decides when to look at the files again."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.reader: Reader | None = None
        self.folder: Path | None = None
        self.looked = 0.0

    def current(self) -> Reader | None:
        folder = Path(settings.PACK_DIR) / FOLDER
        if self.folder == folder and time.monotonic() - self.looked < _CHECK_SECONDS:
            return self.reader
        with self.lock:
            if self.folder != folder or self.reader is None or self.reader.stamp != _stamp(folder):
                self.reader, self.folder = read(folder), folder
            self.looked = time.monotonic()
            return self.reader


_shelf = _Shelf()


def _stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    files = [folder / LEXICON, folder / MODEL]
    return tuple((f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.is_file())

"""Learns the linear model from the pack's sentences; needs SciPy, so it never runs in a city.

Seed sentences are short and clean, petitions are neither: each is also learned wrapped in
courtesies and places, joined with another of its kind, misspelt, and run together.
"""

import hashlib
import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thudo.routing.rules.classification import URGENCIES, Model
from thudo.routing.rules.evaluation import Line, LineFault, line_from, phone_spelling
from thudo.routing.rules.features import BUCKETS, SHARES, Features, Floats, Lexicon, features_of

# How often each seed sentence is learned besides as it stands.
VARIANTS = 1
# All below was chosen by learning from some hands and asking the others
# (docs/reference/classifier.md).
# How much the lexicon's points count, where words count 1.
POINTS = 0.055
# The penalty on weights, and how far rare classes are lifted (0: not, 1: all classes the same).
PENALTY, LIFT = 0.3, 0.5
# From a fit to certainty: what the scores of each group of heads are multiplied with.
CLASSES_HEAT, TAKEN_HEAT, URGENCY_HEAT = 22.0, 5.0, 2.8
# A feature that only so few sentences have tells nothing of others.
_FEWEST = 2
_TYPO, _RUN_ON, _PHONES = 0.025, 0.04, 0.3
_BLOCK = 512


@dataclass(frozen=True)
class Surroundings:
    """What stands around the matter of a petition."""

    openings: Sequence[str]
    closings: Sequence[str]
    places: Sequence[str]


def read_lines(paths: Sequence[Path]) -> list[Line]:
    """The labelled lines of JSONL files, empty ones skipped; LineFault says file and line."""
    lines = []
    for path in paths:
        for number, row in enumerate(_text(path).split("\n"), 1):
            # Not splitlines(): a text may hold U+2028 and others that it would split at.
            if row.strip():
                lines.append(_line(row, f"{path.name}:{number}"))
    return lines


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise LineFault(f"{path.name}: this is not UTF-8 text") from fault


def read_surroundings(path: Path) -> Surroundings:
    """The pack's surroundings.toml."""
    data = tomllib.loads(path.read_text("utf-8"))
    return Surroundings(data["openings"], data["closings"], data["places"])


def learn(lines: Sequence[Line], lexicon: Lexicon, around: Surroundings, *, seed: int = 7) -> Model:
    """A model of all lines; the same lines and seed give the same model.

    Kernel ridge regression: of a few thousand sentences with a hundred thousand features it is
    solved exactly, in a minute, and does better on other hands' texts than logistic regression.
    Needs 4 bytes for every pair of samples.
    """
    samples = list(_samples(lines, around, random.Random(seed)))  # noqa: S311
    rows, used, worth = _matrix([features_of(line.text, lexicon) for line in samples])
    likeness = _likeness(rows)
    classes = [lexicon.classes.index(line.service) for line in samples]
    taken = [int(line.is_admissible) for line in samples]
    urgency = [URGENCIES.index(line.urgency or "normal") for line in samples]
    fits = np.hstack(
        [
            _fit(likeness, classes) * CLASSES_HEAT,
            # One head: how sure it is that the text is not taken.
            _fit(likeness, taken)[:, :1] * TAKEN_HEAT,
            _fit(likeness, urgency) * URGENCY_HEAT,
        ]
    )
    return _model(rows.T @ fits, fits.sum(axis=0), used, worth, lexicon)


def _samples(lines: Sequence[Line], around: Surroundings, rng: random.Random) -> Iterator[Line]:
    mates: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        mates[line.service, line.urgency].append(line)
    for line in lines:
        yield line
        for _ in range(VARIANTS):
            mate = rng.choice(mates[line.service, line.urgency]) if rng.random() < 0.3 else None
            text = f"{line.text}. {mate.text}" if mate else line.text
            text = _misspelt(_wrapped(text, line, around, rng), rng)
            yield _with_text(line, phone_spelling(text) if rng.random() < _PHONES else text)


def _wrapped(text: str, line: Line, around: Surroundings, rng: random.Random) -> str:
    parts = [text]
    if rng.random() < 0.5:
        parts.insert(rng.randrange(2), rng.choice(around.places))
    # Courtesies surround petitions; insults, adverts, praise and questions come as they are.
    if line.is_admissible or line.service == "complaint_denunciation":
        if rng.random() < 0.45:
            parts.insert(0, rng.choice(around.openings))
        if rng.random() < 0.5:
            parts.append(rng.choice(around.closings))
    return " ".join(parts)


def _misspelt(text: str, rng: random.Random) -> str:
    """Now and then a letter is lost or swapped with its neighbour, or a space is lost."""
    letters: list[str] = []
    for letter in text:
        chance = rng.random()
        if letter == " " and chance < _RUN_ON:
            continue
        if letter.isalpha() and chance < _TYPO:
            if chance < _TYPO / 2 and letters:
                letters.insert(len(letters) - 1, letter)
            continue
        letters.append(letter)
    return "".join(letters)


def _matrix(features: Sequence[Features]) -> tuple[Any, NDArray[np.intp], Floats]:
    """(rows, the buckets of their first columns, what each of these is worth); then the points."""
    from scipy.sparse import csr_matrix, diags, hstack  # type: ignore[import-untyped]

    values: list[NDArray[Any]] = []
    columns: list[NDArray[Any]] = []
    starts = [0]
    for one in features:
        for buckets, share in zip(one.blocks, SHARES, strict=True):
            values.append(np.full(len(buckets), share * max(len(buckets), 1) ** -0.5, np.float32))
            columns.append(buckets)
        starts.append(starts[-1] + sum(map(len, one.blocks)))
    places = np.concatenate(columns)
    counts = np.bincount(places, minlength=BUCKETS)
    used = np.flatnonzero(counts >= _FEWEST)
    # What few texts say tells more than what all say.
    worth = (np.log((len(features) + 1) / (counts[used] + 1)) / 5).astype(np.float32)
    shape = (len(features), BUCKETS)
    hashed = csr_matrix((np.concatenate(values), places, starts), shape=shape)[:, used]
    pointed = csr_matrix(np.array([one.points for one in features]) * np.float32(POINTS))
    return hstack([hashed @ diags(worth), pointed], format="csr", dtype=np.float32), used, worth


def _likeness(rows: Any) -> Floats:
    """How alike every two samples are; 1 is added, which gives each head its bias."""
    found = np.empty((rows.shape[0], rows.shape[0]), np.float32)
    for start in range(0, rows.shape[0], _BLOCK):
        found[start : start + _BLOCK] = (rows[start : start + _BLOCK] @ rows.T).toarray()
    return found + 1


def _fit(likeness: Floats, labels: list[int]) -> Floats:
    """What each sample gives to each label's head."""
    from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

    counts = np.bincount(labels).astype(np.float32)
    # Rare classes count more than their number, but not as much as common ones altogether.
    shares = counts[labels]
    whole = likeness.copy()
    whole[np.diag_indices(len(labels))] += PENALTY * (shares / shares.mean()) ** LIFT
    aims = np.full((len(labels), len(counts)), -1 / (len(counts) - 1), np.float32)
    aims[np.arange(len(labels)), labels] = 1
    return np.asarray(cho_solve(cho_factor(whole, lower=True, overwrite_a=True), aims), np.float32)


def _model(
    weights: Floats, bias: Floats, used: NDArray[np.intp], worth: Floats, lexicon: Lexicon
) -> Model:
    hashed, pointed = weights[: len(used)] * worth[:, None], weights[len(used) :] * POINTS
    scale = np.abs(hashed).max(axis=0) / 127
    whole = np.zeros((BUCKETS, weights.shape[1]), np.int8)
    whole[used] = np.round(hashed / scale).astype(np.int8)
    return Model(
        version="",
        classes=lexicon.classes,
        service_count=len(lexicon.services),
        hashed=whole,
        scale=scale.astype(np.float32),
        pointed=pointed.astype(np.float32),
        bias=bias.astype(np.float32),
    )


def digest_of(model: Model) -> str:
    """SHA-256 over the arrays: the model's name."""
    sha = hashlib.sha256()
    for array in (model.hashed, model.scale, model.pointed, model.bias):
        sha.update(array.tobytes())
    return sha.hexdigest()


def _line(row: str, where: str) -> Line:
    try:
        return line_from(json.loads(row))
    except json.JSONDecodeError as fault:
        raise LineFault(f"{where}: this is not JSON ({fault.msg}, column {fault.colno})") from fault
    except LineFault as fault:
        raise LineFault(f"{where}: {fault}") from fault


def _with_text(line: Line, text: str) -> Line:
    return Line(text, line.service, line.urgency, line.is_admissible)

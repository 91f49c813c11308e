"""Learns the linear model from the pack's sentences; needs scikit-learn, so it never runs in a city.

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

from thudo.routing.rules.classification import (
    BUCKETS,
    URGENCIES,
    Features,
    Lexicon,
    Model,
    features_of,
)
from thudo.routing.rules.evaluation import Line, LineFault, line_from

# How often each seed sentence is learned besides as it stands.
VARIANTS = 4
# Inverse strength of the penalty on weights; and how much the lexicon's points count. Chosen by
# cross-validation over the seed sentences (docs/decisions/0009-classifier.md).
CLASSES_C, TAKEN_C, URGENCY_C = 4.0, 8.0, 2.0
POINTS = 0.5
_TYPO, _RUN_ON = 0.025, 0.04


@dataclass(frozen=True)
class Surroundings:
    """What stands around the matter of a petition."""

    openings: Sequence[str]
    closings: Sequence[str]
    places: Sequence[str]


def read_lines(paths: Sequence[Path]) -> list[Line]:
    """The labelled lines of JSONL files; raises LineFault with file and line."""
    lines = []
    for path in paths:
        for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
            if row.strip():
                lines.append(_line(row, f"{path.name}:{number}"))
    return lines


def read_surroundings(path: Path) -> Surroundings:
    """The pack's surroundings.toml."""
    data = tomllib.loads(path.read_text("utf-8"))
    return Surroundings(data["openings"], data["closings"], data["places"])


def learn(lines: Sequence[Line], lexicon: Lexicon, around: Surroundings, *, seed: int = 7) -> Model:
    """A model of all lines; the same lines and seed give the same model."""
    samples = list(_samples(lines, around, random.Random(seed)))  # noqa: S311
    features = [features_of(line.text, lexicon) for line in samples]
    rows, used = _matrix(features)
    heads = [
        *_fit(rows, [lexicon.classes.index(line.service) for line in samples], CLASSES_C),
        *_fit(rows, [int(not line.is_admissible) for line in samples], TAKEN_C),
        *_fit(rows, [URGENCIES.index(line.urgency) for line in samples], URGENCY_C),
    ]
    return _model(heads, used, lexicon)


def _samples(lines: Sequence[Line], around: Surroundings, rng: random.Random) -> Iterator[Line]:
    mates: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        mates[line.service, line.urgency].append(line)
    for line in lines:
        yield line
        for _ in range(VARIANTS):
            mate = rng.choice(mates[line.service, line.urgency]) if rng.random() < 0.3 else None
            text = f"{line.text}. {mate.text}" if mate else line.text
            yield _with_text(line, _misspelt(_wrapped(text, line, around, rng), rng))


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


def _matrix(features: Sequence[Features]) -> tuple[Any, NDArray[np.intp]]:
    """A sparse matrix of only those buckets that occur, then the points."""
    from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for one in features:
        for buckets in (one.words, one.runs):
            values += [max(len(buckets), 1) ** -0.5] * len(buckets)
            columns += buckets.tolist()
        starts.append(len(columns))
    used, places = np.unique(np.array(columns), return_inverse=True)
    hashed = csr_matrix((values, places, starts), shape=(len(features), len(used)))
    pointed = csr_matrix(np.array([one.points for one in features]) * POINTS)
    return hstack([hashed, pointed], format="csr"), used


def _fit(rows: Any, labels: list[int], penalty: float) -> Iterator[tuple[NDArray[Any], float]]:
    """(weights, bias) of each head; two classes make one head."""
    from sklearn.linear_model import LogisticRegression

    # Rare classes count more than their number, but not as much as common ones altogether.
    shares = np.bincount(labels)[labels]
    fitted = LogisticRegression(C=penalty, max_iter=300, tol=1e-3)
    fitted.fit(rows, labels, sample_weight=(shares.mean() / shares) ** 0.5)
    yield from zip(fitted.coef_, fitted.intercept_, strict=True)


def _model(
    heads: Sequence[tuple[NDArray[Any], float]], used: NDArray[np.intp], lexicon: Lexicon
) -> Model:
    weights = np.array([head[0] for head in heads]).T
    hashed, pointed = weights[: len(used)], weights[len(used) :] * POINTS
    scale = np.abs(hashed).max(axis=0) / 127
    whole = np.zeros((BUCKETS, len(heads)), np.int8)
    whole[used] = np.round(hashed / scale).astype(np.int8)
    return Model(
        version="",
        classes=lexicon.classes,
        service_count=len(lexicon.services),
        hashed=whole,
        scale=scale.astype(np.float32),
        pointed=pointed.astype(np.float32),
        bias=np.array([head[1] for head in heads], np.float32),
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
    except (ValueError, LineFault) as fault:
        raise LineFault(f"{where}: {fault}") from fault


def _with_text(line: Line, text: str) -> Line:
    return Line(text, line.service, line.urgency, line.is_admissible)

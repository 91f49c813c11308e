"""What a petition is about, how urgent it is and whether the channel may take it: from its words.

Pure: a lexicon (the pack's words) and a small linear model (learned from the pack's sentences) in,
a reasoned answer out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thudo.routing.rules.features import (
    BUCKETS,
    SHARES,
    Features,
    Floats,
    Lexicon,
    bucket_of,
    features_of,
    hashes_of,
    joined,
    lexicon_from,
    marked_tokens_of,
    tokens_of,
)

__all__ = [
    "BUCKETS",
    "Classification",
    "Features",
    "Lexicon",
    "Model",
    "classify",
    "features_of",
    "lexicon_from",
    "lexicon_model",
    "logits_of",
    "marked_tokens_of",
    "tokens_of",
]

NOT_TAKEN_HEAD, URGENCIES = "not_taken", ("normal", "urgent", "complex")


@dataclass(frozen=True)
class Model:
    """The learned part. `hashed` is (BUCKETS, heads) in units of `scale`; heads are the classes,
    then "not_taken", then URGENCIES. `pointed` weighs the lexicon's points; `bias` is per head."""

    version: str
    classes: tuple[str, ...]
    service_count: int
    hashed: NDArray[np.int8]
    scale: Floats
    pointed: Floats
    bias: Floats
    lexicon_digest: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classification:
    """What the words say. `service` is None when the desk must name it.

    `alternatives`: services with their shares, likeliest first. `danger`: show `numbers`, the
    emergency calls that fit. `kind_not_taken`: why the channel may not take it, with its `kind_confidence`.
    `words`: what decided, with weights, strongest first.
    """

    service: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    urgency: str
    urgency_words: tuple[str, ...]
    danger: bool
    numbers: tuple[str, ...]
    kind_not_taken: str | None
    kind_confidence: float
    words: tuple[tuple[str, float], ...]
    model_version: str

    def as_data(self) -> dict[str, Any]:
        """As the petition keeps it (JSON)."""
        return {
            "service": self.service,
            "confidence": round(self.confidence, 3),
            "alternatives": [[code, round(share, 3)] for code, share in self.alternatives[:3]],
            "urgency": self.urgency,
            "urgency_words": list(self.urgency_words),
            "danger": self.danger,
            "numbers": list(self.numbers),
            "kind_not_taken": self.kind_not_taken,
            "kind_confidence": round(self.kind_confidence, 3),
            "words": [[word, round(weight, 2)] for word, weight in self.words],
            "model": self.model_version,
        }


def logits_of(features: Features, model: Model) -> Floats:
    """The score of every head."""
    logits = model.bias + features.points @ model.pointed
    for buckets, share in zip(features.blocks, SHARES, strict=True):
        if len(buckets):
            total = model.hashed[buckets].sum(axis=0, dtype=np.int32)
            logits = logits + total * model.scale * np.float32(share / len(buckets) ** 0.5)
    return np.asarray(logits, np.float32)


def classify(text: str, lexicon: Lexicon, model: Model) -> Classification:
    """What `text` is about, with the words that say so."""
    features = features_of(text, lexicon)
    logits = logits_of(features, model)
    count, total = model.service_count, len(model.classes)
    shares = _softmax(logits[:count])
    order = np.argsort(-shares)[:5]
    kind, kind_share = _kind(logits, count, total)
    sure = float(shares[order[0]])
    taken = kind_share < lexicon.not_taken_confidence
    decided = int(order[0]) if taken else kind
    return Classification(
        service=model.classes[order[0]] if sure >= lexicon.service_confidence else None,
        confidence=sure,
        alternatives=tuple((model.classes[i], float(shares[i])) for i in order),
        urgency=_urgency(_softmax(logits[total + 1 : total + 4]), lexicon),
        urgency_words=features.urgent_found,
        danger=bool(features.numbers),
        numbers=features.numbers,
        kind_not_taken=None if taken else model.classes[kind],
        kind_confidence=kind_share,
        words=_reasons(features, model, decided),
        model_version=model.version,
    )


def _kind(logits: Floats, count: int, total: int) -> tuple[int, float]:
    """The likeliest kind not taken, and how sure it is that the text is of one at all.

    Two heads must agree: the one that tells all classes apart and the one that knows only taken
    and not taken; so a wrong refusal needs two mistakes.
    """
    shares = _softmax(logits[:total])
    of_kinds = shares[count:]
    among_all = float(of_kinds.sum())
    alone = float(1 / (1 + np.exp(-logits[total])))
    return count + int(of_kinds.argmax()), float((among_all * alone) ** 0.5)


def _urgency(shares: Floats, lexicon: Lexicon) -> str:
    _, urgent, intricate = (float(share) for share in shares)
    if urgent >= lexicon.urgent_confidence:
        return "urgent"
    return "complex" if intricate >= lexicon.complex_confidence else "normal"


def _reasons(features: Features, model: Model, head: int) -> tuple[tuple[str, float], ...]:
    """The few words and phrases that spoke most for a head."""
    weights: dict[str, float] = {}
    for phrase, place in features.found:
        if place == head:
            weights[phrase] = weights.get(phrase, 0.0) + float(model.pointed[head, head])
    scale = float(model.scale[head]) / max(len(features.words), 1) ** 0.5
    hashes = hashes_of(features.tokens)
    for length in (1, 2):
        spoken = model.hashed[bucket_of(joined(hashes, length)), head]
        for start in np.flatnonzero(spoken > 0).tolist():
            word = " ".join(features.tokens[start : start + length])
            if not any(word in kept for kept in weights):
                weights[word] = float(spoken[start]) * scale
    strongest = sorted(weights.items(), key=lambda pair: -pair[1])
    return tuple(strongest[:5])


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)


def lexicon_model(lexicon: Lexicon) -> Model:
    """A model that only counts the lexicon's points: for a pack that has not learned yet."""
    classes, heads = len(lexicon.classes), len(lexicon.classes) + 1 + len(URGENCIES)
    pointed = np.eye(classes + 2, heads, dtype=np.float32)
    # The last two rows are the points of urgent and danger phrases; both speak for urgent.
    pointed[classes:] = 0
    pointed[classes:, classes + 1 + URGENCIES.index("urgent")] = 1
    bias = np.zeros(heads, np.float32)
    bias[classes] = -1
    bias[classes + 1] = 1
    pointed[len(lexicon.services) : classes, classes] = 1
    return Model(
        version=f"lexicon {lexicon.version}",
        classes=lexicon.classes,
        service_count=len(lexicon.services),
        hashed=np.zeros((BUCKETS, heads), np.int8),
        scale=np.ones(heads, np.float32),
        pointed=pointed,
        bias=bias,
    )

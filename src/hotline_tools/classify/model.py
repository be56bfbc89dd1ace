"""A trained model: feature space, weights, calibration and data card."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.classify.calibration import Calibration
from hotline_tools.classify.features import Features, FeatureSpace
from hotline_tools.classify.linear import Leaves, Linear

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """What ``train`` makes and a model file holds.

    ``label`` is the column it learnt (``category`` for the built-in one); ``base``, when set, is the
    built-in model whose class scores are further features (knowledge carried over to few examples).
    """

    name: str
    label: str
    space: FeatureSpace
    classes: tuple[str, ...]
    linear: Linear
    leaves: Leaves | None
    requests: Linear | None
    calibration: Calibration
    readable: NDArray[np.bool_]
    """Which words people can read as evidence: words of the lexicon or of the dictionary."""
    base: "Model | None" = None
    card: dict[str, Any] = field(default_factory=dict)

    def features(self, titles: pa.Array, contents: pa.Array) -> Features:
        """Features of a batch, the base model's scores included."""
        own = self.space.features(titles, contents)
        if self.base is None:
            return own
        base = self.base.features(titles, contents)
        extra = base_block(self.base, base)
        return replace(own, prior=np.hstack([own.prior, extra]).astype(np.float32), base=base)


def base_block(base: Model, features: Features) -> Floats:
    """The base model's opinion as features: probabilities and standardised scores of its classes."""
    logits = base.linear.logits(features)
    centred = logits - logits.mean(axis=1, keepdims=True)
    scale = np.maximum(np.abs(centred).max(axis=1, keepdims=True), 1e-6)
    return np.hstack([base.calibration.probabilities(logits), centred / scale]).astype(np.float32)

"""A trained model: feature space, weights, calibration and data card."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.classify.areas import named_areas
from hotline_tools.classify.calibration import Amounts, Calibration
from hotline_tools.classify.features import Features, FeatureSpace
from hotline_tools.classify.linear import Leaves, Linear
from hotline_tools.taxonomy import Taxonomy

Floats = NDArray[np.float32]
BASE_SCALE, NAMES_SCALE = 1.0, 2.0


@dataclass(frozen=True)
class Prior:
    """What a model starts from: the built-in model, and the names of its classes."""

    base: "Model"
    names: Taxonomy
    predict: Callable[[Features, pa.Array, pa.Array], Floats]
    """Class probabilities by the names alone, from the base model's features."""
    areas: tuple[str, ...] = ()
    """Areas that the names begin with (``area_words``); none in older model files."""

    def block(self, base: Features, titles: pa.Array, contents: pa.Array) -> Floats:
        """Feature columns: the base model's output, the probabilities by the names, the areas named."""
        by_names = self.predict(base, titles, contents) * np.float32(NAMES_SCALE)
        columns = [base_block(self.base, base) * np.float32(BASE_SCALE), by_names]
        columns.append(named_areas(self.areas, titles, contents))
        return np.hstack(columns).astype(np.float32)


@dataclass(frozen=True)
class Model:
    """What ``train`` makes and a model file holds.

    ``label`` is the column it learnt (``category`` for the built-in one); ``before`` is the prior
    knowledge (none for the built-in one).
    """

    name: str
    label: str
    space: FeatureSpace
    classes: tuple[str, ...]
    linear: Linear
    leaves: Leaves | None
    requests: Linear | None
    calibration: Calibration
    is_word: NDArray[np.bool_]
    """Which n-grams of the vocabulary are words of the lexicon or the dictionary: only these are evidence."""
    before: Prior | None = None
    card: dict[str, Any] = field(default_factory=dict)

    def features(self, titles: pa.Array, contents: pa.Array) -> Features:
        """Features of a batch, prior knowledge included."""
        return features_with(self.space, self.before, titles, contents)

    def confidence(self, features: Features, probabilities: Floats) -> Floats:
        """The chance that the likeliest class of each message is right."""
        amounts = amounts_of(features, self.space, probabilities.argmax(axis=1), self.classes)
        return self.calibration.confidence(probabilities.max(axis=1), amounts)


def features_with(
    space: FeatureSpace, before: Prior | None, titles: pa.Array, contents: pa.Array
) -> Features:
    """Features in ``space``, with the columns of ``before`` added to the prior block."""
    own = space.features(titles, contents)
    if before is None:
        return own
    base = before.base.features(titles, contents)
    extra = before.block(base, titles, contents)
    return replace(own, prior=np.hstack([own.prior, extra]).astype(np.float32), base=base)


def amounts_of(
    features: Features, space: FeatureSpace, chosen: NDArray[np.int64], classes: tuple[str, ...]
) -> Amounts:
    """How much the messages say; the lexicon has no points for classes that are not its own."""
    points = np.zeros(len(chosen), np.float32)
    if classes == space.lexicon.taxonomy.names:
        points = space.best_per_top(features.lexicon_scores)[np.arange(len(chosen)), chosen]
    return Amounts(features.mass, points)


def base_block(base: Model, features: Features) -> Floats:
    """The base model's output as features: probabilities and standardised scores of its classes."""
    logits = base.linear.logits(features)
    centred = logits - logits.mean(axis=1, keepdims=True)
    scale = np.maximum(np.abs(centred).max(axis=1, keepdims=True), 1e-6)
    return np.hstack([base.calibration.probabilities(logits), centred / scale]).astype(np.float32)

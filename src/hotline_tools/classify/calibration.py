"""Calibration: a temperature for the probabilities, and the chance that the likeliest class is right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.classify.linear import softmax

Floats = NDArray[np.float32]
LEAST_DOUBT = 1e-4
"""Keeps the log odds of a probability of 1 finite."""


@dataclass(frozen=True)
class Amounts:
    """How much each of n messages says: of a short or unknown text even a clear winner means little.

    ``mass``: the length of its tf-idf vector before it is made one; ``points``: the lexicon's score of
    its likeliest class.
    """

    mass: Floats
    points: Floats


@dataclass(frozen=True)
class Calibration:
    """``weights`` of the terms of ``confidence_terms``, fitted out of fold on whole and on cut messages.

    Without weights (nothing to fit on) the confidence is ``UNFITTED`` of the top probability.
    """

    temperature: float
    weights: tuple[float, ...]
    review_below: float
    """A confidence below this needs review."""

    UNFITTED = 0.95

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated class probabilities."""
        return softmax(logits, self.temperature)

    def confidence(self, top: Floats, amounts: Amounts) -> Floats:
        """The chance that the top class is right."""
        if not self.weights:
            return np.asarray(top * np.float32(self.UNFITTED), np.float32)
        odds = confidence_terms(top, amounts) @ np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def confidence_terms(top: Floats, amounts: Amounts) -> NDArray[np.float64]:
    """(messages × 5): one, log odds of the top class, log mass, log points, log odds × log mass."""
    share = top.astype(np.float64)
    odds = np.log(np.maximum(share, LEAST_DOUBT) / (1 - share + LEAST_DOUBT))
    mass = np.log(np.maximum(amounts.mass.astype(np.float64), 1))
    points = np.log1p(amounts.points.astype(np.float64))
    return np.stack([np.ones(len(odds)), odds, mass, points, odds * mass], axis=1)

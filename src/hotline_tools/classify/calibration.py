"""Calibration: a temperature for the probabilities, a curve from top probability to accuracy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.classify.linear import softmax

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """``curve`` maps the top probability to the share that was right, measured out of fold."""

    temperature: float
    curve_x: tuple[float, ...]
    curve_y: tuple[float, ...]
    review_below: float
    """A confidence below this needs review."""

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated class probabilities."""
        return softmax(logits, self.temperature)

    def confidence(self, top: Floats) -> Floats:
        """The chance that the top class is right."""
        return np.asarray(np.interp(top, self.curve_x, self.curve_y), np.float32)

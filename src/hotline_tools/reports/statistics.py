"""Statistics that several reports use."""

from math import sqrt
from statistics import NormalDist


def wilson(numerator: float, denominator: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = numerator / denominator
    centre = share + z * z / (2 * denominator)
    margin = z * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator**2))
    whole = 1 + z * z / denominator
    return max(0.0, (centre - margin) / whole), min(1.0, (centre + margin) / whole)

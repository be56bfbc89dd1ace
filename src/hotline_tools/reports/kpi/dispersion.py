"""How far counts of units scatter beyond chance: clusters within a unit, differences between units.

Orders about one event come together and end alike, so a rate varies more than independent orders would.
By how much is seen inside the units, from week to week (``within``): the squared deviations of the weeks
from the unit's own rate, summed over the units and divided by what independent orders would give, which is
the design effect of a ratio estimate (Kish 1965; Rao & Scott 1992). Where a unit has no weeks (an export
without times) the units themselves must serve (``between``): the mean of their squared z-scores, the
extremes pulled in (Spiegelhalter 2005); then only units that stand out of the whole field are told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from hotline_tools.reports.statistics import special

Counts = tuple[float, float]
"""Numerator and denominator."""
_WINSORISED = 0.1
"""The share of units at each end whose z-score is pulled in, at least one (Spiegelhalter 2005)."""


@dataclass(frozen=True)
class Dispersion:
    """Variance ÷ the variance of independent orders, never below 1, on so many degrees of freedom."""

    factor: float = 1.0
    freedom: float = 1e6


@dataclass(frozen=True)
class TimeCells:
    """The counts of units in each week (or day), one element of every array for each cell."""

    units: tuple[str, ...] = ()
    unit: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """The unit of each cell: its place in ``units``."""
    counts: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    """Name of a rate → the numerators and denominators of the cells."""

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the cells of each unit."""
        return np.bincount(self.unit, values, len(self.units))


def within(cells: TimeCells, weights: Mapping[str, Mapping[str, float]]) -> Dispersion | None:
    """Return the dispersion of a weighted sum of rates; None where no unit has two cells that could differ.

    ``weights``: name of a rate → unit → what a rate of 1 is worth more than one of 0; units without a weight
    are left out. For a single rate it is 1.
    """
    deviation = size = np.zeros(len(cells.unit))
    chance = squares = scaled = np.zeros(len(cells.units))
    for name, of_units in weights.items():
        numerators, denominators = cells.counts.get(name, (deviation, deviation))
        orders = cells.sums(denominators)
        weight = np.array([of_units.get(unit, 0.0) for unit in cells.units]) * (orders > 1)
        orders = np.maximum(orders, 2)
        share = cells.sums(numerators) / orders
        whole, here = orders[cells.unit], weight[cells.unit]
        deviation = deviation + here * (numerators - denominators * share[cells.unit]) / whole
        size = size + np.where(here != 0, denominators, 0)
        spread = cells.sums(denominators * (1 - denominators / whole))
        # What independent orders would give, the unit's own rate being estimated.
        chance = chance + weight**2 * share * (1 - share) / (orders - 1) / orders * spread
        squares, scaled = squares + weight**2, scaled + weight**2 / orders
    # Weighted by its orders, each unit counts by its degrees of freedom.
    weigh = np.divide(squares, scaled, out=np.zeros_like(scaled), where=scaled > 0)
    all_sizes = np.maximum(cells.sums(size**2), 1)
    freedom = cells.sums(size) ** 2 / all_sizes - 1
    chance = np.where(freedom > 0, weigh * chance, 0)
    expected = float(chance.sum())
    if expected <= 0:
        return None
    found = float((weigh * cells.sums(deviation**2))[chance > 0].sum())
    of_all = expected**2 / float((chance[chance > 0] ** 2 / freedom[chance > 0]).sum())
    return Dispersion(max(1.0, found / expected), of_all)


def between(units: Sequence[Counts]) -> Dispersion:
    """Return the dispersion of units about their common rate, the extremes pulled in."""
    share = _share(units)
    if not 0 < share < 1 or len(units) < 3:
        return Dispersion()
    scores = sorted((n / d - share) / sqrt(share * (1 - share) / d) for n, d in units)
    cut = max(1, int(_WINSORISED * len(scores)))
    low, high = scores[cut], scores[-1 - cut]
    pulled = [min(max(score, low), high) for score in scores]
    return Dispersion(max(1.0, sum(score**2 for score in pulled) / len(pulled)), len(units) - 1.0)


def homogeneity_p(units: Sequence[Counts], dispersion: Dispersion) -> float:
    """Return the p-value that all units have one rate.

    Pearson's X² ÷ (degrees of freedom × dispersion) as F, as quasi-likelihood has it (McCullagh & Nelder
    1989, 9.2); the first degrees of freedom are fitted to the variance of X², which is larger than that of
    chi-squared where few orders are expected on one side (Haldane 1937).
    """
    share = _share(units)
    if not 0 < share < 1 or len(units) < 2:
        return 1.0
    both = share * (1 - share)
    pearson = sum(d * (n / d - share) ** 2 for n, d in units) / both
    freedom = len(units) - 1
    excess = (1 - 6 * both) / both
    variance = sum(max(0.0, 2 + excess * dispersion.factor / d) for _, d in units) * freedom / len(units)
    if not variance:  # units of one order each differ by chance alone
        return 1.0
    fitted = 2 * freedom**2 / variance
    return float(special().fdtrc(fitted, dispersion.freedom, pearson / (freedom * dispersion.factor)))


def _share(units: Sequence[Counts]) -> float:
    orders = sum(d for _, d in units)
    return sum(n for n, _ in units) / orders if orders else 0.0

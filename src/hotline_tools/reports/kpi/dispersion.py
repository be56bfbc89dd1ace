"""How far counts of units scatter beyond chance: clusters within a unit, differences between units.

Orders about one event come together and end alike, so a rate varies more than independent orders would.
By how much is seen inside the units, from week to week (``within``): the squared deviations of the weeks
from the unit's own rate, summed over the units and divided by what independent orders would give, which is
the design effect of a ratio estimate (Kish 1965; Rao & Scott 1992). Where a unit has no weeks (an export
without times) the units themselves must serve (``between``): the mean of their squared z-scores, the
extremes pulled in (Spiegelhalter 2005); then only units that stand out of the whole field are told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import fdtrc

Counts = tuple[float, float]
"""Numerator and denominator."""
Cell = Mapping[str, Counts]
"""The counts of each rate of a unit in one week."""
_WINSORISED = 0.1
"""The share of units at each end whose z-score is pulled in, at least one (Spiegelhalter 2005)."""


@dataclass(frozen=True)
class Dispersion:
    """Variance ÷ the variance of independent orders, never below 1, on so many degrees of freedom."""

    factor: float = 1.0
    freedom: float = 1e6


def within(units: Iterable[tuple[Sequence[Cell], Mapping[str, float]]]) -> Dispersion | None:
    """Return the dispersion of a weighted sum of rates; None where no unit has two cells that could differ.

    Each unit comes with its cells and the weight of each of its rates (the points that a rate of 1 is worth
    more than one of 0); a single rate has weight 1.
    """
    found = expected = squares = 0.0
    for cells, weights in units:
        totals = {name: _total(cells, name) for name in weights}
        names = [name for name, (_, orders) in totals.items() if orders > 1 and weights[name]]
        if len(cells) < 2 or not names:
            continue
        # Weighted by its orders, each unit counts by its degrees of freedom.
        orders = _effective([(weights[name], totals[name][1]) for name in names])
        chance = orders * sum(_chance(cells, name, totals[name]) * weights[name] ** 2 for name in names)
        freedom = _freedom([sum(cell.get(name, (0, 0))[1] for name in names) for cell in cells])
        if chance <= 0 or freedom <= 0:
            continue
        found += orders * sum(
            sum(weights[name] * _deviation(cell, name, totals[name]) for name in names) ** 2 for cell in cells
        )
        expected += chance
        squares += chance**2 / freedom
    return Dispersion(max(1.0, found / expected), expected**2 / squares) if expected else None


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
    fitted = 2 * freedom**2 / variance
    return float(fdtrc(fitted, dispersion.freedom, pearson / (freedom * dispersion.factor)))


def _share(units: Sequence[Counts]) -> float:
    orders = sum(d for _, d in units)
    return sum(n for n, _ in units) / orders if orders else 0.0


def _total(cells: Sequence[Cell], name: str) -> Counts:
    found = [cell[name] for cell in cells if name in cell]
    return sum(n for n, _ in found), sum(d for _, d in found)


def _deviation(cell: Cell, name: str, total: Counts) -> float:
    """Return what a cell adds to the unit's rate beyond its share."""
    numerator, denominator = cell.get(name, (0.0, 0.0))
    return (numerator - denominator * total[0] / total[1]) / total[1]


def _chance(cells: Sequence[Cell], name: str, total: Counts) -> float:
    """Return the expectation of the squared deviations of independent orders."""
    numerator, orders = total
    share = numerator / orders
    spread = sum(d * (1 - d / orders) for _, d in (cell[name] for cell in cells if name in cell))
    return share * (1 - share) * orders / (orders - 1) * spread / orders**2


def _effective(weighted: Sequence[tuple[float, float]]) -> float:
    """Return the orders that one rate of the same variance would have."""
    return sum(w * w for w, _ in weighted) / sum(w * w / orders for w, orders in weighted)


def _freedom(sizes: Sequence[float]) -> float:
    """Return the effective number of cells, less one."""
    return sum(sizes) ** 2 / sum(size * size for size in sizes) - 1 if sum(sizes) else 0.0

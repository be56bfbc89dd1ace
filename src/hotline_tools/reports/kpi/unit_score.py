"""The score of one unit as a sum of parts, and its confidence interval.

A part turns a rate into points and never turns back (a better rate never brings less), so the ends of the
rate's Wilson interval are the ends of the part's. The parts' margins are combined as squares: MOVER (Zou &
Donner 2008, Statistics in Medicine 27:1693), which keeps the skew of rates near 0 or 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from hotline_tools.reports.kpi.dispersion import Counts
from hotline_tools.reports.kpi.profile import Rate
from hotline_tools.reports.kpi.score_model import Item
from hotline_tools.reports.statistics import special

_STEP = 0.05
"""Half the width over which a part's slope is taken."""


@dataclass(frozen=True)
class Part:
    """What a rate of ``counts`` brings; ``points`` maps a rate (0-1) to points."""

    name: str
    """Of the rate."""
    counts: Counts
    points: Callable[[float], float]

    @property
    def value(self) -> float:
        """The points it brings."""
        return self.points(self.counts[0] / self.counts[1])

    def interval(self, z: float, dispersion: float) -> tuple[float, float]:
        """Return the least and the most points, at so many standard errors."""
        numerator, denominator = (count / dispersion for count in self.counts)
        one, other = (self.points(end) for end in _exact(numerator, denominator, z))
        return min(one, other), max(one, other)

    def slope(self, at: float) -> float:
        """Return the points that a rate of 1 would bring more than one of 0, going by those near ``at``."""
        low, high = max(0.0, at - _STEP), min(1.0, at + _STEP)
        return (self.points(high) - self.points(low)) / (high - low)


@dataclass(frozen=True)
class UnitScore:
    """The parts that rest on counts of orders, and the points that do not (``fixed``)."""

    parts: tuple[Part, ...]
    fixed: float = 0.0

    @property
    def value(self) -> float:
        """The score, not below 0."""
        return max(0.0, self.fixed + sum(part.value for part in self.parts))

    def margins(self, z: float, dispersion: float) -> tuple[float, float]:
        """Return how far the score may lie below and above, at so many standard errors."""
        ends = [(part.value, *part.interval(z, dispersion)) for part in self.parts]
        return (
            sqrt(sum((value - low) ** 2 for value, low, _ in ends)),
            sqrt(sum((high - value) ** 2 for value, _, high in ends)),
        )

    def expected(self, rates: Mapping[str, float], fixed: float) -> float:
        """Return the score it would have with these rates and so many fixed points."""
        return max(0.0, fixed + sum(part.points(rates[part.name]) for part in self.parts))


def _exact(numerator: float, denominator: float, z: float) -> tuple[float, float]:
    """Return the interval of Clopper & Pearson (1934); of counts divided by a dispersion too."""
    betaincinv = special().betaincinv
    tail, rest = 0.5 * erfc(z / sqrt(2)), denominator - numerator
    low = float(betaincinv(numerator, rest + 1, tail)) if numerator else 0.0
    return low, float(betaincinv(numerator + 1, rest, 1 - tail)) if rest else 1.0


def rate_part(rate: Rate, counts: Counts, scale: float) -> Part:
    """Return the part of a scored rate; ``scale`` makes up for rates that the unit lacks."""
    score = rate.score
    if score is None:
        raise ValueError(rate.name)
    return Part(
        rate.name, counts, lambda value: scale * score.points_of(value, lower_is_better=rate.lower_is_better)
    )


def item_part(item: Item, counts: Counts) -> Part:
    """Return the part of a bonus or deduction by the orders in the numerator of its rate."""
    return Part(item.rate, counts, lambda value: item.points_of(value * counts[1]))


def plain_part(rate: Rate, counts: Counts) -> Part:
    """Return a rate as it is, upside down when lower is better: for a board that goes by one rate."""
    return Part(
        rate.name, counts, (lambda value: 1 - value) if rate.lower_is_better else (lambda value: value)
    )


def pooled(scores: Sequence[UnitScore]) -> dict[str, float]:
    """Return each rate of all units together."""
    totals: dict[str, list[float]] = {}
    for part in {(id(score), part.name): part for score in scores for part in score.parts}.values():
        total = totals.setdefault(part.name, [0.0, 0.0])
        total[0] += part.counts[0]
        total[1] += part.counts[1]
    return {name: numerator / denominator for name, (numerator, denominator) in totals.items()}


def medians(scores: Sequence[UnitScore]) -> dict[str, float]:
    """Return of each rate the median over the units, weighted by their orders."""
    counts: dict[str, list[Counts]] = {}
    for score in scores:
        for part in score.parts:
            counts.setdefault(part.name, []).append(part.counts)
    found = {}
    for name, units in counts.items():
        ordered = sorted((numerator / denominator, denominator) for numerator, denominator in units)
        half, reached = sum(orders for _, orders in ordered) / 2, 0.0
        for rate, orders in ordered:
            reached += orders
            found[name] = rate
            if reached >= half:
                break
    return found

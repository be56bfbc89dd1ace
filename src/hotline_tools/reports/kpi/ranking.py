"""What a ranking can say: rank intervals, who differs from the whole group, red and black boards.

The rank interval of a unit (Mogstad, Romano, Shaikh & Wilhelm 2024, "Inference for ranks", Review of
Economic Studies 91:476) comes from its comparison with each other unit: those better beyond chance stand
before it, those worse beyond chance behind it; the level is divided by the number of comparisons
(Bonferroni), so that the true rank is inside with at least ``CONFIDENCE``. That league tables need this:
Goldstein & Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385.

A unit differs from its group when its interval, at a level divided by the number of units, excludes what it
would score with the rates of the whole group (a funnel with the limits of Spiegelhalter 2005, Statistics in
Medicine 24:1185). A board names only such units, and only where the units as a whole differ beyond chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from hotline_tools.reports.kpi.dispersion import Counts, Dispersion, homogeneity_p
from hotline_tools.reports.kpi.unit_score import UnitScore, pooled

CONFIDENCE = 0.95
LEAST_UNITS = 6
"""A board needs so many ranked units."""
RED, BLACK = "红榜", "黑榜"
ABOVE, BETWEEN, BELOW = "高于全组", "不可区分", "低于全组"
_ALPHA = 1 - CONFIDENCE
Row = dict[str, Any]


@dataclass(frozen=True)
class RankedUnit:
    """A unit that takes part: its row and what it is judged by."""

    row: Row
    score: UnitScore


@dataclass(frozen=True)
class BoardVerdict:
    """What came of one board in one group."""

    board: str
    """Its label."""
    group: str
    units: int
    p: float | None
    """That all units have the same rates; None where there are too few to ask."""
    distinct: int = 0
    """Units that differ from the whole group."""
    named: tuple[int, int] = (0, 0)
    """Units on the red and on the black board."""

    @property
    def differs(self) -> bool:
        """Whether the units differ beyond chance."""
        return self.p is not None and self.p <= _ALPHA


def rank_intervals(scores: Sequence[UnitScore], dispersion: float) -> list[tuple[int, int]]:
    """Return the best and the worst rank that each unit may have."""
    others = len(scores) - 1
    if others < 1:
        return [(1, 1)] * len(scores)
    z = NormalDist().inv_cdf(1 - _ALPHA / others)
    values = np.array([score.value for score in scores])
    low, high = np.array([score.margins(z, dispersion) for score in scores]).T
    # behind[j, k]: unit j is worse than unit k beyond chance.
    gaps = values[None, :] - values[:, None]
    behind = gaps > np.sqrt(low[None, :] ** 2 + high[:, None] ** 2)
    before = behind.sum(axis=0)
    return [
        (1 + int(better), len(scores) - int(worse))
        for better, worse in zip(behind.sum(axis=1), before, strict=True)
    ]


def equal_rates_p(entries: Sequence[RankedUnit], dispersions: Mapping[str, Dispersion]) -> float:
    """Return the p-value that all units have the same rates, by the rate that differs most (Bonferroni)."""
    counts: dict[str, list[Counts]] = {}
    for entry in entries:
        for part in {part.name: part for part in entry.score.parts}.values():
            counts.setdefault(part.name, []).append(part.counts)
    tested = [homogeneity_p(units, dispersions[name]) for name, units in counts.items()]
    return min(1.0, min(tested, default=1.0) * len(tested))


def standings(entries: Sequence[RankedUnit], dispersion: float) -> list[str]:
    """Return how each unit stands to the whole group: ``ABOVE``, ``BELOW``, or not to be told apart."""
    rates = pooled([entry.score for entry in entries])
    fixed = sum(entry.score.fixed for entry in entries) / len(entries)
    z = NormalDist().inv_cdf(1 - _ALPHA / (2 * len(entries)))
    found = []
    for entry in entries:
        low, high = entry.score.margins(z, dispersion)
        gap = entry.score.value - entry.score.expected(rates, fixed)
        found.append(ABOVE if gap > low and gap > 0 else BELOW if -gap > high and gap < 0 else BETWEEN)
    return found


def put_on_board(
    entries: Sequence[RankedUnit], found: Sequence[str], size: int, column: str
) -> tuple[int, int]:
    """Write red and black into ``column`` of the first and last ``size`` told apart; return their numbers.

    Equal scores at the last place are all named.
    """
    named = []
    for word, standing, sign in ((RED, ABOVE, 1), (BLACK, BELOW, -1)):
        apart = [entry for entry, one in zip(entries, found, strict=True) if one == standing]
        values = [sign * entry.score.value for entry in apart]
        chosen = [entry for entry in apart if sum(v > sign * entry.score.value for v in values) < size]
        for entry in chosen:
            entry.row[column] = word
        named.append(len(chosen))
    return named[0], named[1]

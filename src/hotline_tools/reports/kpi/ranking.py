"""What a ranking can say: rank intervals, who differs from the whole group, red and black boards.

The rank interval of a unit comes from 1,000 draws (fixed seed) of the true scores of its group: normal, about
the unit's score drawn towards the mean of the group, as far as its orders are few against the differences
between units (Laird & Louis 1989, Journal of Educational Statistics 14:29). That league tables need such
intervals: Goldstein & Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385. Without the
drawing together, intervals are too narrow for small units.

A unit differs from its group when its interval, at a level divided by the number of units, excludes what it
would score with the rates of the middle of the group (a funnel with limits by dispersion: Spiegelhalter 2005,
Statistics in Medicine 24:1185). A board names only such units, and only where the units as a whole differ
beyond chance. ``benchmarks/boards.py`` measures both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from hotline_tools.reports.kpi.dispersion import Counts, Dispersion, homogeneity_p
from hotline_tools.reports.kpi.unit_score import UnitScore, medians, pooled

CONFIDENCE = 0.95
LEAST_UNITS = 6
"""A board needs so many ranked units."""
RED, BLACK = "红榜", "黑榜"
ABOVE, BETWEEN, BELOW = "高于全组", "不可区分", "低于全组"
ALPHA = 1 - CONFIDENCE
_MOST_TURNS = 10
_DRAWS, _SEED = 1000, 2005
_LEAST_VARIANCE = 1e-9
"""Of points squared: units without any spread are all alike, their order left to chance."""
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
    distinct: int
    """Units that differ from the whole group."""
    named: tuple[int, int]
    """Units on the red and on the black board."""

    @property
    def differs(self) -> bool:
        """Whether the units differ beyond chance."""
        return self.p is not None and self.p <= ALPHA


def rank_intervals(scores: Sequence[UnitScore], dispersion: float) -> list[tuple[int, int]]:
    """Return the best and the worst rank that each unit may have."""
    if len(scores) < 2:
        return [(1, 1)] * len(scores)
    fixed = np.array([score.fixed for score in scores])
    counted = np.array([score.value for score in scores]) - fixed
    margins = np.array([score.margins(2.0, dispersion) for score in scores]).mean(axis=1) / 2
    variance = np.maximum(margins**2, _LEAST_VARIANCE)
    mean, spread = _true_spread(counted, variance)
    kept = spread / (spread + variance)
    dice = np.random.default_rng(_SEED)
    drawn = dice.standard_normal((_DRAWS, len(scores))) * np.sqrt(kept * variance)
    true = fixed + mean + kept * (counted - mean) + drawn
    ranks = 1 + np.argsort(np.argsort(-true, axis=1), axis=1)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(ranks, [tail, 100 - tail], axis=0)
    return [(int(np.floor(a)), int(np.ceil(b))) for a, b in zip(low, high, strict=True)]


def _true_spread(values: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """Return the mean of the units' true values and the variance between them (DerSimonian & Laird 1986)."""
    weights = 1 / variance
    mean = float((weights * values).sum() / weights.sum())
    excess = float((weights * (values - mean) ** 2).sum()) - (len(values) - 1)
    spread = max(0.0, excess / float(weights.sum() - (weights**2).sum() / weights.sum()))
    again = 1 / (variance + spread)
    return float((again * values).sum() / again.sum()), max(spread, _LEAST_VARIANCE)


def equal_rates_p(entries: Sequence[RankedUnit], dispersions: Mapping[str, Dispersion]) -> float:
    """Return the p-value that all units have the same rates, by the rate that differs most (Bonferroni)."""
    counts: dict[str, list[Counts]] = {}
    for entry in entries:
        for part in {part.name: part for part in entry.score.parts}.values():
            counts.setdefault(part.name, []).append(part.counts)
    tested = [homogeneity_p(units, dispersions[name]) for name, units in counts.items()]
    return min(1.0, min(tested, default=1.0) * len(tested))


def standings(
    units: Sequence[RankedUnit], dispersion: float, dispersions: Mapping[str, Dispersion]
) -> list[str]:
    """Return how each unit stands to the middle: ``ABOVE``, ``BELOW``, or not to be told apart.

    The interval of its score must exclude the middle, and so must that of at least one of its rates: the sum
    of few orders is too skewed to go by alone. ``dispersion`` is that of the score. The middle are the rates
    of those that cannot be told apart together, to begin with the medians: one large unit that is much worse
    than all others must not make these look good.
    """
    scores = [unit.score for unit in units]
    margins = [score.margins(_simultaneous(len(units)), dispersion) for score in scores]
    rates = len({part.name for score in scores for part in score.parts})
    z = _simultaneous(len(units) * rates)
    ends = [
        [(part, *part.interval(z, dispersions[part.name].factor)) for part in score.parts] for score in scores
    ]
    found, middle, pool = [BETWEEN] * len(units), scores, medians(scores)
    for turn in range(_MOST_TURNS):
        fixed = sum(score.fixed for score in middle) / len(middle)
        before, found = found, []
        for score, (low, high), parts in zip(scores, margins, ends, strict=True):
            gap = score.value - score.expected(pool, fixed)
            better = any(least > part.points(pool[part.name]) for part, least, _ in parts)
            worse = any(most < part.points(pool[part.name]) for part, _, most in parts)
            found.append(ABOVE if gap > low and better else BELOW if -gap > high and worse else BETWEEN)
        middle = [score for score, one in zip(scores, found, strict=True) if one == BETWEEN]
        if not middle or (turn and found == before):
            break
        pool = {**pool, **pooled(middle)}
    return found


def _simultaneous(intervals: int) -> float:
    """Return the standard errors at which so many intervals hold at once (Bonferroni)."""
    return NormalDist().inv_cdf(1 - ALPHA / (2 * intervals))


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

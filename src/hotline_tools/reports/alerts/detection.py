"""Rises beyond history: a Farrington-type test on 7-day counts, for many series at once.

After Farrington et al. (1996, J. R. Statist. Soc. A 159:547-563) as improved by Noufaily et al.
(2013, Stat. Med. 32:1206-1222): a quasi-Poisson baseline whose past outbreaks are weighted down by
Anscombe residuals, and a negative binomial for the count to come. What differs, as hotline
series are many and short: a window of 7 days holds each weekday once, so weekdays need no term; season
enters as known exposures instead of a fitted one; and the dispersion of a series is drawn towards that
of its family.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.reports.dispersion import Floats, drawn, family_dispersion, pearson
from hotline_tools.reports.statistics import special

_OUTLYING = 4.0
"""Noufaily's limit is 2.58 for years of history. With 13 weeks that also removes weeks that are only
busy and trebles the false alarms (0.5 % instead of 0.2 % of tests in simulation)."""
PRIOR = 0.5
"""Jeffreys: a series that never occurred still has some rate."""


@dataclass(frozen=True)
class Verdict:
    """For each series: expected orders and their variance, chance of at least as many, dispersion.

    ``spread`` is the dispersion of the history of each alone, ``exposed`` how many weeks like the current
    one the history is worth.
    """

    expected: Floats
    variance: Floats
    p_value: Floats
    dispersion: Floats
    alpha: float
    spread: Floats
    exposed: Floats

    def limit(self, row: int) -> float:
        """Return the least count of one series that alarms; inverting the chance for all takes long."""
        one = slice(row, row + 1)
        return float(alarm_line(self.expected[one], self.variance[one], self.alpha)[0])


def judge(current: Floats, baseline: Floats, exposure: Floats, alpha: float) -> Verdict:
    """Judge ``current`` (series) against ``baseline`` (series × weeks).

    ``exposure`` (series × weeks) is how much is to be expected of each baseline week relative to the
    current one (1 = the same).
    """
    weights = _weights(baseline, exposure)
    fitted = _rate(baseline, exposure, weights)[:, None] * exposure
    degrees = max(baseline.shape[1] - 1, 1)
    squares = pearson(baseline, fitted, weights)
    dispersion = drawn(squares, degrees, family_dispersion(squares, fitted, degrees))
    rate = _rate(baseline, exposure, weights)
    exposed: Floats = np.maximum((weights * exposure).sum(axis=1), 1e-9)
    variance = dispersion * rate * (1 + 1 / exposed)
    chance = at_least(current, rate, variance)
    return Verdict(rate, variance, chance, dispersion, alpha, squares / degrees, exposed)


def _rate(baseline: Floats, exposure: Floats, weights: Floats) -> Floats:
    total: Floats = (weights * baseline).sum(axis=1)
    exposed: Floats = (weights * exposure).sum(axis=1)
    rate: Floats = (total + PRIOR) / np.maximum(exposed, 1e-9)
    return rate


def _weights(baseline: Floats, exposure: Floats) -> Floats:
    """Noufaily's: a week far out by its Anscombe residual counts as the residual's inverse square.

    Each residual is taken against the other weeks only, or a large outbreak would hide behind the
    dispersion that it makes itself.
    """
    others = baseline.shape[1] - 1
    rate = (baseline.sum(axis=1, keepdims=True) - baseline + PRIOR) / (
        exposure.sum(axis=1, keepdims=True) - exposure + 1e-9
    )
    fitted = rate * exposure
    squares = (baseline - fitted) ** 2 / fitted
    dispersion = np.maximum(1.0, (squares.sum(axis=1, keepdims=True) - squares) / max(others - 1, 1))
    scale = np.sqrt(dispersion) * fitted ** (1 / 6)
    residual = 1.5 * (np.cbrt(baseline) ** 2 - np.cbrt(fitted) ** 2) / scale
    return np.where(residual > _OUTLYING, np.maximum(residual, _OUTLYING) ** -2.0, 1.0)


def alarm_lines(
    rate: float, dispersion: float, exposure: Floats, past_exposure: float, alpha: float
) -> Floats:
    """Return the least count that alarms in weeks of one series, each expected to have rate × exposure.

    ``past_exposure`` is the sum over the baseline that ``rate`` was estimated from.
    """
    mean = rate * exposure
    variance = dispersion * mean + exposure**2 * dispersion * rate / max(past_exposure, 1e-9)
    return alarm_line(mean, variance, alpha)


def _shape(mean: Floats, variance: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return size and chance of the negative binomial, and where a Poisson will do."""
    spread = np.maximum(variance, mean * 1.0001)
    return mean**2 / (spread - mean), mean / spread, variance <= mean * 1.0001


def at_least(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X >= count): Poisson, or negative binomial; 1 for a count of nothing."""
    size, chance, plain = _shape(mean, variance)
    events = np.maximum(count, 1e-9)
    found = np.where(plain, special().gammainc(events, mean), special().betainc(events, size, 1 - chance))
    return np.where(count <= 0, 1.0, found)


def alarm_line(mean: Floats, variance: Floats, alpha: float) -> Floats:
    """Return the least count of each series whose chance is at most ``alpha``."""
    size, chance, plain = _shape(mean, variance)
    quantile = np.where(plain, special().pdtrik(1 - alpha, mean), special().nbdtrik(1 - alpha, size, chance))
    limit = np.ceil(quantile) + 1
    # The inverse is real-valued; the least count whose chance is below alpha may lie one lower.
    least: Floats = np.where(at_least(limit - 1, mean, variance) <= alpha, limit - 1, limit)
    return least


def exposures(now: Floats, past: Floats, shrink: float = 50.0) -> Floats:
    """Return how much each past week weighs against now: series × weeks of ratios.

    ``now`` (series) and ``past`` (series × weeks) are reference counts that know the season; few
    counts say little, so ratios are drawn to 1 by ``shrink`` orders.
    """
    return (past + shrink) / (now[:, None] + shrink)

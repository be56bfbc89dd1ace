"""Statistical tests and intervals that reports share.

Counts: given their sum, the first of two Poisson counts is binomial (Przyborowski & Wilenski 1940), with
the share of exposure as probability; exact up to ``_EXACT`` events, else the normal approximation
with continuity correction. Counts that vary more than Poisson ones (a dispersion above 1) are tested
as quasi-Poisson: the statistic is divided by the root of the dispersion (McCullagh & Nelder 1989, §6.2.3).
Proportions: pooled two-proportion z-test, and Fisher's exact test where an expected cell is below 5.
All are two-sided. ``adjusted`` is Benjamini & Hochberg (1995); ``wilson`` is Wilson (1927).
"""

from collections.abc import Sequence
from math import erfc, inf, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

ALPHA = 0.05
"""A change is called noise when its adjusted p-value is above this."""
_EXACT = 2000


def special() -> Any:
    """Return ``scipy.special``, imported when a figure needs it: it takes a sixth of a second."""
    from scipy import special  # noqa: PLC0415

    return special


def wilson(numerator: int, denominator: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the bounds of Wilson's score interval of a proportion; ``None`` without a denominator.

    Wilson (1927, J. Am. Stat. Assoc. 22:209-212), equation of the score interval without continuity
    correction, as recommended by Brown, Cai & DasGupta (2001, Stat. Sci. 16:101-133). Raises ``ValueError``
    for a numerator outside 0..denominator or a confidence outside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no proportion")
    if denominator == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = numerator / denominator, z * z / denominator
    centre = share + square / 2
    half = z * sqrt(share * (1 - share) / denominator + square / (4 * denominator))
    # At 0 and at all the bound is exact; rounding would leave 1e-17 or 0.9999….
    low = 0.0 if numerator == 0 else (centre - half) / (1 + square)
    high = 1.0 if numerator == denominator else (centre + half) / (1 + square)
    return low, high


def counts_p(
    now: int,
    then: int,
    exposure_now: float = 1.0,
    exposure_then: float = 1.0,
    *,
    dispersion: float = 1.0,
    degrees: float = inf,
) -> float:
    """Return the p-value that both counts come from one rate per unit of exposure (days).

    ``dispersion`` is the variance of a count over its mean, ``degrees`` the degrees of freedom it was
    estimated with: the statistic is then held against Student's t instead of the normal.
    """
    total = now + then
    if total == 0:
        return 1.0
    share = exposure_now / (exposure_now + exposure_then)
    exact = _exact_counts_p(now, total, share) if total <= _EXACT else 0.0
    if exact > 0 and dispersion == 1 and degrees == inf:
        return exact
    if exact > 0:
        z = _deviate(exact)
    else:
        z = max(0.0, abs(now - total * share) - 0.5) / sqrt(total * share * (1 - share))
    return _two_sided(z / sqrt(dispersion), degrees)


def _exact_counts_p(now: int, total: int, share: float) -> float:
    below = float(special().bdtr(now, total, share))
    above = float(special().bdtrc(now - 1, total, share)) if now else 1.0
    return min(1.0, 2 * min(below, above))


def proportions_p(
    hits_now: int,
    all_now: int,
    hits_then: int,
    all_then: int,
    *,
    dispersion: float = 1.0,
    degrees: float = inf,
) -> float:
    """Return the p-value that both shares are equal; 1 when there is nothing to tell them apart.

    ``dispersion`` is the variance of a share over that of independent orders; ``degrees`` as in ``counts_p``.
    """
    total, hits = all_now + all_then, hits_now + hits_then
    if not all_now or not all_then or hits in (0, total):
        return 1.0
    smallest = min(all_now, all_then) * min(hits, total - hits) / total
    if smallest < 5:
        exact = _fisher(hits_now, all_now, hits, total)
        if dispersion == 1 and degrees == inf:
            return exact
        return _two_sided(_deviate(exact) / sqrt(dispersion), degrees)
    share = hits / total
    spread = sqrt(share * (1 - share) * (1 / all_now + 1 / all_then))
    return _two_sided(abs(hits_now / all_now - hits_then / all_then) / spread / sqrt(dispersion), degrees)


def adjusted(values: Sequence[float]) -> list[float]:
    """Return Benjamini-Hochberg adjusted p-values: of what is called real, 5 % is noise, not more."""
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    result = [1.0] * len(values)
    smallest = 1.0
    for place, index in enumerate(order):
        smallest = min(smallest, values[index] * len(values) / (len(values) - place))
        result[index] = smallest
    return result


def _fisher(hits_now: int, all_now: int, hits: int, total: int) -> float:
    """Sum the hypergeometric probabilities of the tables that are no likelier than the one seen."""
    lowest, highest = max(0, hits - (total - all_now)), min(hits, all_now)
    k = np.arange(lowest, highest + 1)
    logs = _log_choose(hits, k) + _log_choose(total - hits, all_now - k) - _log_choose(total, all_now)
    return min(1.0, float(np.exp(logs[logs <= logs[hits_now - lowest] + 1e-9]).sum()))


def _log_choose(n: Any, k: Any) -> Any:
    """Return log C(n, k) of numbers or arrays."""
    gammaln = special().gammaln
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _deviate(p_value: float) -> float:
    """Return the normal deviate of a two-sided p-value; infinity for one too small to be a number."""
    tail = p_value / 2
    return -NormalDist().inv_cdf(tail) if tail > 0 else inf


def _two_sided(z: float, degrees: float = inf) -> float:
    """Return the chance of a statistic as far out: normal, or Student's t with ``degrees``."""
    if degrees == inf:
        return erfc(z / sqrt(2))
    return float(special().betainc(degrees / 2, 0.5, degrees / (degrees + z * z)))

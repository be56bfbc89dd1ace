"""Could a change be chance? Tests for two counts and two proportions, and a correction for many.

Counts: given their sum, the first of two Poisson counts is binomial (Przyborowski & Wilenski 1940), with
the share of exposure as probability; exact up to ``_EXACT`` events, else the normal approximation
with continuity correction. Proportions: pooled two-proportion z-test, and Fisher's exact test where
an expected cell is below 5. Both are two-sided. ``adjusted`` is Benjamini & Hochberg (1995).

Requests about one event come in clusters, which these tests do not know: they err towards calling
a change real, so "may be chance" can be trusted more than its absence.
"""

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, sqrt

ALPHA = 0.05
"""A change is called noise when its adjusted p-value is above this."""
_EXACT = 2000


def counts_p(now: int, then: int, exposure_now: float = 1.0, exposure_then: float = 1.0) -> float:
    """Return the p-value that both counts come from one rate per unit of exposure (days)."""
    total = now + then
    if total == 0:
        return 1.0
    share = exposure_now / (exposure_now + exposure_then)
    if total <= _EXACT:
        below = sum(_binomial(k, total, share) for k in range(now + 1))
        above = sum(_binomial(k, total, share) for k in range(now, total + 1))
        return min(1.0, 2 * min(below, above))
    gap = max(0.0, abs(now - total * share) - 0.5)
    return _two_sided(gap / sqrt(total * share * (1 - share)))


def proportions_p(hits_now: int, all_now: int, hits_then: int, all_then: int) -> float:
    """Return the p-value that both shares are equal; 1 when there is nothing to tell them apart."""
    total, hits = all_now + all_then, hits_now + hits_then
    if not all_now or not all_then or hits in (0, total):
        return 1.0
    smallest = min(all_now, all_then) * min(hits, total - hits) / total
    if smallest < 5:
        return _fisher(hits_now, all_now, hits, total)
    share = hits / total
    spread = sqrt(share * (1 - share) * (1 / all_now + 1 / all_then))
    return _two_sided(abs(hits_now / all_now - hits_then / all_then) / spread)


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
    """Sum the tables that are no likelier than the one seen."""
    lowest, highest = max(0, hits - (total - all_now)), min(hits, all_now)
    base = _log_choose(total, all_now)
    logs = [
        _log_choose(hits, k) + _log_choose(total - hits, all_now - k) - base
        for k in range(lowest, highest + 1)
    ]
    seen = logs[hits_now - lowest]
    return min(1.0, sum(exp(value) for value in logs if value <= seen + 1e-9))


def _binomial(k: int, n: int, share: float) -> float:
    return exp(_log_choose(n, k) + k * log(share) + (n - k) * log(1 - share))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _two_sided(z: float) -> float:
    return erfc(z / sqrt(2))

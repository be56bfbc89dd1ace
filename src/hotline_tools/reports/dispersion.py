"""How much counts vary beyond chance: one estimate for comparisons and alerts.

Quasi-Poisson: the variance of a count is ``dispersion`` times its mean (McCullagh & Nelder 1989, ch. 9).
Pearson's estimate of one series has few degrees of freedom, so it is drawn towards that of its table or
family as if that were ``PRIOR_DEGREES`` more of them (empirical Bayes as in Smyth 2004, Stat. Appl. Genet.
Mol. Biol. 3:3; for counts Lund et al. 2012, 11(5):8), and is never under 1: less than Poisson variation
is an accident.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRIOR_DEGREES = 12
"""With 13 weeks of history a series and its family weigh the same."""
_TELLING_FROM = 0.5
"""Series with fewer orders a week than this say nothing of the dispersion."""


def family_dispersion(squares: Floats, fitted: Floats, degrees: float) -> float:
    """Return the pooled dispersion of the series (rows) whose mean is large enough, at least 1."""
    telling = fitted.mean(axis=1) >= _TELLING_FROM
    return max(1.0, float(squares[telling].mean()) / degrees) if telling.any() else 1.0


def pearson(counts: Floats, fitted: Floats, weights: Floats | float = 1.0) -> Floats:
    """Return the sum of each row's squared Pearson residuals; all arrays are series × weeks.

    A week in which none is expected, as one of nothing but holidays, says nothing.
    """
    squares = np.divide(weights * (counts - fitted) ** 2, fitted, out=np.zeros_like(fitted), where=fitted > 0)
    total: Floats = squares.sum(axis=1)
    return total


def drawn(squares: Floats, degrees: float, family: float) -> Floats:
    """Return the dispersion of each series: its own and the family's, weighted by their degrees."""
    both: Floats = np.maximum(1.0, (squares + PRIOR_DEGREES * family) / (degrees + PRIOR_DEGREES))
    return both


def along_a_line(counts: Floats, exposure: Floats) -> Floats:
    """Return what a straight line in time expects of each week (series × weeks), given its exposure.

    A slow rise or fall is no dispersion. The line is not followed below a fifth of the mean.
    """
    time = np.arange(counts.shape[1], dtype=float)
    total = exposure.sum(axis=1, keepdims=True)
    middle = (exposure * time).sum(axis=1, keepdims=True) / total
    level = np.maximum(counts.sum(axis=1, keepdims=True), 0.5) / total
    apart = time - middle
    spread = np.maximum((exposure * apart**2).sum(axis=1, keepdims=True), 1e-9)
    slope = (apart * (counts - exposure * level)).sum(axis=1, keepdims=True) / spread
    line: Floats = exposure * np.maximum(level + slope * apart, level / 5)
    return line

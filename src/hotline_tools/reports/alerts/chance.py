"""How many of the tests alarm by chance alone, as if in no week anything happened.

Histories are drawn at the levels of all tests (parametric bootstrap, Efron & Tibshirani 1993, ch. 6) and
judged; the chances to reach their lines of alarm in a week like any other are summed. How much such weeks
vary is told by the half of the series that vary least: an event in the history of a series is no measure of
chance, though it does raise the line.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from hotline_tools.reports.alerts.detection import PRIOR, Verdict, alarm_line, at_least, judge
from hotline_tools.reports.dispersion import Floats

_TYPICAL = 0.5
"""The share of series, the least dispersed first, that tells the dispersion."""
_TELLING, _TOLD = 0.5, 0.1
"""Orders a week from which a series tells the dispersion, and the share of such series from which a family
does: among places, the few with so many orders are those where something happened."""
_DRAWN = 4_000
"""Series to draw when the dispersion is looked for, and most tests of a family that are worked out."""
_ROUNDS = 3
"""The dispersion does not move further."""
_SEED = 0


@dataclass
class JudgedSeries:
    """The tests of one family in all windows."""

    verdicts: list[Verdict] = field(default_factory=list)
    weeks: int = 0
    """Weeks of the longest history."""

    def add(self, verdict: Verdict, weeks: int) -> None:
        """Take note of the tests of one window with ``weeks`` of baseline."""
        self.verdicts.append(verdict)
        self.weeks = max(self.weeks, weeks)

    def dispersion(self) -> float | None:
        """Return the dispersion with which series as large as these show the spread that they show.

        ``None`` where too few are large enough to tell. The spread of 13 weeks scatters, so it is compared
        with that of drawn series, not taken for the dispersion.
        """
        rates, spread = self._of("expected"), self._of("spread")
        telling = rates >= _TELLING
        if telling.sum() <= _TOLD * len(rates):
            return None
        seen, drawn = _typical(spread[telling]), _evenly(np.sort(rates[telling]))
        dispersion = 1.0
        for _ in range(_ROUNDS):
            again = _typical(_drawn(drawn, dispersion, self.weeks).spread)
            dispersion = max(1.0, dispersion * seen / again)
        return dispersion

    def false_alarms(self, dispersion: float, alpha: float, least: float) -> float:
        """Return how many of the tests would alarm if every week were like any other."""
        rates = self._of("expected") - PRIOR / self._of("exposed")
        possible = np.sort(rates[rates > 0])
        if not len(possible):
            return 0.0
        drawn = _evenly(possible)
        again = _drawn(drawn, dispersion, self.weeks)
        # Events in the history raise the lines of the whole family.
        raised = _typical(self._of("dispersion")) / _typical(again.dispersion)
        lines = np.maximum(alarm_line(again.expected, max(raised, 1.0) * again.variance, alpha), least)
        return float(at_least(lines, drawn, dispersion * drawn).mean()) * len(possible)

    def _of(self, name: str) -> Floats:
        return np.concatenate([getattr(verdict, name) for verdict in self.verdicts])


def false_alarms(families: Iterable[JudgedSeries], alpha: float, least: float) -> float:
    """Return how many of the tests of all families would alarm by chance alone.

    A family of rare series is given the dispersion that the others have in the middle.
    """
    found = [(family, family.dispersion()) for family in families]
    told = [dispersion for _, dispersion in found if dispersion is not None]
    middle = float(np.median(told)) if told else 1.0
    return sum(family.false_alarms(own or middle, alpha, least) for family, own in found)


def _evenly(values: Floats) -> Floats:
    """Return at most ``_DRAWN`` of sorted values, at even distances."""
    places = np.linspace(0, len(values) - 1, min(len(values), _DRAWN)).round().astype(int)
    drawn: Floats = values[places]
    return drawn


def _typical(spread: Floats) -> float:
    return float(np.sort(spread)[: math.ceil(_TYPICAL * len(spread))].mean())


def _drawn(rates: Floats, dispersion: float, weeks: int) -> Verdict:
    """Judge a week as expected after ``weeks`` in which nothing happened."""
    means = np.repeat(rates[:, None], weeks, axis=1)
    history = _counts(np.random.default_rng(_SEED), means, dispersion)
    return judge(rates, history, np.ones_like(history), alpha=0.5)


def _counts(dice: np.random.Generator, means: Floats, dispersion: float) -> Floats:
    """Draw Poisson counts, or negative binomial ones with ``dispersion`` times the mean as variance."""
    extra = max(dispersion - 1, 1e-6)
    return dice.poisson(dice.gamma(means / extra, extra)).astype(float)

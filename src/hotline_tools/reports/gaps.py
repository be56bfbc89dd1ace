"""Gaps: days on which a source has no order although the same days of the week have.

A run of days without an order is a gap when it could hardly be chance. The chance of a day without an
order is the smaller of two estimates from the same days of the week within eight weeks on either side: by
their mean, with the dispersion of a negative binomial, D^(-mean / (D - 1)), D = variance / mean; and by
how many of them had no order, (without + 1/2) / (days + 1). The chances of a run's days are multiplied. A
public holiday on a weekday counts as a Sunday.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import inf, log

from hotline_tools.calendar import WorkCalendar

Days = Mapping[date, int]
"""Day → orders; days without orders are not in it."""
_DAY = timedelta(days=1)
WINDOW = 8 * 7
"""Days on either side whose orders say what is usual."""
LONG = 7
"""Days of a gap from which counts and comparisons mislead."""
_NEAR, _LIVE = 4 * 7, 3
"""A source is at work beside a run when, of so many days, it has orders on at least so many."""
_LEAST_DISPERSION = 1.5
_FALSE_GAPS = 0.005
"""Expected gaps among the tested days of a source where nothing is missing."""
_SUNDAY = 6


@dataclass(frozen=True)
class Gap:
    """Days from ``first`` to ``last``, both without an order; ``usual``: orders that the days mostly have."""

    source: str
    first: date
    last: date
    usual: float
    ends: bool
    """The source has no order after it."""

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def gaps(source: str, orders: Days, end: date) -> list[Gap]:
    """Return the gaps of one source from its first day up to, not with, ``end``."""
    found = []
    limit = log(_FALSE_GAPS / max((end - min(orders)).days, 1)) if orders else -inf
    for first, last in _runs(orders, end):
        usual = _usual(orders, first, last)
        if usual is not None and usual.chance <= limit:
            found.append(Gap(source, first, last, usual.orders, not any(day > last for day in orders)))
    return found


@dataclass(frozen=True)
class _Usual:
    chance: float
    """Logarithm of the chance that the days have no order."""
    orders: float


def _runs(orders: Days, end: date) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each run of days without an order."""
    days = [*sorted(day for day in orders if day < end), end]
    for before, after in pairwise(days):
        if after - before > _DAY:
            yield before + _DAY, after - _DAY


def _usual(orders: Days, first: date, last: date) -> _Usual | None:
    """Return what the days from ``first`` to ``last`` would usually have; None where nothing is usual."""
    begins = min(orders)
    before = [d for n in range(1, WINDOW + 1) if (d := first - n * _DAY) >= begins]
    after = [last + n * _DAY for n in range(1, WINDOW + 1)]
    final = max(orders)
    after = [day for day in after if day <= final]
    if not _at_work(orders, before):
        return None  # the source had not begun: a wrong date, or a trial
    sides = [before, after] if _at_work(orders, after) else [before]
    means = [_means(orders, side) for side in sides]
    near = [day for side in sides for day in side]
    dispersion = _dispersion(orders, near)
    chance, usual = 0.0, 0.0
    for number in range((last - first).days + 1):
        weekday = _kind(first + number * _DAY)
        known = [mean[weekday] for mean in means if weekday in mean]
        if not known:
            continue
        same = [day for day in near if day.weekday() == weekday]
        without = sum(day not in orders for day in same)
        by_mean = -min(known) * log(dispersion) / (dispersion - 1)
        chance += min(by_mean, log((without + 0.5) / (len(same) + 1)) if min(known) else 0.0)
        usual += min(known)
    return _Usual(chance, usual)


def _at_work(orders: Days, side: list[date]) -> bool:
    return sum(day in orders for day in side[:_NEAR]) >= _LIVE


def _means(orders: Days, side: list[date]) -> dict[int, float]:
    """Return the mean orders of each day of the week."""
    counts: dict[int, list[int]] = {}
    for day in side:
        counts.setdefault(day.weekday(), []).append(orders.get(day, 0))
    return {weekday: sum(found) / len(found) for weekday, found in counts.items()}


def _dispersion(orders: Days, near: list[date]) -> float:
    """Return variance ÷ mean within the days of the week (Pearson), at least the usual one of hotlines."""
    means = _means(orders, near)
    fitted = [day for day in near if means[day.weekday()]]
    squares = sum((orders.get(day, 0) - (m := means[day.weekday()])) ** 2 / m for day in fitted)
    freedom = len(fitted) - len({day.weekday() for day in fitted})
    return max(_LEAST_DISPERSION, squares / freedom if freedom > 0 else 0.0)


def _kind(day: date) -> int:
    """Return the day of the week that ``day`` is like."""
    working = day.weekday() > _SUNDAY - 2 or WorkCalendar().is_working_day(day)
    return day.weekday() if working else _SUNDAY

"""When people call: seasons, weekdays, hours, waves, and how an issue's calls lie in time."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate

import holidays

from hotline_tools.sample.dice import Dice
from hotline_tools.sample.templates import Sub
from hotline_tools.sample.waves import Wave

_MONTHS = (0.85, 0.62, 0.98, 1.0, 1.02, 1.06, 1.16, 1.1, 1.0, 0.93, 1.1, 1.04)
_WEEKDAYS = (1.17, 1.1, 1.06, 1.02, 1.0, 0.73, 0.62)
_HOLIDAY = 0.55
_HOURS = {
    "day": (2, 1, 1, 1, 1, 3, 10, 30, 78, 100, 96, 70, 42, 48, 76, 84, 80, 66, 48, 40, 34, 26, 14, 6),
    "night": (16, 9, 5, 4, 4, 8, 20, 30, 48, 46, 40, 34, 32, 30, 32, 32, 34, 38, 52, 72, 90, 100, 86, 44),
}
_HOURS_TOTAL = {kind: list(accumulate(weights)) for kind, weights in _HOURS.items()}


class Clock:
    """Draws times within ``first`` to ``last``."""

    def __init__(self, dice: Dice, first: date, last: date) -> None:
        self._dice = dice
        self.first, self.last = first, last
        free = holidays.country_holidays("CN", years=[first.year, last.year])
        self._days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._base = [
            _MONTHS[d.month - 1] * _WEEKDAYS[d.weekday()] * (_HOLIDAY if d in free else 1.0)
            for d in self._days
        ]
        self._by_season: dict[tuple[float, ...], list[float]] = {}

    def covers(self, wave: Wave) -> bool:
        """Tell whether the wave lies within the period."""
        return self.first <= self._date(wave.first) and self._date(wave.last) <= self.last

    def moment(self, sub: Sub, wave: Wave | None) -> datetime:
        """Return when one order comes in."""
        return self._time(self._day(sub, wave), sub)

    def spread(self, size: int, kind: str, sub: Sub, wave: Wave | None) -> list[datetime]:
        """Return sorted times of an issue's orders: a burst, weeks, months, or closed and come back."""
        start = self._day(sub, wave)
        span = self._dice.weighted((3, 12, 45, 150), (0.22, 0.3, 0.33, 0.15))
        if kind == "persistent":
            span = max(span, 12 * size)
        if wave is not None:
            span = min(span, (self._date(wave.last) - self._date(wave.first)).days)
        gap = self._dice.between(18, 60) if kind == "comeback" and wave is None else 0
        rounds = self._dice.between(2, 3) if gap else 1
        span = min(span, 20) if gap else span
        limit = (self.last - self.first).days
        length = min(span + gap * (rounds - 1), limit)
        if (start - self.first).days > limit - length:
            start = self.last - timedelta(days=length)
        if wave is not None:
            start = min(start, self._date(wave.last) - timedelta(days=length))
        days = [self._dice.between(0, span) + gap * self._dice.between(0, rounds - 1) for _ in range(size)]
        return sorted(self._time(start + timedelta(days=min(d, length)), sub) for d in days)

    def _date(self, day: tuple[int, int]) -> date:
        return date(self.first.year, *day)

    def _day(self, sub: Sub, wave: Wave | None) -> date:
        if wave is not None:
            days = (self._date(wave.last) - self._date(wave.first)).days
            # Waves rise fast and ebb slowly.
            return self._date(wave.first) + timedelta(days=int(days * self._dice.roll() ** 1.4 + 0.5))
        totals = self._by_season.get(sub.months)
        if totals is None:
            weights = [b * sub.months[d.month - 1] for b, d in zip(self._base, self._days, strict=True)]
            totals = self._by_season[sub.months] = list(accumulate(weights))
        return self._days[min(bisect_right(totals, self._dice.roll() * totals[-1]), len(self._days) - 1)]

    def _time(self, day: date, sub: Sub) -> datetime:
        totals = _HOURS_TOTAL["night" if sub.category == "噪声扰民" else "day"]
        hour = min(bisect_right(totals, self._dice.roll() * totals[-1]), 23)
        second = self._dice.between(0, 3599)
        return datetime(day.year, day.month, day.day, hour, second // 60, second % 60)

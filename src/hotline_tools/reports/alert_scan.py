"""Runs the test of ``outbreaks`` over the series and windows of a question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.alert_series import WEEK, YEAR, Key, Series, knows_last_year, season
from hotline_tools.reports.outbreaks import judge


@dataclass(frozen=True)
class Alert:
    """A series that rose; ``last`` is the last day of its window, ``limit`` the least count that alarms."""

    family: str
    key: Key
    last: date
    orders: int
    expected: float
    limit: int
    p_value: float


@dataclass
class Scan:
    """``windows``: last days of the windows, newest first; ``values``: the rules. Then what was found."""

    windows: list[date]
    values: Mapping[str, Any]
    tests: int = 0
    too_short: bool = False
    last_year: bool = True

    @property
    def oldest(self) -> date:
        """The first day that any test may look at, a year before the baseline included."""
        weeks = self.values["baseline_weeks"] + self.values["guard_weeks"] + len(self.windows) + 2
        return self.windows[0] - timedelta(days=WEEK * weeks + YEAR)

    def alerts(self, found: list[Series]) -> Iterator[Alert]:
        """Test every series at every window that has baseline enough."""
        categories = next((series for series in found if series.family == "category"), None)
        if categories is None:
            return
        for last in self.windows:
            past = self._past(categories, last)
            if len(past) < self.values["minimum_baseline_weeks"]:
                self.too_short = True
                continue
            self.last_year = self.last_year and knows_last_year(categories, past)
            for series in found:
                yield from self._judged(series, categories, last, past)

    def _past(self, series: Series, last: date) -> list[date]:
        """Return the last days of the baseline weeks, newest first."""
        guard, number = self.values["guard_weeks"], self.values["baseline_weeks"]
        ends = [last - timedelta(days=WEEK * week) for week in range(guard + 1, guard + number + 1)]
        return [end for end in ends if series.reaches(end)]

    def _judged(self, series: Series, categories: Series, last: date, past: list[date]) -> Iterator[Alert]:
        current, alpha, least = series.week(last), self.values["alpha"], self.values["minimum_orders"]
        verdict = judge(current, series.weeks(past), season(series, categories, last, past), alpha)
        self.tests += int((current > 0).sum())
        for row in ((verdict.p_value < alpha) & (current >= least)).nonzero()[0]:
            yield Alert(
                family=series.family,
                key=series.keys[row],
                last=last,
                orders=int(current[row]),
                expected=float(verdict.expected[row]),
                limit=max(int(verdict.limit[row]), least),
                p_value=float(verdict.p_value[row]),
            )

"""Runs the test of ``outbreaks`` over the series and windows of a question."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from hotline_tools.reports.alerts.chance import JudgedSeries, false_alarms
from hotline_tools.reports.alerts.detection import Verdict, alarm_lines, judge
from hotline_tools.reports.alerts.series import WEEK, YEAR, Key, Series, Yardstick, knows_last_year, season
from hotline_tools.reports.rules import AlertRules


@dataclass(frozen=True)
class History:
    """Week by week up to the window, oldest first: what came, what was to be expected, what would alarm."""

    orders: list[int]
    expected: list[float]
    limit: list[int]


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
    history: History


@dataclass
class Scan:
    """``windows``: last days of the windows, newest first; ``rules``: the rules. Then what was found."""

    windows: list[date]
    rules: AlertRules
    tests: int = 0
    unjudged: int = 0
    """Windows without weeks enough before them."""
    last_year: bool = True
    raised: int = 0
    """Tests that alarmed."""
    judged: defaultdict[str, JudgedSeries] = field(default_factory=lambda: defaultdict(JudgedSeries))
    """The tests by family."""

    @property
    def oldest(self) -> date:
        """The first day that any test may look at, a year before the baseline included."""
        return self.baseline_start - timedelta(days=WEEK * 2 + YEAR)

    @property
    def baseline_start(self) -> date:
        """The first day of the oldest baseline."""
        weeks = self.rules.baseline_weeks + self.rules.guard_weeks + len(self.windows)
        return self.windows[0] - timedelta(days=WEEK * weeks)

    @property
    def false_alarms(self) -> float:
        """How many of the tests would alarm by chance alone."""
        return false_alarms(self.judged.values(), self.rules.alpha, self.rules.minimum_orders)

    def alerts(self, found: list[Series], against: Yardstick) -> Iterator[Alert]:
        """Test every series at every window that has baseline enough."""
        self.unjudged = 0
        for last in self.windows:
            past = self._past(against.whole, last)
            if len(past) < self.rules.minimum_baseline_weeks:
                self.unjudged += 1
                continue
            self.last_year = self.last_year and knows_last_year(against.categories, past)
            for series in found:
                yield from self._judged(series, against, last, past)

    def _past(self, series: Series, last: date) -> list[date]:
        """Return the last days of the baseline weeks, newest first.

        A week without a single order is one of which there are no data: nothing can be expected from it.
        """
        guard, number = self.rules.guard_weeks, self.rules.baseline_weeks
        ends = [last - timedelta(days=WEEK * week) for week in range(guard + 1, guard + number + 1)]
        return [end for end in ends if series.reaches(end) and series.week(end).any()]

    def _judged(self, series: Series, against: Yardstick, last: date, past: list[date]) -> Iterator[Alert]:
        current, alpha, least = series.week(last), self.rules.alpha, self.rules.minimum_orders
        exposure = season(series, against, last, past)
        verdict = judge(current, series.weeks(past), exposure, alpha)
        self.judged[series.family].add(verdict, len(past))
        self.tests += int((current > 0).sum())
        rows = ((verdict.p_value < alpha) & (current >= least)).nonzero()[0].tolist()
        self.raised += len(rows)
        for row in rows:
            yield Alert(
                family=series.family,
                key=series.keys[row],
                last=last,
                orders=int(current[row]),
                expected=float(verdict.expected[row]),
                limit=max(int(verdict.limit(row)), least),
                p_value=float(verdict.p_value[row]),
                history=self._history(series.only(row), against, (last, past), verdict, row),
            )

    def _history(
        self, alone: Series, against: Yardstick, when: tuple[date, list[date]], verdict: Verdict, row: int
    ) -> History:
        """Return the weeks of one series, with the line of alarm by today's rate and their season."""
        last, past = when
        number = (last - past[-1]).days // WEEK
        ends = [last - timedelta(days=WEEK * week) for week in range(number, -1, -1)]
        exposure = season(alone, against, last, ends)[0]
        rate, spread = float(verdict.expected[row]), float(verdict.dispersion[row])
        seen = float(season(alone, against, last, past)[0].sum())
        lines = alarm_lines(rate, spread, exposure, seen, self.rules.alpha)
        least = self.rules.minimum_orders
        return History(
            orders=[int(count) for count in alone.weeks(ends)[0]],
            expected=[round(float(value), 2) for value in rate * exposure],
            limit=[max(int(line), least) for line in lines],
        )

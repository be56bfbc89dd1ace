"""The mark 可能只是偶然波动: false "real changes" and power beside the Poisson test; coverage of intervals.

    python benchmarks/noise.py [TABLES]

Each line: TABLES tables (default 1,000) of one month against the one before, with 26 weeks of daily counts
before them, weekdays busier than other days. Dispersion is the variance of a day's count over its mean
(negative binomial); "1-3" gives every row one of its own. False: the share of tables without any change that
hold at least one "real change" (nominal 5 %). Power: the share seen of rows that have 30 % more, a fifth of
the table.
The last table is the coverage of 95 % Wilson intervals, exactly, from the binomial distribution.
"""

import sys
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from hotline_tools.calendar import WorkCalendar
from hotline_tools.reports.compare.variation import Variation, history_period, plain, variation_of
from hotline_tools.reports.period import Period, month
from hotline_tools.reports.statistics import ALPHA, adjusted, wilson

NOW = month(2025, 10)
"""October: seven days of holiday against none in September."""
THEN = month(2025, 9)
CALENDAR = WorkCalendar()
OFF_RATIO = 0.6
TABLES = (("categories", 14, 50.0, 2000.0), ("departments", 60, 10.0, 500.0))
"""Name, rows, and the range of orders a month, log-uniform."""


def days_of(period: Period) -> list[date]:
    """Return the days of a period."""
    return [period.start + timedelta(days=number) for number in range(period.days)]


def draw(dice: np.random.Generator, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return counts (rows × days) with variance ``dispersion`` (rows) times the mean."""
    extra = np.maximum(dispersion - 1, 1e-9)[:, None]
    mixed = dice.poisson(dice.gamma(mean / extra, extra))
    return np.where(dispersion[:, None] > 1, mixed, dice.poisson(mean))


def one_table(
    dice: np.random.Generator, monthly: np.ndarray, dispersion: np.ndarray, times: np.ndarray
) -> tuple[Variation, np.ndarray, np.ndarray]:
    """Return the variation known, and the counts of October (``times`` as many) and September."""
    days = days_of(history_period(NOW)) + days_of(NOW)
    pattern = np.array([1.0 if CALENDAR.is_working_day(day) else OFF_RATIO for day in days])
    mean = monthly[:, None] / 30 * pattern / pattern.mean()
    is_now = np.array([NOW.start <= day < NOW.end for day in days])
    is_then = np.array([THEN.start <= day < THEN.end for day in days])
    counts = draw(dice, mean * np.where(is_now, times[:, None], 1.0), dispersion)
    rows, places = np.nonzero(counts * ~is_now)
    answer = pa.table({
        "row": [str(row) for row in rows], "day": [days[place] for place in places],
        "orders": counts[rows, places],
    })  # fmt: skip
    known = variation_of(answer, ("row",), (NOW, THEN), first=days[0], calendar=CALENDAR)
    return known, counts[:, is_now].sum(axis=1), counts[:, is_then].sum(axis=1)


def called_real(known: Variation, now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Return which rows are called a real change, as ``compare`` does."""
    rows = [known.of({"row": str(row)}) for row in range(len(now))]
    p = [known.count_p(row, int(a), int(b)) for row, a, b in zip(rows, now, then, strict=True)]
    return np.array(adjusted(p)) <= ALPHA


def simulated(rows: int, low: float, high: float, dispersion: float | None, tables: int) -> tuple[list, list]:
    """Return false tables and power, each of the mark and of the Poisson test."""
    dice = np.random.default_rng(2025)
    false, seen = [], []
    poisson = plain(NOW.days, THEN.days)
    for _ in range(tables):
        monthly = np.exp(dice.uniform(np.log(low), np.log(high), rows))
        own = dice.uniform(1, 3, rows) if dispersion is None else np.full(rows, dispersion)
        for times in (np.ones(rows), np.where(np.arange(rows) < rows // 5, 1.3, 1.0)):
            known, now, then = one_table(dice, monthly, own, times)
            real = [called_real(which, now, then) for which in (known, poisson)]
            risen = times > 1
            if risen.any():
                seen.append([marks[risen].mean() for marks in real])
            else:
                false.append([marks.any() for marks in real])
    return np.mean(false, axis=0).tolist(), np.mean(seen, axis=0).tolist()


def coverage(number: int, share: float) -> float:
    """Return how often a 95 % Wilson interval holds the true share."""
    inside = 0.0
    for hits in range(number + 1):
        low, high = wilson(hits, number) or (0.0, 1.0)
        inside += float(binom.pmf(hits, number, share)) * (low <= share <= high)
    return inside


def main() -> None:
    """Print one line a setting."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    error = 1.96 * sqrt(0.05 * 0.95 / tables)
    print(f"{tables} tables a line; Monte-Carlo error of 5 %: ±{error:.1%}")
    print(
        "table             dispersion   false: mark  Poisson by days   power at +30 %: mark  Poisson by days"
    )
    for name, rows, low, high in TABLES:
        for dispersion in (1.0, 2.0, 3.0, None):
            false, seen = simulated(rows, low, high, dispersion, tables)
            label = "1-3" if dispersion is None else f"{dispersion:g}"
            figures = f"{false[0]:13.1%} {false[1]:16.1%} {seen[0]:22.1%} {seen[1]:16.1%}"
            print(f"{name:12}{rows:5} {label:>11} {figures}")
    print("\n95 % Wilson intervals, coverage:  n   p = 0.5     0.9    0.97")
    for number in (20, 50, 200):
        print(f"{number:35}" + "".join(f"{coverage(number, share):10.1%}" for share in (0.5, 0.9, 0.97)))


if __name__ == "__main__":
    main()

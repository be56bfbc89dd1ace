"""Daily counts as matrices: one row a series, one column a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from hotline_tools.reports.outbreaks import Floats, exposures

WEEK = 7
TERM = "term"
"""The family of key terms."""
Key = tuple[str, str, str | None]
YEAR = 364
"""52 weeks: a year ago on the same weekday."""


@dataclass(frozen=True)
class Series:
    """``counts`` (series × days) begins on ``first``; ``keys`` are the rows' category, item and area."""

    family: str
    keys: list[Key]
    counts: Floats
    first: date

    def week(self, last: date, counts: Floats | None = None) -> Floats:
        """Return the sums of the 7 days that end with ``last``."""
        end = (last - self.first).days + 1
        if counts is not None:
            total: Floats = counts[:, end - WEEK : end].sum(axis=1)
            return total
        return self._before[:, end] - self._before[:, end - WEEK]

    @cached_property
    def _before(self) -> Floats:
        """Orders before each day: every window of every series asks for a week's sum."""
        return np.pad(self.counts.cumsum(axis=1), ((0, 0), (1, 0)))

    def weeks(self, ends: list[date], counts: Floats | None = None) -> Floats:
        """Return series × weeks for the weeks that end with ``ends``."""
        return np.stack([self.week(end, counts) for end in ends], axis=1)

    def only(self, row: int) -> "Series":
        """Return the series of one row."""
        return Series(self.family, [self.keys[row]], self.counts[row : row + 1], self.first)

    def reaches(self, last: date) -> bool:
        """Tell whether the week that ends with ``last`` lies within the data."""
        return (last - self.first).days + 1 >= WEEK


def families(answer: pa.Table, first: date, last: date) -> list[Series]:
    """Lay the rows of alerts.sql out as matrices from ``first`` to ``last``."""
    days = (last - first).days + 1
    rows: dict[str, dict[Key, int]] = {}
    names = ("family", "category", "item", "area", "day", "orders")
    columns: list[Any] = [answer.column(name).to_pylist() for name in names]
    placed = []
    for family, category, item, area, day, orders in zip(*columns, strict=True):
        known = rows.setdefault(family, {})
        row = known.setdefault((category, item, area), len(known))
        placed.append((family, row, (day - first).days, orders))
    matrices = {family: np.zeros((len(known), days)) for family, known in rows.items()}
    for family, row, column, orders in placed:
        matrices[family][row, column] = orders
    return [Series(family, list(known), matrices[family], first) for family, known in rows.items()]


def season(series: Series, categories: Series, now: date, past: list[date]) -> Floats:
    """Return the exposure of each past week relative to now (series × weeks).

    With a year of history before the oldest past week: how the whole category went a year ago, by
    three weeks around each. Else: how the volume of all other categories went. A key term belongs to no
    category: it is held against the volume of all.
    """
    if series.family == TERM:
        whole = categories.counts.sum(axis=0, keepdims=True)
        return exposures(categories.week(now, whole), categories.weeks(past, whole)).repeat(
            len(series.keys), axis=0
        )
    at = {category: row for row, (category, _, _) in enumerate(categories.keys)}
    rows = [at[category] for category, _, _ in series.keys]
    if knows_last_year(categories, past):
        before, year_ago = [_year_ago(end) for end in past], _year_ago(now)
        return exposures(_around(categories, [year_ago])[rows, 0], _around(categories, before)[rows])
    others = categories.counts.sum(axis=0) - categories.counts
    return exposures(categories.week(now, others)[rows], categories.weeks(past, others)[rows])


def knows_last_year(series: Series, past: list[date]) -> bool:
    """Tell whether the data reach a year before the oldest past week."""
    return series.reaches(_year_ago(past[-1]) - timedelta(days=WEEK))


def _year_ago(end: date) -> date:
    return end - timedelta(days=YEAR)


def _around(series: Series, ends: list[date]) -> Floats:
    """Sum the week before, the week and the week after, so that one odd week does not make a season."""
    week = timedelta(days=WEEK)
    shifted = [series.weeks([end + shift * week for end in ends]) for shift in (-1, 0, 1)]
    total: Floats = np.sum(shifted, axis=0)
    return total

"""Daily counts as matrices: one row a series, one column a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.reports.alerts.detection import exposures
from hotline_tools.reports.dispersion import Floats

WEEK = 7
TERM = "term"
"""The family of key terms."""
TOTAL, DEPARTMENT, REGION = "total", "department", "region"
"""The families of all orders, of each department and of each area, whatever their category."""
Key = tuple[str, str, str | None]
_KEYS = ("family", "category", "item", "area")
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
    """Lay the rows of alerts.sql out as matrices from ``first`` to ``last``, one for each family."""
    merged = np.zeros(answer.num_rows, np.int64)
    for name in _KEYS:
        codes = _codes(answer.column(name))
        merged = merged * (int(codes.max(initial=0)) + 1) + codes
    _, at, row = np.unique(merged, return_index=True, return_inverse=True)
    days = answer.column("day").cast(pa.int32()).to_numpy() - (first - date(1970, 1, 1)).days
    counts = np.zeros((len(at), (last - first).days + 1))
    counts[row, days] = answer.column("orders").to_numpy()
    names = answer.select(list(_KEYS)).take(pa.array(at)).to_pydict()
    keys = list(zip(names["category"], names["item"], names["area"], strict=True))
    found = []
    for family in dict.fromkeys(names["family"]):
        mine = [number for number, name in enumerate(names["family"]) if name == family]
        found.append(Series(family, [keys[number] for number in mine], counts[mine], first))
    return found


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a number for each text, 0 for none."""
    indices = column.combine_chunks().dictionary_encode().indices
    codes: NDArray[np.int64] = pc.fill_null(indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False) + 1
    return codes


def season(series: Series, categories: Series, now: date, past: list[date]) -> Floats:
    """Return the exposure of each past week relative to now (series × weeks).

    With a year of history before the oldest past week: how the whole category went a year ago, by
    three weeks around each. Else: how the volume of all other categories went. A key term, a department and
    an area belong to no category: they are held against the volume of all (the latter two, of all others).
    The total is held against last year's, or against nothing.
    """
    whole = categories.counts.sum(axis=0, keepdims=True)
    if series.family == TERM:
        return exposures(categories.week(now, whole), categories.weeks(past, whole)).repeat(
            len(series.keys), axis=0
        )
    if series.family in (DEPARTMENT, REGION):
        rest = np.maximum(whole - series.counts, 0.0)
        return exposures(series.week(now, rest), series.weeks(past, rest))
    if series.family == TOTAL:
        if not knows_last_year(series, past):
            return np.ones((len(series.keys), len(past)))
        before = [_year_ago(end) for end in past]
        return exposures(_around(series, [_year_ago(now)])[:, 0], _around(series, before))
    at = {category: row for row, (category, _, _) in enumerate(categories.keys)}
    rows = [at[category] for category, _, _ in series.keys]
    if knows_last_year(categories, past):
        before, year_ago = [_year_ago(end) for end in past], _year_ago(now)
        return exposures(_around(categories, [year_ago])[rows, 0], _around(categories, before)[rows])
    others = categories.counts.sum(axis=0) - categories.counts
    return exposures(categories.week(now, others)[rows], categories.weeks(past, others)[rows])


def knows_last_year(series: Series, past: list[date]) -> bool:
    """Tell whether the data reach a year before the oldest past week."""
    return series.reaches(_year_ago(min(past)) - timedelta(days=WEEK))


def _year_ago(end: date) -> date:
    return end - timedelta(days=YEAR)


def _around(series: Series, ends: list[date]) -> Floats:
    """Sum the week before, the week and the week after, so that one odd week does not make a season."""
    week = timedelta(days=WEEK)
    shifted = [series.weeks([end + shift * week for end in ends]) for shift in (-1, 0, 1)]
    total: Floats = np.sum(shifted, axis=0)
    return total

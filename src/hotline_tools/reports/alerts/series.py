"""Weekly counts as matrices: one row a series, one column a week back from the newest."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.reports.alerts.detection import exposures
from hotline_tools.reports.dispersion import Floats

WEEK = 7
TERM = "term"
"""The family of key terms."""
TOTAL, DEPARTMENT, REGION = "total", "department", "region"
"""The families of all orders, of each department and of each area, whatever their category."""
Key = tuple[str, str, str | None]
_KEYS = ("category", "item", "area")
YEAR = 364
"""52 weeks: a year ago on the same weekday."""


@dataclass(frozen=True)
class Series:
    """``counts`` (series × weeks): column n is the week that ended n weeks before ``last``, whole weeks only.

    ``keys`` are the rows' category, item and area.
    """

    family: str
    keys: list[Key]
    counts: Floats
    last: date

    def week(self, end: date, counts: Floats | None = None) -> Floats:
        """Return the orders of the 7 days that end with ``end``, a whole number of weeks back."""
        found: Floats = (self.counts if counts is None else counts)[:, self._back(end)]
        return found

    def weeks(self, ends: list[date], counts: Floats | None = None) -> Floats:
        """Return series × weeks for the weeks that end with ``ends``."""
        return (self.counts if counts is None else counts)[:, [self._back(end) for end in ends]]

    def only(self, row: int) -> "Series":
        """Return the series of one row."""
        return Series(self.family, [self.keys[row]], self.counts[row : row + 1], self.last)

    def reaches(self, end: date) -> bool:
        """Tell whether the week that ends with ``end`` lies within the data."""
        return self._back(end) < len(self.counts.T)

    def _back(self, end: date) -> int:
        return (self.last - end).days // WEEK


def whole_weeks(first: date, last: date) -> int:
    """Return how many whole weeks lie between two days, both counted."""
    return ((last - first).days + 1) // WEEK


def series_of(family: str, answer: pa.Table, weeks: int, last: date) -> Series:
    """Lay the rows of alerts.sql, those of one family, out as a matrix of ``weeks`` columns."""
    merged = np.zeros(answer.num_rows, np.int64)
    columns = [_coded(answer.column(name)) for name in _KEYS]
    for codes, _ in columns:
        merged = merged * (int(codes.max(initial=0)) + 1) + codes
    _, at, row = np.unique(merged, return_index=True, return_inverse=True)
    week, orders = numbers(answer.column("week")), numbers(answer.column("orders"))
    counts = np.zeros((len(at), weeks))
    is_whole = week < weeks
    counts[row[is_whole], week[is_whole]] = orders[is_whole]
    keys = ([texts[code] for code in codes[at]] for codes, texts in columns)
    return Series(family, list(zip(*keys, strict=True)), counts, last)


def _coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[Any]]:
    """Return a number for each text, 0 for none, and the text of each number."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    found = encoded.dictionary.to_pylist()
    texts = [None, *(text for text in found if text is not None)]
    places = {text: place for place, text in enumerate(texts)}
    return np.array([places[text] for text in found], np.int64)[numbers(encoded.indices)], texts


def numbers(column: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """Return numbers without gaps; ``to_numpy`` would import pandas, a fifth of a second."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.from_dlpack(whole)


@dataclass(frozen=True)
class Yardstick:
    """What a series is held against: the categories, and ``whole``, all orders (a single row).

    An order without a category is of no series of ``categories``, and of the volume all the same.
    """

    categories: Series
    whole: Series


def season(series: Series, against: Yardstick, now: date, past: list[date]) -> Floats:
    """Return the exposure of each past week relative to now (series × weeks).

    With a year of history before the oldest past week: how the whole category went a year ago, by
    three weeks around each. Else: how the volume of all other categories went. A key term, a department and
    an area belong to no category: they are held against the volume of all (the latter two, of all others).
    The total is held against last year's, or against nothing.
    """
    categories, whole = against.categories, against.whole
    if series.family == TERM:
        return exposures(whole.week(now), whole.weeks(past)).repeat(len(series.keys), axis=0)
    if series.family in (DEPARTMENT, REGION):
        rest = np.maximum(whole.counts - series.counts, 0.0)
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
    """Tell whether the data reach a year before the oldest past week, and cover the weeks of then."""
    before = [_year_ago(end) for end in past]
    if not series.reaches(min(before) - timedelta(days=WEEK)):
        return False
    return bool(_around(series, before).sum(axis=0).all())


def _year_ago(end: date) -> date:
    return end - timedelta(days=YEAR)


def _around(series: Series, ends: list[date]) -> Floats:
    """Sum the week before, the week and the week after, so that one odd week does not make a season."""
    week = timedelta(days=WEEK)
    shifted = [series.weeks([end + shift * week for end in ends]) for shift in (-1, 0, 1)]
    total: Floats = np.sum(shifted, axis=0)
    return total

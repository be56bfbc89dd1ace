"""How much each row of a table varies from week to week: what a change must exceed to be called real.

The weeks before the present period (``WEEKS`` at most, those without any order left out) are counted for each
row by ``Report.series``. A straight line through them, with working and other days weighed by the row's own
ratio, says what each week should have had; what remains is the row's dispersion, drawn towards that of the
table (``dispersion``). A change is then tested as quasi-Poisson, each period having the exposure of its
own working and other days; where a row is a step of time, that of the step's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import inf
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.calendar import WorkCalendar
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.dispersion import (
    PRIOR_DEGREES,
    Floats,
    along_a_line,
    drawn,
    family_dispersion,
    pearson,
)
from hotline_tools.reports.period import Period
from hotline_tools.reports.statistics import counts_p, proportions_p
from hotline_tools.table import Cell

WEEKS = 26
"""Half a year: long enough to know a row, short enough that a straight line follows its season."""
_WEEK = 7
_LEAST_WEEKS = 3
"""A straight line through two weeks leaves nothing over."""
_RATIO_PRIOR = 50.0
"""Orders by which a row's ratio of other to working days is drawn to the table's."""
_MANY = 10
"""Where weeks have so many orders, one without any was not imported."""
WORKDAYS = "workdays"
"""The column of rows that are steps of time: how many of their ``days`` are worked."""
STEP_DAYS = ("days", WORKDAYS)
Key = tuple[str, ...]


@dataclass(frozen=True)
class RowVariation:
    """``dispersion`` (variance ÷ mean, at least 1) and the exposures of both periods, in working days.

    ``ratio``: orders of another day ÷ those of a working day; ``None`` where it is not known.
    """

    dispersion: float
    exposure_now: float
    exposure_then: float
    ratio: float | None = None

    def of_steps(self, now: Mapping[str, Cell], then: Mapping[str, Cell]) -> "RowVariation":
        """Return the variation of one step of time against another.

        Steps without any exposure cannot be compared: a working day and another whose ratio is not known.
        """
        (days, worked), (days_then, worked_then) = _days(now), _days(then)
        if self.ratio is None:
            alike = worked * days_then == worked_then * days
            exposures = (float(days), float(days_then)) if alike else (0.0, 0.0)
        else:
            exposures = (_weighed(days, worked, self.ratio), _weighed(days_then, worked_then, self.ratio))
        return replace(self, exposure_now=exposures[0], exposure_then=exposures[1])


@dataclass(frozen=True)
class Variation:
    """What is known of a table's rows: ``rows`` by key, the pooled ``others``, the ``whole`` for totals."""

    whole: RowVariation
    others: RowVariation
    degrees: float = inf
    rows: Mapping[Key, RowVariation] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    weeks: int = 0

    def of(self, row: Mapping[str, Cell], then: Mapping[str, Cell] = MappingProxyType({})) -> RowVariation:
        """Return what is known of a row; of one without history, what the table has.

        ``then``: the row of the base, which tells the days of its step of time.
        """
        known = self.rows.get(tuple(_text(row.get(name)) for name in self.keys), self.others)
        return known.of_steps(row, then) if WORKDAYS in row and WORKDAYS in then else known

    def count_p(self, known: RowVariation, now: int, then: int) -> float:
        """Return the chance of a change of counts as large."""
        if min(known.exposure_now, known.exposure_then) <= 0:
            return 1.0
        exposures = (known.exposure_now, known.exposure_then)
        return counts_p(now, then, *exposures, dispersion=known.dispersion, degrees=self.degrees)

    def share_p(self, known: RowVariation, now: tuple[int, int], then: tuple[int, int]) -> float:
        """Return the chance of a change of shares of the total as large.

        A share p of N varies by p(1 - p)/N × ((1 - p) × its own dispersion + p × that of the others).
        """
        part = (now[0] + then[0]) / max(now[1] + then[1], 1)
        dispersion = (1 - part) * known.dispersion + part * self.others.dispersion
        return proportions_p(*now, *then, dispersion=dispersion, degrees=self.degrees)


def plain(days_now: float, days_then: float) -> Variation:
    """Return the variation of independent orders, the same on every day: Poisson."""
    row = RowVariation(1.0, float(days_now), float(days_then))
    return Variation(row, row)


def history_sql(keys: Mapping[str, str], orders: str) -> str:
    """Return the statement of daily counts by row; ``keys``: column of the report → SQL over an order."""
    columns = "".join(f"{expression} AS {name}, " for name, expression in keys.items())
    names = "".join(f"{name}, " for name in keys)
    return (
        f"SELECT {names}day, count(*) AS orders\n"
        f"FROM (SELECT {columns}CAST(received_at AS DATE) AS day FROM ({orders}) AS o) AS keyed\n"
        f"GROUP BY {names}day"
    )


def history_period(now: Period) -> Period:
    """Return the weeks before a period that its rows are known from."""
    start = now.start - timedelta(days=_WEEK * WEEKS)
    return Period(start, now.start, f"{start}..{now.start - timedelta(days=1)}")


def variation_of(
    answer: pa.Table,
    keys: tuple[str, ...],
    periods: tuple[Period, Period],
    first: date,
    calendar: WorkCalendar,
) -> Variation:
    """Return the variation of each row from the answer of ``history_sql``.

    ``periods`` are the present one and its base, ``first`` the first day of the store. With less than three
    weeks before the present period the variation is Poisson.
    """
    now, then = periods
    start = max(history_period(now).start, first)
    number = (now.start - start).days // _WEEK
    days = [now.start - timedelta(days=back) for back in range(number * _WEEK, 0, -1)]
    found, counts = _daily(answer, keys, days)
    counts = np.vstack([counts, counts.sum(axis=0)])
    kept = _covered(counts[-1].reshape(-1, _WEEK).sum(axis=1))
    weeks = int(kept.sum())
    if weeks < _LEAST_WEEKS:
        return plain(now.days, then.days)
    working = np.array([calendar.is_working_day(day) for day in days]).reshape(-1, _WEEK)[kept]
    by_week = counts.reshape(len(counts), -1, _WEEK)[:, kept]
    ratio = _ratios(by_week, working)
    exposure = working.sum(axis=1) + ratio[:, None] * (~working).sum(axis=1)
    dispersion, family = _dispersions(by_week.sum(axis=2), exposure, weeks - 2)
    rows = [
        RowVariation(spread, _exposure(now, share, calendar), _exposure(then, share, calendar), share)
        for spread, share in zip(dispersion.tolist(), ratio.tolist(), strict=True)
    ]
    whole = rows[-1]
    others = replace(whole, dispersion=family)
    degrees = float(weeks - 2 + PRIOR_DEGREES)
    # Without keys of its own every row is a part of the whole.
    known = dict(zip(found, rows[:-1], strict=True)) if keys else {}
    return Variation(whole, others if keys else whole, degrees, known, keys, weeks)


def _dispersions(counts: Floats, exposure: Floats, degrees: int) -> tuple[Floats, float]:
    """Return each row's dispersion (the whole, last, is not drawn to the others) and the pooled one."""
    fitted = along_a_line(counts, exposure)
    squares = pearson(counts, fitted)
    rows = slice(0, -1) if len(counts) > 1 else slice(None)
    family = family_dispersion(squares[rows], fitted[rows], degrees)
    of_rows = drawn(squares[:-1], degrees, family)
    own = max(1.0, float(squares[-1]) / degrees)
    return np.append(of_rows, drawn(squares[-1:], degrees, own)), family


def _daily(answer: pa.Table, keys: tuple[str, ...], days: list[date]) -> tuple[list[Key], Floats]:
    """Return the keys and their counts (keys × days)."""
    place = {day: number for number, day in enumerate(days)}
    at: dict[Key, int] = {}
    cells: list[tuple[int, int, int]] = []
    for row in _rows(answer):
        if row["day"] in place:
            key = tuple(_text(row[name]) for name in keys)
            cells.append((at.setdefault(key, len(at)), place[row["day"]], row["orders"]))
    counts = np.zeros((len(at), len(days)))
    if cells:
        series, day, orders = np.array(cells).T
        np.add.at(counts, (series, day), orders)
    return list(at), counts


def _covered(weeks: Floats) -> NDArray[np.bool_]:
    """Tell which weeks are no gap in the data: a week without orders where others have many is one."""
    some = weeks > 0
    return some | (weeks[some].mean() < _MANY) if some.any() else some


def _rows(answer: pa.Table) -> Iterable[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer.to_pylist()
    return rows


def _ratios(by_week: Floats, working: NDArray[np.bool_]) -> Floats:
    """Return orders of an other day ÷ orders of a working day, each row's drawn to the whole's (last)."""
    worked, off = float(working.sum()), float((~working).sum())
    of_off, total = by_week[:, ~working].sum(axis=1), by_week.sum(axis=(1, 2))
    if not worked or not off or of_off[-1] == total[-1]:
        return np.ones(len(by_week))
    common = of_off[-1] / total[-1]
    share = (of_off + _RATIO_PRIOR * common) / (total + _RATIO_PRIOR)
    ratio: Floats = share / (1 - share) * worked / off
    return ratio


def _exposure(period: Period, ratio: float, calendar: WorkCalendar) -> float:
    """Return the length of a period in working days, other days counted by their ratio."""
    days = (period.start + timedelta(days=number) for number in range(period.days))
    working = sum(calendar.is_working_day(day) for day in days)
    return _weighed(period.days, working, ratio)


def _weighed(days: int, worked: int, ratio: float) -> float:
    """Return so many days, of which so many are worked, in working days."""
    return worked + ratio * (days - worked)


def _days(step: Mapping[str, Cell]) -> tuple[int, int]:
    return int(str(step["days"])), int(str(step[WORKDAYS]))


def _text(value: object) -> str:
    return UNFILLED if value is None else str(value)

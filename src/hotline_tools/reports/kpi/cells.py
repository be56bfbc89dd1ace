"""The counts of each unit's rates split by category and by time, in one query beside the main one.

The time is that of receipt, by week, or by day in a period of less than four weeks: requests about one
event come in together. Categories are the labels of ``hotline classify``; without labels there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.reports.coverage import Uncovered, covered_sql
from hotline_tools.reports.kpi.dispersion import Counts, TimeCells
from hotline_tools.reports.kpi.profile import Rate
from hotline_tools.reports.kpi.statement import facts_ctes, rate_conditions
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import sql_text
from hotline_tools.sql import literal

_DAYS_OF_WEEKS = 28
"""A period at least this long is split into weeks."""
NO_CATEGORY = "（未分类）"
Cell = Mapping[str, Counts]
"""Name of a rate → the counts of a unit in one category."""


@dataclass(frozen=True)
class UnitCells:
    """Unit → its counts in each week or day, and in each category."""

    by_time: TimeCells = field(default_factory=TimeCells)
    by_category: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    step: str = "周"
    """What people call one step of time."""


def unit_cells(
    database: Database, query: Query, rates: Iterable[Rate], units: str, uncovered: Uncovered
) -> UnitCells:
    """Count ``rates`` by unit and category, and by unit and time; ``units``: the SELECT over ``facts``.

    Beside the orders it reads the views of ``statement.define_views``.
    """
    rates = list(rates)
    if not rates:
        return UnitCells()
    labelled = bool(database.query("SELECT 1 AS one FROM labels LIMIT 1").num_rows)
    found = database.query(cells_sql(query, rates, units, uncovered, labelled=labelled))
    by_category: dict[str, dict[str, Cell]] = {}
    # No number of Python's, and no ``to_numpy``: pyarrow loads pandas for them, longer than the query takes.
    of_category = found["is_category"].cast(pa.bool_())
    for row in found.filter(of_category).to_pylist():
        by_category.setdefault(row["unit"], {})[row["category"] or NO_CATEGORY] = {
            rate.name: (row[f"{rate.name}_numerator"], row[f"{rate.name}_denominator"]) for rate in rates
        }
    timed = found.filter(pc.and_(pc.invert(of_category), pc.is_valid(found["step"])))
    return UnitCells(_time_cells(timed, rates), by_category, "周" if _step(query) == "week" else "日")


def _time_cells(table: pa.Table, rates: Iterable[Rate]) -> TimeCells:
    units = table["unit"].combine_chunks().dictionary_encode()
    return TimeCells(
        tuple(units.dictionary.to_pylist()),
        np.from_dlpack(units.indices),
        {
            rate.name: (
                np.from_dlpack(table[f"{rate.name}_numerator"].combine_chunks()),
                np.from_dlpack(table[f"{rate.name}_denominator"].combine_chunks()),
            )
            for rate in rates
        },
    )


def cells_sql(
    query: Query, rates: Iterable[Rate], units: str, uncovered: Uncovered, *, labelled: bool
) -> str:
    """Return the statement; by category only with labels."""
    rates = list(rates)
    return sql_text(
        "departments_cells",
        facts=facts_ctes(
            query,
            {name for rate in rates for name in rate.facts},
            flags={"first_contact_at"} if any("response_due" in rate.facts for rate in rates) else (),
        ),
        units=units,
        # Joined here, not in ``facts``: that would read the labels twice.
        label="labels.category" if labelled else "CAST(NULL AS VARCHAR)",
        labels="\n    LEFT JOIN labels ON labels.order_key = units.order_key" if labelled else "",
        step=literal(_step(query)),
        rates=",\n    ".join(_counts(rate, query, uncovered.get(rate.name, ())) for rate in rates),
    )


def _step(query: Query) -> str:
    return "day" if query.period and query.period.days < _DAYS_OF_WEEKS else "week"


def _counts(rate: Rate, query: Query, uncovered: tuple[str, ...]) -> str:
    numerator, inside = rate_conditions(rate, query)
    if uncovered:
        inside += f" AND {covered_sql(uncovered)}"
    return (
        f"count(*) FILTER (WHERE {inside} AND {numerator}) AS {rate.name}_numerator,\n    "
        f"count(*) FILTER (WHERE {inside}) AS {rate.name}_denominator"
    )

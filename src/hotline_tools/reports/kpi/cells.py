"""The counts of each unit's rates split by category and by time, in one query beside the main one.

The time is that of receipt, by week, or by day in a period of less than four weeks: requests about one
event come in together. Categories are the labels of ``hotline classify``; without labels there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hotline_tools.reports.coverage import Uncovered, covered_sql
from hotline_tools.reports.kpi.dispersion import Cell
from hotline_tools.reports.kpi.profile import Rate
from hotline_tools.reports.kpi.statement import facts_ctes, rate_conditions
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import sql_text
from hotline_tools.sql import literal

_DAYS_OF_WEEKS = 28
"""A period at least this long is split into weeks."""
NO_CATEGORY = "（未分类）"


@dataclass(frozen=True)
class UnitCells:
    """Unit → its counts in each week or day, and in each category."""

    by_time: Mapping[str, list[Cell]] = field(default_factory=dict)
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
    rows: list[dict[str, Any]] = database.query(
        cells_sql(query, rates, units, uncovered, labelled=labelled)
    ).to_pylist()
    by_time: dict[str, list[Cell]] = {}
    by_category: dict[str, dict[str, Cell]] = {}
    for row in rows:
        cell = {rate.name: (row[f"{rate.name}_numerator"], row[f"{rate.name}_denominator"]) for rate in rates}
        if row["is_category"]:
            by_category.setdefault(row["unit"], {})[row["category"] or NO_CATEGORY] = cell
        elif row["step"] is not None:
            by_time.setdefault(row["unit"], []).append(cell)
    return UnitCells(by_time, by_category, "周" if _step(query) == "week" else "日")


def cells_sql(
    query: Query, rates: Iterable[Rate], units: str, uncovered: Uncovered, *, labelled: bool
) -> str:
    """Return the statement; by category only with labels."""
    rates = list(rates)
    return sql_text(
        "departments_cells",
        facts=facts_ctes(
            replace(query, by="category") if labelled else query,  # reads the orders with their labels
            {name for rate in rates for name in rate.facts},
            flags={"first_contact_at"} if any("response_due" in rate.facts for rate in rates) else (),
        ),
        units=units,
        label="category" if labelled else "CAST(NULL AS VARCHAR)",
        step=literal(_step(query)),
        rates=",\n    ".join(_counts(rate, uncovered.get(rate.name, ())) for rate in rates),
    )


def _step(query: Query) -> str:
    return "day" if query.period and query.period.days < _DAYS_OF_WEEKS else "week"


def _counts(rate: Rate, uncovered: tuple[str, ...]) -> str:
    numerator, inside = rate_conditions(rate)
    if uncovered:
        inside += f" AND {covered_sql(uncovered)}"
    return (
        f"count(*) FILTER (WHERE {inside} AND {numerator}) AS {rate.name}_numerator,\n    "
        f"count(*) FILTER (WHERE {inside}) AS {rate.name}_denominator"
    )

"""``report departments``: every KPI of the profile for each unit, with scores and ranks.

A unit is the department that handles the order (主办单位), each of the helping departments with
``co``, or an area with ``by``. Definitions are in docs/kpi.md; the counting is SQL
(departments.sql over ``statement.facts_ctes``), the scores are in ``score``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.common import UNFILLED, filled_sql, period_label
from hotline_tools.reports.compare.tables import first_rows
from hotline_tools.reports.coverage import (
    Uncovered,
    coverage_notes,
    covered_needs,
    covered_sql,
    uncovered_sources,
)
from hotline_tools.reports.figures import RATES, shared
from hotline_tools.reports.kpi.carry_over import CLOSING, FLOWS, carry_over_marks, nothing_before
from hotline_tools.reports.kpi.carry_over import LABELS as FLOW_LABELS
from hotline_tools.reports.kpi.cells import unit_cells
from hotline_tools.reports.kpi.durations import clocked_cte
from hotline_tools.reports.kpi.facts import (
    ANSWER_FACTS,
    CODED,
    FACTS,
    ISSUE,
    NONE_CLOSED,
    UNTIMED,
    UNTIMED_ANSWERS,
)
from hotline_tools.reports.kpi.notes import kpi_notes
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.rank_units import rank_units
from hotline_tools.reports.kpi.ranking_notes import ranking_notes
from hotline_tools.reports.kpi.rates import Kpis, kpi_columns, kpi_rows, kpi_total
from hotline_tools.reports.kpi.standardised import (
    has_categories,
    reversals,
    standardise,
    standardised_notes,
)
from hotline_tools.reports.kpi.statement import (
    asked_columns,
    define_views,
    events_told,
    facts_ctes,
    flag_name,
    found_sql,
    in_event,
    profile_of,
    rate_conditions,
    with_facts,
)
from hotline_tools.reports.query import LEVELS, Database, Query, co_units_sql
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.sql import literal
from hotline_tools.table import RANK, ChartHint, Note, ReportTable

_MOST_RATES = 4
"""A picture has room for so many rates beside its bars."""


def unit_label(query: Query) -> str:
    """Return what a row stands for."""
    return "协办单位" if query.co else LEVELS[query.by or "department"]


def sql(query: Query) -> str:
    """Return the whole statement; beside the orders it reads the views of ``define_views``.

    In a store of several sources each rate leaves out those that never fill what it needs (``uncovered``).
    """
    return _statement(query, {})


def _statement(query: Query, uncovered: Uncovered) -> str:
    profile = profile_of(query)
    used = {name for rate in profile.rates for name in rate.facts} | {"closed"}
    # Only what the facts themselves ask for is found out beforehand: that takes a look at all orders.
    before = {"first_contact_at"} if "response_due" in used else set()
    asked = set(asked_columns(profile, used))
    if ISSUE in asked:
        before.add(ISSUE)
    looked_at = sorted(asked - before)
    places = {
        "facts": facts_ctes(query, used - ANSWER_FACTS, flags=before),
        "clocked": clocked_cte(query),
        "units": _units(query, "facts"),
        "timed_units": _units(query, "clocked"),
        "keys": _lines(
            [
                *(f"is_{name}" for name in sorted(used - ANSWER_FACTS)),
                *events_told(query),
                *(
                    f"{covered_sql(sources)} AS covers_{name}"
                    for name, sources in uncovered.items()
                    if name != CLOSING
                ),
                *_fillings(looked_at, profile),
            ]
        ),
        "untimed": UNTIMED,
        "answers": with_facts(sorted(used & ANSWER_FACTS), profile),
        "untimed_answers": UNTIMED_ANSWERS,
        "carry_over": carry_over_marks(query, uncovered.get(CLOSING, ())),
        "flows": _lines(_sum(f"flow_{name}", name) for name in FLOWS),
        "rates": _lines(_counts(rate, query, rate.name in uncovered) for rate in profile.rates),
        **{f"in_{event}": in_event(event, query) for event in ("received", "due", "closed", "answered")},
        "flags": _lines(_flag(column) for column in looked_at),
    }
    return sql_text("departments", **places)


def compute(database: Database, query: Query) -> ReportTable:
    """Count, score and rank; rows come group by group, best first, unranked units last."""
    profile = profile_of(query)
    define_views(database, query)
    needs = {**covered_needs(profile.rates, profile), CLOSING: FACTS["closed"].needs}
    uncovered = uncovered_sources(database, needs)
    counted: list[dict[str, Any]] = database.query(_statement(query, uncovered)).to_pylist()
    kpis = Kpis.of(profile, counted[-1])
    cells = unit_cells(database, query, kpis.judged, _units(query, "facts"), uncovered)
    ranking = rank_units(kpi_rows(kpis, counted[:-1]), kpis, query.by or "department", UNFILLED, cells)
    standardise(ranking.rows, kpis.scored, cells)
    turned = reversals(ranking.rows, kpis.scored, cells, ranking.dispersions)
    total = kpi_total(kpis, counted[-1])
    if kpis.closings:
        total["closing_untold"] = counted[-1]["closing_untold"]
    return ReportTable(
        report="departments",
        title=f"{unit_label(query)}考核指标",
        period=period_label(query),
        filters={**query.described(), "profile": profile.name},
        columns=(
            replace(RANK, label="名次", comparable=True, is_place=True),
            *kpi_columns(kpis, unit_label(query), standardised=has_categories(cells)),
        ),
        rows=first_rows(ranking.rows, query.top),
        totals=total,
        notes=[
            *kpi_notes(kpis, ranking.rows, counted[-1], query),
            *ranking_notes(kpis, ranking, cells),
            *standardised_notes(turned, cells, kpis.scored),
            *_coverage_notes(uncovered, kpis, counted[-1]),
            *(nothing_before(database, query) if kpis.closings else ()),
        ],
        chart=_chart(kpis),
        incomplete=bool(kpis.missing),
    )


def _coverage_notes(uncovered: Uncovered, kpis: Kpis, total: dict[str, Any]) -> list[Note]:
    labels = {rate.name: rate.label for rate in kpis.rates}
    left_out = {name: total[f"{name}_left_out"] for name in uncovered if name in labels}
    return coverage_notes(uncovered, left_out, labels)


def _chart(kpis: Kpis) -> ChartHint:
    """Bars of the score (else of the first rate), group by group, with the rates that make it."""
    rates = tuple(rate.name for rate in kpis.scored or kpis.rates)
    value = "score" if kpis.points else next(iter(rates), "orders")
    beside = tuple(name for name in rates[:_MOST_RATES] if name != value)
    return ChartHint(
        "panels", "unit", value, series="group", pale="small_n", apart="unranked_because", rates=beside
    )


def _units(query: Query, orders: str) -> str:
    if query.co and query.by not in (None, "department"):
        raise UsageError("协办口径只能按单位分组", remedy="去掉 --by，或去掉协办选项。")
    if not query.co:
        return f"SELECT coalesce({query.by or 'department'}, {literal(UNFILLED)}) AS unit, * FROM {orders}"
    only = f" WHERE unit = {literal(query.department)}" if query.department else " WHERE unit <> ''"
    split = f"SELECT unnest({co_units_sql()}) AS unit, * FROM {orders}"
    return f"SELECT * FROM ({split}) AS helped{only}"


def _counts(rate: Rate, query: Query, some_uncovered: bool) -> str:
    numerator, inside = rate_conditions(rate, query)
    left_out = []
    if some_uncovered:
        left_out = [_sum(f"{inside} AND NOT covers_{rate.name}", f"{rate.name}_left_out")]
        inside += f" AND covers_{rate.name}"
    return _lines(
        [
            _sum(f"{inside} AND {numerator}", f"{rate.name}_numerator"),
            _sum(inside, f"{rate.name}_denominator"),
            *left_out,
        ]
    )


def _sum(condition: str, name: str) -> str:
    return f"coalesce(CAST(sum(orders) FILTER (WHERE {condition}) AS BIGINT), 0) AS {name}"


def _fillings(columns: Iterable[str], profile: Profile) -> Iterator[str]:
    """Yield what tells orders apart by the columns they fill."""
    for column in columns:
        if column == NONE_CLOSED:
            yield "closed_at IS NOT NULL AS has_closing_time"
        elif column not in CODED:
            yield f"{found_sql(column, profile)} AS {_filled_name(column)}"


def _filled_name(column: str) -> str:
    return "is_filled_" + column.replace(":", "_")


def _flag(column: str) -> str:
    """Return has_COLUMN of the orders that are alike, as ``statement.has_sql`` says it of each order."""
    found = f"bool_or({_filled_name(column)})"
    if column == NONE_CLOSED:
        found = "bool_or(status IS NOT NULL) AND NOT bool_or(status = 'closed' OR has_closing_time)"
    elif column in CODED:
        found = f"bool_or({filled_sql(column)} IS NOT NULL)"
    return f"coalesce({found}, FALSE) AS {flag_name(column)}"


def _lines(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)


REPORT = Report(
    name="departments",
    title="承办单位考核指标",
    summary="按单位、区县、镇街或社区的各项率（分子、分母）、办理时长、得分、组内名次与红黑榜",
    compute=compute,
    sql=sql,
    touches=("profile",),
    keys=("group", "unit"),
    series=lambda query: {"unit": f"unnest({co_units_sql()})" if query.co else query.by or "department"},
    options=("by", "profile", "as_of", "basis", "co"),
    figures=shared(
        *FLOW_LABELS, *RATES, "hours_median", "hours_mean", "hours_p90", "timed", orders="assessed"
    ),
)

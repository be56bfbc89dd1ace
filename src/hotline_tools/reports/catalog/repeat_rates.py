"""``report repeat-rates``: the share of repeat orders by category, area or department, × satisfaction.

An order closed as resolved whose issue comes again is where "resolved" isn't (假性整改).
"""

from typing import Any

from hotline_tools.reports.common import (
    empty_notes,
    filled,
    level_of,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
    told,
)
from hotline_tools.reports.figures import shared
from hotline_tools.reports.issues.view import define_issued, has_members
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.facts import answered_sql
from hotline_tools.reports.kpi.shared_rates import (
    RateCoverage,
    definition_notes,
    rate_coverage,
    rated_orders,
)
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import LEVELS, Database, Query, last_moment, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.sql import literal
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

_SHARED = ("satisfied_rate", "repeat_rate", "back_rate")
_RATES = {
    "repeat_rate": ("重复诉求率", "repeats", "repeat_base"),
    "repeat_satisfied_rate": ("重复诉求满意率", "repeat_satisfied", "repeat_rated"),
    "other_satisfied_rate": ("其他诉求满意率", "other_satisfied", "other_rated"),
    "back_rate": ("办结后又来率", "back", "closed"),
    "resolved_back_rate": ("解决后又来率", "resolved_back", "resolved"),
}
"""Rate → label, numerator, denominator among the statement's columns."""


def sql(query: Query) -> str:
    """Return the statement; it reads the views ``scope`` and ``issued``."""
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    orders = rated_orders("active", query, _SHARED, coverage)
    return sql_text(
        "repeat_rates", level=level_of(query, "category"), orders=orders, resolved=_resolved(query)
    )


def _resolved(query: Query) -> str:
    """Return the condition that people said of an order that it is resolved.

    As whether the issue came back, it is asked beyond the period's end: else months would not add up.
    """
    said = "resolved = 'yes'"
    if query.as_of is None:
        return said
    return f"{said} AND {answered_sql(literal(last_moment(query.as_of)))}"


def _distinct_issues(query: Query, coverage: RateCoverage) -> str:
    """Return the SELECT of the number of issues: one whose orders are in several rows is one."""
    orders = rated_orders("active", query, _SHARED, coverage)
    issue = "CASE WHEN repeat_rate_numerator THEN repeat_issue_id END"
    return f"SELECT count(DISTINCT {issue}) AS issues FROM {orders} AS rated"


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a category (or other level), most orders first; ``totals`` over all of them."""
    level = level_of(query, "category")
    issues_by = () if has_members(database) else ("subcategory",)
    columns = (level, *issues_by)
    database.define("scope", scope(query, columns=columns))
    database.define("active", active_scope(query, columns=columns))
    note = define_issued(database)
    counts = filled(database, (level, "satisfaction", "closed_at", "resolved"))
    profile = profile_of(query)
    coverage = rate_coverage(database, query, _SHARED, by_place=True)
    everything: list[dict[str, Any]] = database.query(_statement(query, coverage)).to_pylist()
    found = told(everything, "orders", "repeat_rated", "other_rated", "closed")
    lacking = missing_notes(
        counts, {"satisfaction": "满意率", "closed_at": "办结后又来率", "resolved": "解决后又来率"}
    )
    whole = {name: sum(row[name] for row in found) for name in (found[0] if found else {}) if name != "item"}
    whole |= database.query(_distinct_issues(query, coverage)).to_pylist()[0]
    return ReportTable(
        report="repeat-rates",
        title=f"重复诉求率（按{LEVELS[level]}）",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("item", LEVELS[level]),
            Field("orders", "工单数", "integer", "件"),
            Field("issues", "重复事项", "integer", "个"),
            *(field for name, (label, _, _) in _RATES.items() for field in rate_fields(name, label)),
        ),
        rows=[_cells(row) for row in found[: query.top]],
        totals=_totals(whole) if found else {},
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            note,
            basis_note(query),
            *definition_notes(_SHARED, query),
            Note(
                NoteKind.DEFINITION,
                f"办结后又来：办结后 {profile.back_days} 天内同一事项又有工单；"
                f"办结不满 {profile.back_days} 天的还看不出，不在分母里。"
                "“解决后又来率”只看回访答“已解决”的。",
            ),
            Note(
                NoteKind.DEFINITION,
                "重复诉求：库中同一事项另有工单，在时间段之外的也算；"
                "报表 repeats 和简报“同一事项反映2次以上”只数时间段内的，故通常更小。",
                about=("repeat_rate",),
            ),
            Note(NoteKind.SHOWN, "各行的重复事项数相加可能大于合计：一个事项的工单可能分在几行。"),
        ],
        chart=ChartHint(kind="bars", label="item", value="repeat_rate"),
        incomplete=bool(lacking),
    )


def _totals(whole: dict[str, Any]) -> dict[str, Cell]:
    cells = {name: cell for name, cell in _cells({"item": None, **whole}).items() if name != "item"}
    numerator, denominator = (
        whole[f"repeat_{end}"] + whole[f"other_{end}"] for end in ("satisfied", "rated")
    )
    return cells | rate_cells("satisfied_rate", numerator, denominator)


def _cells(row: dict[str, Any]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {"item": row["item"], "orders": row["orders"], "issues": row["issues"]}
    for name, (_, numerator, denominator) in _RATES.items():
        cells |= rate_cells(name, row[numerator], row[denominator])
    return cells


REPORT = Report(
    name="repeat-rates",
    title="重复诉求率",
    summary="各类别、区域、单位的重复诉求率，与满意率、办结后又来率对照",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("issues", "satisfaction", "resolved", "status"),
    keys=("item",),
    series=lambda query: {"item": level_of(query, "category")},
    options=("by", "profile", "as_of", "basis"),
    figures=shared("satisfied_rate", "repeat_rate", "back_rate", orders="received"),
)

"""``report channels``: where requests come in; with ``proactive``: found against called in (Wuchang)."""

from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.channels import proactive
from hotline_tools.reports.common import (
    UNFILLED,
    counted_rate,
    empty_notes,
    lacking_note,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
    sum_of,
    told,
)
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.shared_rates import (
    RateCoverage,
    alike_rated_orders,
    rate_coverage,
    shared_rate,
)
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import RANK, Cell, ChartHint, Counts, Field, Note, NoteKind, ReportTable

_RATE = "satisfied_rate"


def sql(query: Query) -> str:
    """Return the statement of the plain or of the proactive report."""
    if query.proactive:
        return proactive.sql(query)
    for option, given in (("--by", query.by), ("--rules", query.rules)):
        if given is not None:
            raise UsageError(
                f"channels 只在 --proactive 时用 {option}", remedy=f"请加 --proactive，或去掉 {option}。"
            )
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    orders = alike_rated_orders("active", query, (_RATE,), ("channel",), coverage, closings=True)
    return sql_text("channels", orders=orders)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a channel, largest first."""
    if query.proactive:
        return proactive.compute(database, query)
    database.define("scope", scope(query, columns=()))
    database.define("active", active_scope(query, columns=()))
    sql(query)  # refuses options without a use
    coverage = rate_coverage(database, query, (_RATE,))
    everything: list[dict[str, Any]] = database.query(_statement(query, coverage)).to_pylist()
    found = told(everything, "orders", "closed", f"{_RATE}_denominator")
    named = [row for row in found if row["channel"] is not None]
    counts = {"": sum_of(found, "orders"), "channel": sum_of(named, "orders")}
    rows = [_row(rank, row, counts[""]) for rank, row in enumerate(found[: query.top], 1)]
    lacking = missing_notes(counts, {"channel": "渠道分布"})
    untold = bool(counts[""]) and not sum_of(everything, "closing_told")
    if untold:
        lacking.append(lacking_note("已办结件数", "closed_at", "status"))
    return ReportTable(
        report="channels",
        title="诉求渠道分布",
        period=period_label(query),
        filters=query.described(),
        columns=(
            RANK,
            Field("channel", "渠道"),
            Field("orders", "工单数", "integer", "件"),
            Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
            Field("closed", "已办结", "integer", "件"),
            *rate_fields(_RATE, shared_rate(_RATE, profile_of(query)).label),
        ),
        rows=rows,
        totals={
            "orders": counts[""],
            "share": 1.0 if counts[""] else None,
            "channels": len(named),
            "closed": None if untold else sum_of(found, "closed"),
            **rate_cells(_RATE, sum_of(found, f"{_RATE}_numerator"), sum_of(found, f"{_RATE}_denominator")),
        },
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            Note(
                NoteKind.DEFINITION,
                f"占比 = 该渠道工单数 ÷ 范围内全部工单数（{counts['']:,} 件）；满意率的分母不含未评价。",
            ),
        ],
        chart=ChartHint("bars", label="channel", value="orders", share="share"),
        incomplete=bool(lacking),
    )


def _row(rank: int, row: dict[str, Any], total: int) -> dict[str, Cell]:
    return {
        "rank": rank,
        "channel": row["channel"] or UNFILLED,
        "orders": row["orders"],
        "share": row["orders"] / total if total else None,
        "closed": row["closed"] if row["closing_told"] else None,
        **counted_rate(_RATE, row),
    }


REPORT = Report(
    name="channels",
    title="诉求渠道分布",
    summary="各渠道件数与占比；加 --proactive 看主动发现与被动受理",
    compute=compute,
    sql=sql,
    touches=("satisfaction", "status"),
    keys=("channel", "unit"),
    series=lambda query: {} if query.proactive else {"channel": "channel"},
    options=("by", "proactive", "rules", "profile", "as_of", "basis"),
    figures=shared("closed", "satisfied_rate", orders="received"),
)

"""``report channels --proactive`` (Wuchang): is a request found, or does it have to be called in?

The aim of 民有所呼我必有应 is to know before the hotline rings, so the share is of found orders
among those of a known kind; a channel that the rules do not place counts in neither.
"""

from typing import Any

from hotline_tools.reports.channels.kinds import channel_rules, kind_sql, unmapped_notes
from hotline_tools.reports.common import (
    UNFILLED,
    empty_notes,
    filled,
    level_of,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
    sum_of,
)
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import sql_text
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

_LEVELS = ("community", "grid", "street", "district", "category", "subcategory", "department", "channel")


def sql(query: Query) -> str:
    """Return the statement."""
    level = level_of(query, "community", _LEVELS)
    return sql_text("proactive", "channels", level=level, kind=kind_sql(channel_rules(query)))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a community (or ``by``), most orders first, with the proactive share."""
    level, rules = level_of(query, "community", _LEVELS), channel_rules(query)
    database.define("scope", scope(query, columns=(level,)))
    counts = filled(database, ("channel", level))
    found: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    lacking = missing_notes(counts, {"channel": "主动发现占比", level: f"按{LEVELS[level]}的分布"})
    totals: dict[str, Cell] = {
        "orders": counts[""],
        **_counts(sum_of(found, "orders"), sum_of(found, "proactive"), sum_of(found, "reactive")),
    }
    return ReportTable(
        report="channels",
        title=f"主动发现与被动受理（按{LEVELS[level]}）",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("unit", LEVELS[level]),
            Field("orders", "工单数", "integer", "件"),
            Field("proactive", "主动发现", "integer", "件"),
            Field("reactive", "被动受理", "integer", "件"),
            Field("unmapped", "渠道不明", "integer", "件"),
            *rate_fields("proactive_share", "主动发现占比"),
            Field("reporters", "有发现的上报人", "integer", "人"),
        ),
        rows=[_row(row) for row in found[: query.top]],
        totals=totals,
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            Note(
                NoteKind.DEFINITION,
                "主动发现占比 = 主动发现 ÷（主动发现 + 被动受理）；"
                "哪些渠道算主动发现由规则文件规定，可用 --rules 换成本地规定。",
            ),
            *_nothing_found(counts[""], totals),
            *unmapped_notes(database, rules),
        ],
        chart=ChartHint("bars", label="unit", value="proactive_share"),
        incomplete=bool(lacking),
    )


def _nothing_found(orders: int, totals: dict[str, Cell]) -> list[Note]:
    if not orders or totals["proactive_share_numerator"]:
        return []
    return [Note(NoteKind.SCOPE, "范围内没有来自主动发现渠道的工单。")]


def _counts(orders: int, found: int, called: int) -> dict[str, Cell]:
    kinds: dict[str, Cell] = {"proactive": found, "reactive": called, "unmapped": orders - found - called}
    return kinds | rate_cells("proactive_share", found, found + called)


def _row(row: dict[str, Any]) -> dict[str, Cell]:
    return {
        "unit": row["unit"] or UNFILLED,
        "orders": row["orders"],
        **_counts(row["orders"], row["proactive"], row["reactive"]),
        "reporters": row["reporters"],
    }

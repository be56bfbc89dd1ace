"""``report categories``: how many orders each category has, and its share of all orders.

The denominator is every order in scope, the unclassified included, so that shares sum to 1;
a yearbook that divided by the classified only is why this is said in the notes.
"""

from typing import Any

from hotline_tools.reports.common import (
    UNFILLED,
    counted_rate,
    level_of,
    missing_notes,
    rate_cells,
    rate_fields,
    sum_of,
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
from hotline_tools.reports.query import LEVELS, Database, Query
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.sql import literal
from hotline_tools.table import (
    RANK,
    ROW_KIND,
    Cell,
    ChartHint,
    Counts,
    Field,
    Note,
    NoteKind,
    ReportTable,
    RowKind,
)

_RATE = "satisfied_rate"
_LEVELS = ("category", "subcategory", "original_category", "request_type")
_OWN = ("category", "subcategory")
"""The levels that the classifier gives; the others are the export's own."""
_COUNTS = (
    Field("orders", "工单数", "integer", "件"),
    Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
    Field("needs_review", "待复核", "integer", "件", comparable=False),
)
_TYPES = Field("types", "诉求类型", "list")


def sql(query: Query) -> str:
    """Return the statement for level 1, level 2, the export's own category, or the type of request."""
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    level = level_of(query, "category", _LEVELS)
    deep = level == "subcategory"
    kept = dict.fromkeys((*(_OWN if deep else (level,)), "request_type", "needs_review"))
    return sql_text(
        "categories",
        level="category" if deep else level,
        below="subcategory" if deep else "CAST(NULL AS VARCHAR)",
        unfilled=literal("未归类" if level in _OWN else UNFILLED),
        orders=alike_rated_orders("active", query, (_RATE,), kept, coverage),
    )


def compute(database: Database, query: Query) -> ReportTable:
    """Count orders by category; rows come largest first, all of them unless ``top`` is set."""
    level = level_of(query, "category", _LEVELS)
    database.define("active", active_scope(query))
    coverage = rate_coverage(database, query, (_RATE,))
    rows: list[dict[str, Any]] = database.query(_statement(query, coverage)).to_pylist()
    totals = _totals(rows)
    label = "subcategory" if level == "subcategory" else "category"
    lacking = _lacking(totals, level)
    shown = rows if query.top is None else _head(rows, query.top, totals, label)
    return ReportTable(
        report="categories",
        title={"subcategory": "诉求子类占比", "request_type": "诉求类型占比"}.get(level, "诉求类别占比"),
        period=query.period.label if query.period else "全部时间",
        filters=query.described(),
        columns=_columns(level, query),
        rows=[
            {"rank": rank, **_marked(row), **counted_rate(_RATE, row)} for rank, row in enumerate(shown, 1)
        ],
        totals=totals,
        notes=[*lacking, *_notes(totals, level), basis_note(query)],
        incomplete=bool(lacking),
        chart=ChartHint(kind="bars", label=label, value="orders", share="share"),
    )


def _columns(level: str, query: Query) -> tuple[Field, ...]:
    orders, share, review = _COUNTS
    satisfied = rate_fields(_RATE, shared_rate(_RATE, profile_of(query)).label)
    first = Field("category", LEVELS[level] if level == "request_type" else "类别")
    if level == "request_type":
        return (RANK, first, orders, share, *satisfied)
    if level == "subcategory":
        below = (Field("subcategory", "子类"), orders, share, Field("share_in_category", "占本类", "rate"))
        return (RANK, first, *below, *satisfied, _TYPES, review)
    return (RANK, first, orders, share, *satisfied, _TYPES, *((review,) if level in _OWN else ()))


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    return {ROW_KIND: RowKind.UNFILLED, **row} if row.get("unclassified") else row


def _totals(rows: list[dict[str, Any]]) -> dict[str, Cell]:
    orders = sum(row["orders"] for row in rows)
    return {
        "orders": orders,
        "share": 1.0 if orders else None,
        "unclassified": sum(row["orders"] for row in rows if row["unclassified"]),
        "needs_review": sum(row["needs_review"] for row in rows),
        **rate_cells(_RATE, *(sum_of(rows, f"{_RATE}_{end}") for end in ("numerator", "denominator"))),
    }


def _head(rows: list[dict[str, Any]], top: int, totals: dict[str, Cell], name: str) -> list[dict[str, Any]]:
    """Keep the largest and fold the rest into one row, so that shares still sum to 1."""
    head, rest = rows[:top], rows[top:]
    if not rest:
        return head
    orders = sum(row["orders"] for row in rest)
    folded = {
        "rank": None,
        ROW_KIND: RowKind.REST,
        name: f"其余 {len(rest):,} 项",
        "orders": orders,
        "share": orders / int(str(totals["orders"])) if totals["orders"] else None,
        "needs_review": sum(row["needs_review"] for row in rest),
        **{f"{_RATE}_{end}": sum_of(rest, f"{_RATE}_{end}") for end in ("numerator", "denominator")},
    }
    return [*head, folded]


def _lacking(totals: dict[str, Any], level: str) -> list[Note]:
    """Say where the export's own level has no value at all; orders without a label wait for ``classify``."""
    if level in _OWN:
        return []
    filled = totals["orders"] - totals["unclassified"]
    return missing_notes({"": totals["orders"], level: filled}, {level: f"按{LEVELS[level]}的分布"})


def _notes(totals: dict[str, Cell], level: str) -> list[Note]:
    if level not in _OWN:
        what = "类型" if level == "request_type" else "类"
        text = f"占比 = 该{what}工单数 ÷ 范围内全部工单数（{totals['orders']:,} 件，含未填写的）。"
        return [Note(NoteKind.DEFINITION, text)]
    notes = [
        Note(
            NoteKind.DEFINITION,
            f"占比 = 该类工单数 ÷ 范围内全部工单数（{totals['orders']:,} 件，含未归类）。",
        )
    ]
    if totals["unclassified"]:
        notes.append(
            Note(
                NoteKind.QUALITY,
                f"未归类 {totals['unclassified']:,} 件，已计入分母；"
                "归类后仍没有类别的，文字里没有中文，或没有可据以归类的词。",
            )
        )
    if totals["needs_review"]:
        notes.append(
            Note(NoteKind.QUALITY, f"其中 {totals['needs_review']:,} 件自动归类把握不足，建议复核后再引用。")
        )
    return notes


def _series(query: Query) -> dict[str, str]:
    level = level_of(query, "category", _LEVELS)
    if level == "subcategory":
        return {"category": "category", "subcategory": "subcategory"}
    return {"category": level}


REPORT = Report(
    name="categories",
    title="诉求类别占比",
    summary="各类诉求的件数与占比（一级、二级或平台原分类）",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("satisfaction", "status", "request_type"),
    keys=("category", "subcategory"),
    series=_series,
    options=("by", "profile", "as_of", "basis"),
    figures=shared("satisfied_rate", orders="received"),
)

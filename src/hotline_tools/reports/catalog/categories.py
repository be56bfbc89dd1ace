"""``report categories``: how many orders each category has, and its share of all orders.

The denominator is every order in scope, the unclassified included, so that shares sum to 1;
a yearbook that divided by the classified only is why this is said in the notes.
"""

from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
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

_FIRST = Field("category", "类别")
_COUNTS = (
    Field("orders", "工单数", "integer", "件"),
    Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
    Field("needs_review", "待复核", "integer", "件", comparable=False),
)


def _is_level_two(query: Query) -> bool:
    if query.by not in (None, "category", "subcategory", "original_category"):
        raise UsageError(
            f"categories 不能按 {query.by} 分组",
            remedy="可用 --by category、subcategory 或 original_category。",
        )
    return query.by == "subcategory"


def sql(query: Query) -> str:
    """Return the statement for level 1, level 2, or the export's own category."""
    if _is_level_two(query):
        return sql_text("subcategories")
    return sql_text("categories", level=query.by or "category")


def compute(database: Database, query: Query) -> ReportTable:
    """Count orders by category; rows come largest first, all of them unless ``top`` is set."""
    database.define("scope", scope(query))
    rows: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    totals = _totals(rows)
    shown = rows if query.top is None else _head(rows, query.top, totals)
    level_two = _is_level_two(query)
    columns: tuple[Field, ...] = (RANK, _FIRST)
    if level_two:
        columns += (
            Field("subcategory", "子类"),
            *_COUNTS[:2],
            Field("share_in_category", "占本类", "rate"),
            _COUNTS[2],
        )
    else:
        columns += _COUNTS
    return ReportTable(
        report="categories",
        title="诉求类别占比" if not level_two else "诉求子类占比",
        period=query.period.label if query.period else "全部时间",
        filters=query.described(),
        columns=columns,
        rows=[{"rank": rank, **_marked(row)} for rank, row in enumerate(shown, 1)],
        totals=totals,
        notes=_notes(totals),
        chart=ChartHint(
            kind="bars", label="subcategory" if level_two else "category", value="orders", share="share"
        ),
    )


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    return {ROW_KIND: RowKind.UNFILLED, **row} if row.get("unclassified") else row


def _totals(rows: list[dict[str, Any]]) -> dict[str, Cell]:
    orders = sum(row["orders"] for row in rows)
    return {
        "orders": orders,
        "share": 1.0 if orders else None,
        "unclassified": sum(row["orders"] for row in rows if row["unclassified"]),
        "needs_review": sum(row["needs_review"] for row in rows),
    }


def _head(rows: list[dict[str, Any]], top: int, totals: dict[str, Cell]) -> list[dict[str, Any]]:
    """Keep the largest and fold the rest into one row, so that shares still sum to 1."""
    head, rest = rows[:top], rows[top:]
    if not rest:
        return head
    orders = sum(row["orders"] for row in rest)
    folded = {
        "rank": None,
        ROW_KIND: RowKind.REST,
        "category": f"其余 {len(rest):,} 项",
        "orders": orders,
        "share": orders / int(str(totals["orders"])),
        "needs_review": sum(row["needs_review"] for row in rest),
    }
    return [*head, folded]


def _notes(totals: dict[str, Cell]) -> list[Note]:
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
                f"未归类 {totals['unclassified']:,} 件，已计入分母；运行 hotline classify 可补标。",
            )
        )
    if totals["needs_review"]:
        notes.append(
            Note(NoteKind.QUALITY, f"其中 {totals['needs_review']:,} 件分类器把握不足，建议复核后再引用。")
        )
    return notes


def _series(query: Query) -> dict[str, str]:
    category = {"category": query.by if query.by == "original_category" else "category"}
    return category | ({"subcategory": "subcategory"} if _is_level_two(query) else {})


REPORT = Report(
    name="categories",
    title="诉求类别占比",
    summary="各类诉求的件数与占比（一级、二级或平台原分类）",
    compute=compute,
    sql=sql,
    needs_labels=True,
    keys=("category", "subcategory"),
    series=_series,
    options=("by",),
)

"""``report agreement``: the classifier's categories against the export's own, as a matrix."""

from typing import Any

from hotline_tools.reports.common import (
    empty_notes,
    filled,
    missing_notes,
    period_label,
    rate_cells,
)
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import Cell, ChartHint, Field, Grid, Note, NoteKind, ReportTable
from hotline_tools.text import fold


def sql(_query: Query) -> str:
    """Return the statement."""
    return sql_text("agreement")


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a pair that occurs, the export's largest categories first.

    ``totals``: agreement where both lists use the same names, Cohen's kappa over those orders, and
    how often an order has its own category's most frequent counterpart (names need not match).
    """
    database.define("scope", scope(query))
    counts = filled(database, ("original_category", "category"))
    found: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    kept = list(dict.fromkeys(row["original"] for row in found))[: query.top]
    lacking = missing_notes(counts, {"original_category": "与原分类的一致性", "category": "与原分类的一致性"})
    totals = _totals(found)
    return ReportTable(
        report="agreement",
        title="自动归类与平台原分类的一致性",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("original", "原分类（一级）"),
            Field("category", "归类结果"),
            Field("orders", "工单数", "integer", "件"),
            Field("share_in_original", "占该原分类", "rate"),
            Field("original_orders", "该原分类工单数", "integer", "件"),
            Field("same_name", "同名", "boolean"),
        ),
        rows=[_row(row) for row in found if row["original"] in kept],
        totals=totals,
        notes=[*empty_notes(counts[""]), *lacking, *_notes(counts, totals)],
        chart=ChartHint(
            "heat", label="category", value="share_in_original", series="original", text="orders"
        ),
        grid=Grid(down="original", across="category", value="orders", mark="same_name"),
        incomplete=bool(lacking),
    )


def _row(row: dict[str, Any]) -> dict[str, Cell]:
    return {
        "original": row["original"],
        "category": row["category"],
        "orders": row["orders"],
        "share_in_original": row["orders"] / int(row["original_orders"]),
        "original_orders": int(row["original_orders"]),
        "same_name": _same(row),
    }


def _same(row: dict[str, Any]) -> bool:
    return fold(row["original"]) == fold(row["category"])


def _totals(found: list[dict[str, Any]]) -> dict[str, Cell]:
    names = {fold(row["category"]) for row in found}
    comparable = [row for row in found if fold(row["original"]) in names]
    orders = sum(row["orders"] for row in comparable)
    agreed = sum(row["orders"] for row in comparable if _same(row))
    best: dict[str, int] = {}
    for row in found:
        best[row["original"]] = max(best.get(row["original"], 0), row["orders"])
    return {
        **rate_cells("agreement_rate", agreed, orders),
        "kappa": _kappa(comparable, orders, agreed),
        **rate_cells("counterpart_rate", sum(best.values()), sum(row["orders"] for row in found)),
    }


def _kappa(comparable: list[dict[str, Any]], orders: int, agreed: int) -> float | None:
    """Cohen's kappa; ``None`` when chance alone would agree on everything, or nothing is comparable."""
    if not orders:
        return None
    own: dict[str, int] = {}
    given: dict[str, int] = {}
    for row in comparable:
        own[fold(row["original"])] = own.get(fold(row["original"]), 0) + row["orders"]
        given[fold(row["category"])] = given.get(fold(row["category"]), 0) + row["orders"]
    chance = sum(number * given.get(name, 0) for name, number in own.items()) / orders**2
    return (agreed / orders - chance) / (1 - chance) if chance < 1 else None


def _notes(counts: dict[str, int], totals: dict[str, Cell]) -> list[Note]:
    notes = []
    compared = totals["counterpart_rate_denominator"]
    if compared and compared != counts[""]:
        notes.append(Note(NoteKind.SCOPE, f"{counts['']:,} 件中 {compared:,} 件两种分类都有，只比较这些。"))
    if totals["agreement_rate_denominator"]:
        notes.append(
            Note(
                NoteKind.DEFINITION,
                f"同名一致率 {_said(totals, 'agreement_rate')}，只看两套分类里名称相同的类别"
                f"{_beyond_chance(totals)}。不一致不等于自动归类有错，原分类也会错。",
            )
        )
    elif compared:
        notes.append(
            Note(
                NoteKind.MISSING, "两套分类没有相同的类别名，无法计算同名一致率；请看各原分类最常对应的类别。"
            )
        )
    return notes


def _said(totals: dict[str, Cell], rate: str) -> str:
    """Return a rate with its counts, ``75.0%（3/4）``."""
    return f"{totals[rate]:.1%}（{totals[f'{rate}_numerator']:,}/{totals[f'{rate}_denominator']:,}）"


def _beyond_chance(totals: dict[str, Cell]) -> str:
    kappa = totals["kappa"]
    return "" if kappa is None else f"；扣除偶然一致后（kappa）为 {kappa:.2f}"


REPORT = Report(
    name="agreement",
    title="自动归类与平台原分类的一致性",
    summary="归类结果对照平台原分类的矩阵与一致率",
    compute=compute,
    sql=sql,
    needs_labels=True,
    keys=("original", "category"),
    series=lambda _: {"original": "trim(split_part(original_category, '/', 1))", "category": "category"},
    top_of="original",
)

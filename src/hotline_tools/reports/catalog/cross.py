"""``report cross``: area × category, and which pairs are more than their margins explain."""

from math import sqrt
from typing import Any

from hotline_tools.reports.common import empty_notes, filled, level_of, missing_notes, period_label
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import Cell, ChartHint, Field, Grid, Note, NoteKind, ReportTable

_LEVELS = ("street", "district", "community", "grid", "department", "channel", "request_type", "subcategory")
_MOST_AREAS = 20
_NOTABLE = 3.0
"""Adjusted residual from which a pair stands out; some 1 in 1,000 would by chance."""


def sql(query: Query) -> str:
    """Return the statement; ``by`` is what stands against the categories."""
    level = level_of(query, "street", _LEVELS)
    return sql_text("cross", level=level, across=_across(level))


def _across(level: str) -> str:
    """Return what stands against the level: the categories, or the streets against subcategories."""
    return "category" if level != "subcategory" else "street"


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a pair, zeros included, for the ``top`` (20) largest areas.

    ``residual`` is the adjusted standardised residual (Haberman 1973): about normal when area and
    category have nothing to do with each other.
    """
    database.define("scope", scope(query))
    level = level_of(query, "street", _LEVELS)
    across = _across(level)
    found: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    counts = _counts(found[0], level, across) if found else filled(database, (level, across))
    lacking = missing_notes(counts, {name: f"按{LEVELS[name]}的分布" for name in (level, across)})
    areas = {row["area"]: int(row["area_orders"]) for row in found}
    shown = list(areas)[: query.top or _MOST_AREAS]
    notes = [
        *empty_notes(counts[""]),
        *lacking,
        *_notes(found, counts, (level, across), len(areas) - len(shown)),
    ]
    return ReportTable(
        report="cross",
        title=f"{LEVELS[level]} × {LEVELS[across]}",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("area", LEVELS[level]),
            Field("category", LEVELS[across]),
            Field("orders", "工单数", "integer", "件"),
            Field("share_in_area", f"占该{LEVELS[level]}", "rate"),
            Field("area_orders", f"该{LEVELS[level]}工单数", "integer", "件"),
            Field("share_in_category", f"占该{LEVELS[across]}", "rate"),
            Field("category_orders", f"该{LEVELS[across]}工单数", "integer", "件"),
            Field("expected", "按边际应有", "number", "件", comparable=False),
            Field("residual", "标准化残差", "number", comparable=False),
            Field("stands_out", "明显偏高", "boolean"),
        ),
        rows=_rows(found, shown),
        totals={"orders": counts[""], "counted": sum(areas.values()), "areas": len(areas)},
        notes=notes,
        chart=ChartHint("heat", label="category", value="orders", series="area"),
        grid=Grid(down="category", across="area", value="orders", mark="stands_out"),
        incomplete=bool(lacking),
    )


def _counts(row: dict[str, Any], level: str, across: str) -> dict[str, int]:
    """Return what ``filled`` would, from any row."""
    names = {"": "in_scope", level: "with_area", across: "with_category"}
    return {name: int(row[column]) for name, column in names.items()}


def _rows(found: list[dict[str, Any]], shown: list[str]) -> list[dict[str, Cell]]:
    cells = {(row["area"], row["category"]): row["orders"] for row in found}
    areas = {row["area"]: int(row["area_orders"]) for row in found}
    categories = {row["category"]: int(row["category_orders"]) for row in found}
    total = sum(areas.values())
    rows: list[dict[str, Cell]] = []
    for area in shown:
        for category in sorted(categories, key=lambda name: (-categories[name], name)):
            orders, a, c = cells.get((area, category), 0), areas[area], categories[category]
            residual = _residual(orders, a, c, total)
            rows.append({
                "area": area, "category": category, "orders": orders,
                "share_in_area": orders / a, "area_orders": a,
                "share_in_category": orders / c, "category_orders": c,
                "expected": a * c / total, "residual": residual,
                "stands_out": residual is not None and residual >= _NOTABLE and orders >= 5,
            })  # fmt: skip
    return rows


def _residual(orders: int, area: int, category: int, total: int) -> float | None:
    expected = area * category / total
    variance = expected * (1 - area / total) * (1 - category / total)
    return (orders - expected) / sqrt(variance) if variance > 0 else None


def _notes(
    found: list[dict[str, Any]], counts: dict[str, int], levels: tuple[str, str], hidden: int
) -> list[Note]:
    down, across = (LEVELS[level] for level in levels)
    left_out = counts[""] - sum(row["orders"] for row in found)
    notes = [
        Note(
            NoteKind.DEFINITION,
            f"“明显偏高”指标准化残差 ≥ {_NOTABLE:g} 且不少于 5 件："
            f"该{down}的这一{across}多得不能用{down}总量与{across}总量解释。",
        )
    ]
    if left_out:
        notes.append(Note(NoteKind.EXCLUDED, f"{left_out:,} 件缺少{down}或{across}，未计入表中。"))
    if hidden:
        notes.append(
            Note(
                NoteKind.SHOWN,
                f"只列工单最多的{down}，另有 {hidden:,} 个未列，表中合计不含（用 --top 增减）。",
            )
        )
    return notes


REPORT = Report(
    name="cross",
    title="区域 × 类别",
    summary="区域与类别的交叉表，标出明显偏高的组合",
    compute=compute,
    sql=sql,
    needs_labels=True,
    keys=("area", "category"),
    series=lambda query: {
        "area": (level := level_of(query, "street", _LEVELS)),
        "category": _across(level),
    },
    top_of="area",
    most=_MOST_AREAS,
    area_level="street",
    options=("by",),
)

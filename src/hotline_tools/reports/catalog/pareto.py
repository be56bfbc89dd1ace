"""``report pareto``: the few categories (or places, departments …) that make most of the orders."""

from typing import Any

from hotline_tools.reports.common import empty_notes, level_of, missing_notes, period_label, sum_of
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import RANK, Cell, ChartHint, Counts, Field, Note, NoteKind, ReportTable

_VITAL = 0.8


def sql(query: Query) -> str:
    """Return the statement."""
    return sql_text("pareto", level=level_of(query, "subcategory"))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an item, largest first, with its share and the cumulative share."""
    level = level_of(query, "subcategory")
    database.define("scope", scope(query, columns=(level,)))
    everything: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    found = [row for row in everything if row["item"] is not None]
    counts = {"": sum_of(everything, "orders"), level: sum_of(found, "orders")}
    rows = [_row(rank, row) for rank, row in enumerate(found, 1)]
    vital = sum(bool(row["vital"]) for row in rows)
    lacking = missing_notes(counts, {level: f"按{LEVELS[level]}的集中程度"})
    notes = [*empty_notes(counts[""]), *lacking]
    if rows:
        text = (
            f"{len(rows):,} 项中的 {vital:,} 项合计占 80%；"
            f"占比的分母是有{LEVELS[level]}的 {counts[level]:,} 件。"
        )
        notes.append(Note(NoteKind.DEFINITION, text))
    if rows and counts[level] < counts[""]:
        notes.append(
            Note(NoteKind.EXCLUDED, f"{counts[''] - counts[level]:,} 件没有{LEVELS[level]}，未计入。")
        )
    return ReportTable(
        report="pareto",
        title=f"诉求集中程度（按{LEVELS[level]}）",
        period=period_label(query),
        filters=query.described(),
        columns=(
            RANK,
            Field("item", LEVELS[level]),
            Field("orders", "工单数", "integer", "件"),
            Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
            Field("cumulative_orders", "累计", "integer", "件", comparable=False),
            Field(
                "cumulative_share",
                "累计占比",
                "rate",
                comparable=False,
                counts=Counts("cumulative_orders", "orders", of_total=True),
            ),
            Field("vital", "前八成", "boolean"),
            Field("rest", "八成以外", "boolean", machine=True),
        ),
        rows=rows[: query.top],
        totals={
            "orders": counts[level],
            "share": 1.0 if counts[level] else None,
            "items": len(rows),
            "vital_items": vital,
        },
        notes=notes,
        chart=ChartHint(
            "bars",
            label="item",
            value="orders",
            share="cumulative_share",
            line="cumulative_share",
            pale="rest",
        ),
        incomplete=bool(lacking),
    )


def _row(rank: int, row: dict[str, Any]) -> dict[str, Cell]:
    total, cumulative = int(row["all_orders"]), int(row["cumulative_orders"])
    return {
        "rank": rank,
        "item": row["item"],
        "orders": row["orders"],
        "share": row["orders"] / total,
        "cumulative_orders": cumulative,
        "cumulative_share": cumulative / total,
        "vital": (vital := (cumulative - row["orders"]) / total < _VITAL),
        "rest": not vital,
    }


REPORT = Report(
    name="pareto",
    title="诉求集中程度",
    summary="帕累托：哪几项合计占了八成",
    compute=compute,
    sql=sql,
    needs_labels=True,
    keys=("item",),
    series=lambda query: {"item": level_of(query, "subcategory")},
    options=("by",),
)

"""``report areas``: districts, streets, communities or grids by orders, and per 10,000 residents."""

from dataclasses import replace
from typing import Any

from hotline_tools.reports.common import (
    UNFILLED,
    any_filled,
    empty_notes,
    lacking_note,
    level_of,
    missing_notes,
    period_label,
    ranks,
    rate_cells,
    rate_fields,
    sum_of,
)
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.shared_rates import RateCoverage, rate_coverage, rated_orders, shared_rate
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import LEVELS, Database, Query, scope
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

AREA_LEVELS = ("street", "community", "district", "grid")
"""Without ``--by`` the first that any order has."""
_PER = 10_000
_RATE = "satisfied_rate"


def sql(query: Query) -> str:
    """Return the statement; figures per 10,000 residents are added afterwards (Python).

    Without ``by`` it is by street; ``compute`` takes another level when no order has a street.
    """
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    orders = rated_orders("active", query, (_RATE,), coverage)
    return sql_text("areas", level=level_of(query, "street", AREA_LEVELS), orders=orders)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an area; ranked per 10,000 residents with a population, else by orders.

    An area of the population file without orders is a row with 0.
    """
    database.define("scope", scope(query))
    database.define("active", active_scope(query, columns=()))
    level = level_of(query, _first_filled(database, query), AREA_LEVELS)
    coverage = rate_coverage(database, query, (_RATE,))
    statement = _statement(replace(query, by=level), coverage)
    found: list[dict[str, Any]] = database.query(statement).to_pylist()
    untold = bool(found) and not sum_of(found, "closing_told")
    counts = {
        "": sum_of(found, "orders"),
        level: sum_of([r for r in found if r["area"] is not None], "orders"),
    }
    rows = [_row(row, counts[""], query) for row in found]
    if query.population is not None and counts[level]:
        seen = {row["area"] for row in found}
        without = [name for name in query.population.residents if name not in seen]
        rows += [_row({"area": name, "orders": 0}, counts[""], query) for name in without]
    key = "per_10k" if query.population else "orders"
    rows = _ranked(rows, key)
    lacking = missing_notes(counts, {level: f"按{LEVELS[level]}的分布"})
    without_closings = [lacking_note("已办结件数", "closed_at", "status")] if untold else []
    return ReportTable(
        report="areas",
        title=f"诉求区域分布（按{LEVELS[level]}）",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(level, query),
        rows=rows[: query.top],
        totals={
            "orders": counts[""],
            "share": 1.0 if counts[""] else None,
            "placed": counts[level],
            "areas": sum(r["area"] is not None for r in found),
            "closed": None if untold else sum_of(found, "closed"),
            **rate_cells(_RATE, *(sum_of(found, f"{_RATE}_{end}") for end in ("numerator", "denominator"))),
        },
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            *without_closings,
            basis_note(query),
            *_notes(rows, counts, level, query),
        ],
        chart=ChartHint("bars", label="area", value=key, share="" if query.population else "share"),
        incomplete=bool(lacking),
    )


def _first_filled(database: Database, query: Query) -> str:
    """Return the default level: of all periods, so that two periods are compared on the same one."""
    if query.by is not None:
        return query.by
    whole = scope(replace(query, period=None), columns=())
    return next((level for level in AREA_LEVELS if any_filled(database, level, whole)), AREA_LEVELS[0])


def _columns(level: str, query: Query) -> tuple[Field, ...]:
    population = (
        Field("residents", "人口", "integer", "人"),
        Field("per_10k", "每万人工单数", "number", "件"),
    )
    return (
        RANK,
        Field("area", LEVELS[level]),
        Field("orders", "工单数", "integer", "件"),
        Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
        *(population if query.population else ()),
        Field("callers", "不同来电人", "integer", "人"),
        Field("closed", "已办结", "integer", "件"),
        *rate_fields(_RATE, shared_rate(_RATE, profile_of(query)).label),
        Field("top_category", "最多的类别"),
        # Another period may have another largest category: its share is no earlier value of this one.
        *(replace(field, comparable=False) for field in rate_fields("top_category_share", "该类占比")),
    )


def _row(row: dict[str, Any], total: int, query: Query) -> dict[str, Cell]:
    residents = query.population.residents.get(row["area"] or "") if query.population else None
    largest = row.get("top_category_orders")
    return {
        "area": row["area"] or UNFILLED,
        ROW_KIND: RowKind.UNFILLED if row["area"] is None else None,
        "orders": row["orders"],
        "share": row["orders"] / total if total else None,
        "residents": residents,
        "per_10k": row["orders"] * _PER / residents if residents else None,
        "callers": row["callers"] if row.get("with_caller") else None,
        "closed": row["closed"] if row.get("closing_told") else None,
        **rate_cells(_RATE, *(row.get(f"{_RATE}_{end}") for end in ("numerator", "denominator"))),
        "top_category": row.get("top_category"),
        **rate_cells("top_category_share", largest, None if largest is None else row["orders"]),
    }


def _ranked(rows: list[dict[str, Cell]], key: str) -> list[dict[str, Cell]]:
    """Sort by ``key``, largest first; what has no figure comes last and has no rank."""
    placed = [row for row in rows if row[key] is not None and not row[ROW_KIND]]
    others = [row for row in rows if row[key] is None or row[ROW_KIND]]
    figures = [float(str(row[key])) for row in placed]
    ordered = sorted(zip(ranks(figures), placed, strict=True), key=lambda pair: pair[0])
    return [{"rank": rank, **row} for rank, row in ordered] + [{"rank": None, **row} for row in others]


def _notes(rows: list[dict[str, Cell]], counts: dict[str, int], level: str, query: Query) -> list[Note]:
    notes = [
        Note(
            NoteKind.DEFINITION,
            f"占比 = 该区域工单数 ÷ 范围内全部工单数（{counts['']:,} 件，含未填写的）。",
        )
    ]
    if query.by is None and level != AREA_LEVELS[0]:
        first = "、".join(LEVELS[name] for name in AREA_LEVELS[: AREA_LEVELS.index(level)])
        notes.append(Note(NoteKind.SCOPE, f"数据中没有{first}，按{LEVELS[level]}统计；可用 --by 指定。"))
    if query.population is not None:
        unknown = [str(row["area"]) for row in rows if row["residents"] is None and not row[ROW_KIND]]
        if unknown:
            notes.append(Note(NoteKind.MISSING, f"人口数据里没有：{'、'.join(unknown[:10])}；不参与排名。"))
        if query.period is not None:
            notes.append(
                Note(NoteKind.DEFINITION, f"每万人工单数是 {query.period.days} 天的累计，不是年率。")
            )
    if 0 < counts[level] < counts[""]:
        unfilled = counts[""] - counts[level]
        text = f"{unfilled:,} 件没有{LEVELS[level]}，列为“未填写”，不参与排名。"
        notes.append(Note(NoteKind.SHOWN, text))
    return notes


REPORT = Report(
    name="areas",
    title="诉求区域分布",
    summary="区县、镇街、社区、网格的工单数与占比；给人口数据时按每万人排名",
    compute=compute,
    sql=sql,
    touches=("labels", "satisfaction", "status"),
    keys=("area",),
    series=lambda query: {"area": query.by or f"coalesce({', '.join(AREA_LEVELS)})"},
    area_level="community",
    options=("by", "population", "profile", "as_of", "basis"),
    figures=shared("closed", _RATE, orders="received"),
)

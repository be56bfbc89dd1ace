"""``report trend``: orders per day, ISO week, month or quarter, in all or by any level."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.common import UNFILLED, empty_notes, level_of, missing_notes, period_label, sum_of
from hotline_tools.reports.compare.variation import WORKDAYS
from hotline_tools.reports.covered_days import counted_days, extent
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import LEVELS, Database, Granularity, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.time_steps import NAMES, Step, fitting, floor, steps
from hotline_tools.sql import literal
from hotline_tools.table import ROW_KIND, Cell, ChartHint, Field, Note, NoteKind, ReportTable, RowKind

_MOST_SERIES = 8
_ALL = "全部"
_DAY = timedelta(days=1)


def sql(query: Query) -> str:
    """Return the statement; without ``granularity`` and period it counts by month."""
    return _statement(query, query.granularity or _unit(query, None))


def _statement(query: Query, unit: Granularity) -> str:
    series, moment, orders = "NULL", "CAST(received_at AS DATE)", "count(*)"
    if query.by is not None:  # days of many series are too many groups, and days are cut sooner than times
        series, moment = level_of(query, "category"), f"date_trunc({literal(unit)}, {moment})"
    elif counted_days(query) is not None:
        moment, orders = "day", "sum(orders)"
    return sql_text("trend", moment=moment, unit=literal(unit), series=series, orders=orders)


def _unit(query: Query, days: tuple[date, date] | None) -> Granularity:
    if days is not None:
        return fitting((days[1] - days[0]).days)
    return fitting(query.period.days) if query.period else "month"


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a step and series, oldest first; a step without orders is a row with 0.

    With ``by`` the largest series are kept (``top``, else 8) and the others are one series.
    """
    counted = counted_days(query) if query.by is None else None
    database.define("scope", counted or scope(query, columns=(query.by,)))
    days = extent(database, query)
    unit = query.granularity or _unit(query, days)
    everything: list[dict[str, Any]] = database.query(_statement(query, unit)).to_pylist()
    found = [row for row in everything if row["start"] is not None]
    counts = {"": sum_of(everything, "orders"), "received_at": sum_of(found, "orders")}
    axis = steps(*days, unit) if days and found else []
    calendar = profile_of(query).calendar
    workdays = [calendar.working_days_between(step.first - _DAY, step.last) for step in axis]
    rows = _rows(list(zip(axis, workdays, strict=True)), *_folded(found, query), unit)
    columns = (
        Field("step", NAMES[unit]),
        Field("position", "第几步", "integer", machine=True, comparable=False),
        *([Field("series", LEVELS[query.by])] if query.by else []),
        Field("orders", "工单数", "integer", "件"),
        Field(
            "change",
            "较前一日增减" if unit == "day" else f"较上{NAMES[unit]}增减",
            "integer",
            "件",
            comparable=False,
            signed=True,
        ),
        Field("days", "天数", "integer", "天", comparable=False),
        Field(WORKDAYS, "其中工作日", "integer", "天", comparable=False, machine=True),
        Field("per_day", "日均", "number", "件"),
        Field("whole", "是否完整", "boolean"),
    )
    return ReportTable(
        report="trend",
        title=f"诉求量走势（按{NAMES[unit]}）",
        period=period_label(query),
        filters=query.described(),
        columns=columns,
        rows=rows,
        totals={"orders": counts[""], "dated": counts["received_at"], "steps": len(axis)},
        notes=_notes(counts, axis),
        chart=ChartHint(
            "lines", label="step", value="orders", series="series" if query.by else "", whole="whole"
        ),
        incomplete=bool(counts[""]) and not counts["received_at"],
    )


def _folded(found: list[dict[str, Any]], query: Query) -> tuple[dict[str, Counter[date]], str]:
    """Return series → start → orders, largest first, and the name under which the small ones are one."""
    series: dict[str, Counter[date]] = {}
    for row in found:
        name = _ALL if query.by is None else row["series"] or UNFILLED
        series.setdefault(name, Counter())[row["start"]] += row["orders"]
    ordered = sorted(series, key=lambda name: (-series[name].total(), name))
    most = query.top or _MOST_SERIES
    kept = {name: series[name] for name in ordered[:most]}
    small = ordered[most:]
    rest = f"其余 {len(small):,} 项" if small else ""
    if small:
        kept[rest] = sum((series[name] for name in small), Counter())
    return kept, rest


def _rows(
    axis: list[tuple[Step, int]], series: dict[str, Counter[date]], rest: str, unit: Granularity
) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for name, counts in series.items():
        before: int | None = None
        for position, (step, workdays) in enumerate(axis, 1):
            orders = counts[floor(step.start, unit)]
            change = orders - before if before is not None and step.is_whole else None
            per_day = orders / step.days
            rows.append(
                {
                    "step": step.label,
                    "position": position,
                    "series": name,
                    ROW_KIND: RowKind.REST if name == rest else None,
                    "orders": orders,
                    "change": change,
                    "days": step.days,
                    WORKDAYS: workdays,
                    "per_day": per_day,
                    "whole": step.is_whole,
                }
            )
            before = orders if step.is_whole else None
    return rows


def _notes(counts: dict[str, int], axis: list[Step]) -> list[Note]:
    notes = empty_notes(counts[""]) + missing_notes(counts, {"received_at": "走势"})
    undated = counts[""] - counts["received_at"]
    if undated and axis:
        notes.append(Note(NoteKind.EXCLUDED, f"{undated:,} 件没有受理时间，未计入走势。"))
    cut = [step.label for step in axis if not step.is_whole]
    if cut:
        notes.append(Note(NoteKind.QUALITY, f"{'、'.join(cut)} 只含部分天数，不与前后直接比较，请看日均。"))
    return notes


REPORT = Report(
    name="trend",
    title="诉求量走势",
    summary="按日、周、月、季的工单数，可按任一层级分线",
    compute=compute,
    sql=sql,
    keys=("position", "series"),
    series=lambda query: {"series": level_of(query, "category")} if query.by else {},
    top_of="series",
    is_whole=lambda query: query.by is None,
    most=_MOST_SERIES,
    options=("by", "granularity"),
    figures=shared(orders="received"),
)

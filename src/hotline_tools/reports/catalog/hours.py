"""``report hours``: when people call, weekday × hour."""

from datetime import date
from typing import Any

from hotline_tools.reports.common import empty_notes, missing_notes, period_label, sum_of
from hotline_tools.reports.covered_days import extent
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import Cell, ChartHint, Counts, Field, Grid, Note, NoteKind, ReportTable

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DATE_ONLY_SHARE = 0.01
"""From this share on, times of 00:00:00 sharp are read as dates without a time of day."""
_FEW_DAYS = 26
"""Where each weekday comes up more often than in half a year, one more or less is nothing."""


def sql(_query: Query) -> str:
    """Return the statement."""
    return sql_text("hours")


def compute(database: Database, query: Query) -> ReportTable:
    """Return 168 rows, Monday 0 h to Sunday 23 h; none when no order has a time of day."""
    database.define("scope", scope(query, columns=()))
    everything: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    found = [row for row in everything if row["weekday"] is not None]
    counts = {"": sum_of(everything, "orders"), "received_at": sum_of(found, "orders")}
    midnight = sum_of(found, "midnight")
    dropped = midnight if midnight > _DATE_ONLY_SHARE * counts["received_at"] else 0
    cells = {
        (row["weekday"], row["hour"]): row["orders"] - (row["midnight"] if dropped else 0) for row in found
    }
    total = sum(cells.values())
    notes = empty_notes(counts[""]) + missing_notes(counts, {"received_at": "时段分布"})
    if dropped:
        notes.append(
            Note(NoteKind.EXCLUDED, f"{dropped:,} 件的受理时间只有日期、没有时刻（都是 00:00:00），未计入。")
        )
    days = extent(database, query)
    if total and days is not None and (unequal := _unequal(days)):
        notes.append(unequal)
    if counts[""] and counts["received_at"] and not total:
        notes.append(Note(NoteKind.MISSING, "无法计算时段分布：受理时间都没有时刻。"))
    return ReportTable(
        report="hours",
        title="诉求时段分布",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("weekday", "星期"),
            Field("hour", "时", "integer"),
            Field("orders", "工单数", "integer", "件"),
            Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
            Field("days", "天数", "integer", "天", comparable=False),
            Field("per_day", "每天", "number", "件"),
        ),
        rows=_rows(cells, total, days),
        totals={"orders": total, "share": 1.0 if total else None, "left_out": counts[""] - total},
        notes=notes,
        chart=ChartHint("heat", label="hour", value="orders", series="weekday"),
        grid=Grid(down="weekday", across="hour", value="orders"),
        incomplete=bool(counts[""]) and not total,
    )


def _days_of(days: tuple[date, date]) -> list[int]:
    """Return how many days of each weekday there are from the first day to, not with, the end."""
    first, end = days
    weeks, more = divmod((end - first).days, len(WEEKDAYS))
    return [weeks + ((weekday - first.weekday()) % len(WEEKDAYS) < more) for weekday in range(len(WEEKDAYS))]


def _unequal(days: tuple[date, date]) -> Note | None:
    """Return the note that some weekdays come up more often, where that is much of their number."""
    numbers = _days_of(days)
    least, most = min(numbers), max(numbers)
    if not 0 < least < most or most > _FEW_DAYS:
        return None
    often = "、".join(name for name, number in zip(WEEKDAYS, numbers, strict=True) if number == most)
    text = f"{often}各有 {most} 天，其余 {least} 天：各天的总数不能直接相比，请看文件里的“每天”。"
    return Note(NoteKind.SCOPE, text)


def _rows(
    cells: dict[tuple[int, int], int], total: int, days: tuple[date, date] | None
) -> list[dict[str, Cell]]:
    """Return a row for each hour of the week; ``per_day`` divides by the days of that weekday."""
    if not total or days is None:
        return []
    numbers = _days_of(days)
    rows: list[dict[str, Cell]] = []
    for weekday, name in enumerate(WEEKDAYS):
        number = numbers[weekday]
        for hour in range(24):
            orders = cells.get((weekday, hour), 0)
            rows.append({"weekday": name, "hour": hour, "orders": orders, "share": orders / total,
                         "days": number, "per_day": orders / number if number else None})  # fmt: skip
    return rows


REPORT = Report(
    name="hours",
    title="诉求时段分布",
    summary="星期 × 小时的热力图",
    compute=compute,
    sql=sql,
    keys=("weekday", "hour"),
    is_whole=lambda _: True,
    series=lambda _: {"hour": "hour(received_at)"},
)

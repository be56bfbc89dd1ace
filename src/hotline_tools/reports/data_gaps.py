"""What the days of the orders say: orders without a time, with another time in its place, and data gaps."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hotline_tools.day_counts import IS_INFERRED
from hotline_tools.reports.compare.periods import base_periods
from hotline_tools.reports.coverage import source_labels
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.gaps import LONG, WINDOW, Gap, gaps
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, filter_conditions, period_conditions, view_of
from hotline_tools.reports.registry import Report
from hotline_tools.reports.unread_values import MISLEADING
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind

_SHOWN = 3
_DAY = timedelta(days=1)


def day_notes(report: Report, database: Database, query: Query) -> list[tuple[Note, bool]]:
    """Return the notes of one look at the days of the orders, and whether each makes figures mislead."""
    periods = _periods(report, query)
    rows: list[dict[str, Any]] = database.query(_statement(query, periods)).to_pylist()
    dated = [row for row in rows if row["day"] is not None]
    inside = [row for row in dated if query.period is None or _within(row["day"], query.period)]
    asked = sum(row["asked"] for row in inside)
    notes = []
    undated = sum(row["asked"] for row in rows if row["day"] is None)
    if undated and query.period is not None:
        text = f"另有 {undated:,} 件没有受理时间，无法归入时间段，未计入。"
        notes.append((Note(NoteKind.EXCLUDED, text), undated >= MISLEADING * (undated + asked)))
    if inferred := sum(row["inferred"] for row in inside):
        text = f"{inferred:,} 件的导出没有受理时间，以其最早的派单、签收、联系、办结或回访时间代替。"
        notes.append((Note(NoteKind.QUALITY, text), False))
    return notes + _gap_notes(database, dated, periods)


def _periods(report: Report, query: Query) -> list[Period]:
    """Return the periods that the report looks at: its own and the one that it is compared with."""
    if query.period is None:
        return []
    compared = query.compare is not None and not report.compares_itself
    bases = base_periods(report, query) if compared else []
    return [query.period, *(period for _, period in bases)]


def _statement(query: Query, periods: list[Period]) -> str:
    """Return the SELECT of the orders of each source and day, of the periods and the weeks beside them."""
    conditions = filter_conditions(query)
    if not conditions:  # as counted when the months were written: no order is read
        spans = [f"day >= {literal(p.start)} AND day < {literal(p.end)}" for p in map(_widened, periods)]
        return (
            f"SELECT source, day, orders, orders AS asked, inferred FROM received_days{_where('day', spans)}"
        )
    asked = " AND ".join(conditions)
    spans = [" AND ".join(period_conditions(_widened(period))) for period in periods]
    return (
        "SELECT source, CAST(received_at AS DATE) AS day, count(*) AS orders, "
        f"count(*) FILTER (WHERE {asked}) AS asked, "
        f"count(*) FILTER (WHERE {asked} AND {IS_INFERRED}) AS inferred "
        f"FROM {view_of(query, ())}{_where('received_at', spans)} GROUP BY 1, 2"
    )


def _where(time: str, spans: list[str]) -> str:
    """Return the WHERE of what lies in one of the spans or has no time at all; without spans, of all."""
    return f" WHERE {time} IS NULL OR {' OR '.join(f'({span})' for span in spans)}" if spans else ""


def _widened(period: Period) -> Period:
    """Return the period with the weeks on either side that say what is usual."""
    return Period(period.start - WINDOW * _DAY, period.end + WINDOW * _DAY, period.text)


def _gap_notes(
    database: Database, dated: list[dict[str, Any]], periods: list[Period]
) -> list[tuple[Note, bool]]:
    """Return one note for each source in scope and period that has gaps.

    Each period is looked at by itself, so that every report says the same of it, whatever it is compared to.
    """
    known = received_days(database)
    if known is None:
        return []
    days: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for row in dated:
        days[row["source"] or ""][row["day"]] += row["orders"]
    end = known[1] + _DAY
    notes = []
    for source in sorted({row["source"] or "" for row in dated if row["asked"]}):
        if not periods and (found := gaps(source, days[source], end)):
            notes.append((_gap_note(source, found), False))
        for period in periods:
            if found := _gaps_in(source, days[source], period, end):
                notes.append((_gap_note(source, found), any(gap.days >= LONG for gap in found)))
    return notes


def _gaps_in(source: str, days: Counter[date], period: Period, end: date) -> list[Gap]:
    """Return the parts in a period of a source's gaps, as the weeks on either side of it show them."""
    widened = _widened(period)
    near = {day: orders for day, orders in days.items() if _within(day, widened)}
    cut = [_cut(gap, period) for gap in gaps(source, near, min(end, widened.end))]
    return [gap for gap in cut if gap is not None]


def _cut(gap: Gap, period: Period) -> Gap | None:
    """Return the part of a gap that lies in a period."""
    first, last = max(gap.first, period.start), min(gap.last, period.end - _DAY)
    if first > last:
        return None
    days = (last - first).days + 1
    return replace(gap, first=first, last=last, usual=gap.usual * days / gap.days)


def _gap_note(source: str, found: list[Gap]) -> Note:
    parts = "、".join(_said(gap) for gap in found[:_SHOWN])
    more = f"等 {len(found):,} 段" if len(found) > _SHOWN else ""
    called = source_labels([source])[source]
    text = f"{called}疑似缺数据：{parts}{more}；件数、占比和升降会因此有偏差，请核对是否漏导。"
    return Note(NoteKind.GAP, text)


def _said(gap: Gap) -> str:
    when = f"{gap.first}" if gap.days == 1 else f"{gap.first} 至 {gap.last}"
    later = "，此后再无工单" if gap.ends else ""
    return f"{when} 没有工单（{gap.days:,} 天，平常约 {gap.usual:,.0f} 件{later}）"


def _within(day: date, period: Period) -> bool:
    return period.start <= day < period.end

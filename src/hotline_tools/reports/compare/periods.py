"""Which two periods are compared: the base asked for, cut to the same days where the data end early."""

from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tools.errors import UsageError
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import Report
from hotline_tools.table import Note, NoteKind

_DAY = timedelta(days=1)
_GAP = 0.05
"""A base period that lacks this share of its first days is called incomplete."""
_NAMES = {"previous": "环比", "last-year": "同比"}


@dataclass(frozen=True)
class Span:
    """The two periods that are really compared, and what to say about them."""

    now: Period
    then: Period
    notes: tuple[Note, ...]


def spans(report: Report, query: Query, first: date | None, last: date | None) -> Span:
    """Settle the periods: one that the store covers only in part is compared by the same days."""
    then = base_period(report, query)
    now = query.period
    assert now is not None
    text = f"{_NAMES.get(str(query.compare), '对比')}：{now.label} 对 {then.label}。"
    notes = [Note(NoteKind.SCOPE, text)]
    end = last + _DAY if last is not None else now.end
    if query.as_of is not None:
        end = max((query.as_of - timedelta(microseconds=1)).date(), now.start) + _DAY
    if now.start < end < now.end:
        days = (end - now.start).days
        now = Period(now.start, end, f"{now.start}..{end - _DAY}")
        until = min(then.end, then.start + days * _DAY)
        then = Period(then.start, until, f"{then.start}..{until - _DAY}")
        text = f"本期数据只到 {end - _DAY}，时间段未满：与对比期的同样 {days:,} 天（{then.label}）比。"
        notes.append(Note(NoteKind.SCOPE, text))
    if now.days != then.days:
        text = f"两期天数不同（{now.days:,} 天与 {then.days:,} 天），件数的偶然性按日均判断。"
        notes.append(Note(NoteKind.SCOPE, text))
    if first is not None and first < then.end and (first - then.start).days > then.days * _GAP:
        notes.append(Note(NoteKind.QUALITY, f"对比期数据不全：库中最早的工单在 {first}，增幅会偏大。"))
    return Span(now, then, tuple(notes))


def base_period(report: Report, query: Query) -> Period:
    """Return the period to compare with; raise ``UsageError`` where the report or the query has none."""
    if not report.keys:
        raise UsageError(
            f"{report.name} 逐条列出工单、事项或明细，两个时间段没有同一行可以相减，不能对比",
            remedy="请去掉 --compare；要看升降，用 movers、trend、categories 或 departments 加 --compare。",
        )
    if query.period is None:
        raise UsageError("对比需要时间段", remedy="请用 --period 写明本期，例如 --period 2025-06。")
    if isinstance(query.compare, Period):
        return query.compare
    return query.period.previous() if query.compare == "previous" else query.period.last_year()

"""Ask a report: computed once, or twice and compared when the query says so.

The command line, the briefings and the batch jobs come through here, so that every report whose
rows have keys can be compared.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hotline_tools.errors import UsageError
from hotline_tools.reports.absent import absent_notes
from hotline_tools.reports.compare import Base, compare, first_rows
from hotline_tools.reports.heed import check_options
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, period_conditions
from hotline_tools.reports.registry import Report
from hotline_tools.reports.span import received_days
from hotline_tools.table import ReportTable

_DAY = timedelta(days=1)
_GAP = 0.05
"""A base period that lacks this share of its first days is called incomplete."""
_NAMES = {"previous": "环比", "last-year": "同比"}


@dataclass(frozen=True)
class Span:
    """The two periods that are really compared, and what to say about them."""

    now: Period
    then: Period
    notes: tuple[str, ...]


def answer(report: Report, database: Database, query: Query) -> ReportTable:
    """Return the report's table, compared with another period when ``query.compare`` is set.

    Raises ``UsageError`` when there is no period to compare, the report's rows have no keys, or it does not
    use an option that was given.
    """
    check_options(report, query)
    table = _computed(report, database, query)
    notes = [note for note in absent_notes(database, query) if note not in table.notes]
    return replace(table, notes=[*notes, *table.notes]) if notes else table


def _computed(report: Report, database: Database, query: Query) -> ReportTable:
    if query.compare is None or report.compares_itself:
        return report.compute(database, query)
    span = spans(report, query, *(received_days(database) or (None, None)))
    # Both sides are computed whole: a row outside the first N of one may be among those of the other.
    now_query = replace(query, period=span.now, compare=None, top=None)
    then_query = replace(now_query, period=span.then, as_of=_moved(query.as_of, span))
    now, then = report.compute(database, now_query), report.compute(database, then_query)
    base = Base(
        label=span.then.label,
        days_now=span.now.days,
        days_then=span.then.days,
        notes=span.notes,
        empty=not _has_orders(database, span.then),
    )
    compared = compare(now, then, report.keys, base)
    if base.empty:
        compared.notes.append(f"库中没有 {base.label} 的工单，无从对比。")
    rows = first_rows(compared.rows, query.top)
    if len(rows) < len(compared.rows):
        compared.notes.append(f"共 {len(compared.rows):,} 行，只列前 {query.top:,} 行（分组的按组）。")
    incomplete = compared.incomplete or base.empty
    filters = {**compared.filters, **query.described()}
    return replace(compared, rows=rows, filters=filters, incomplete=incomplete)


def statements(report: Report, query: Query) -> str:
    """Return the SQL that ``answer`` runs: one statement, or one for each of two periods."""
    check_options(report, query)
    if query.compare is None or report.compares_itself:
        return report.sql(query)
    base = _base_period(report, query)
    now = replace(query, compare=None, top=None)
    return (
        f"-- 本期（数据未满的时间段按同样天数截取）\n{report.sql(now)};\n\n"
        f"-- 对比期\n{report.sql(replace(now, period=base))};"
    )


def spans(report: Report, query: Query, first: date | None, last: date | None) -> Span:
    """Settle the periods: one that the store covers only in part is compared by the same days."""
    then = _base_period(report, query)
    now = query.period
    assert now is not None
    notes = [f"{_NAMES.get(str(query.compare), '对比')}：{now.label} 对 {then.label}。"]
    end = last + _DAY if last is not None else now.end
    if query.as_of is not None:
        end = max((query.as_of - timedelta(microseconds=1)).date(), now.start) + _DAY
    if now.start < end < now.end:
        days = (end - now.start).days
        now = Period(now.start, end, f"{now.start}..{end - _DAY}")
        until = min(then.end, then.start + days * _DAY)
        then = Period(then.start, until, f"{then.start}..{until - _DAY}")
        notes.append(f"本期数据只到 {end - _DAY}，时间段未满：与对比期的同样 {days:,} 天（{then.label}）比。")
    if now.days != then.days:
        notes.append(f"两期天数不同（{now.days:,} 天与 {then.days:,} 天），件数的偶然性按日均判断。")
    if first is not None and first < then.end and (first - then.start).days > then.days * _GAP:
        notes.append(f"对比期数据不全：库中最早的工单在 {first}，增幅会偏大。")
    return Span(now, then, tuple(notes))


def _base_period(report: Report, query: Query) -> Period:
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


def _moved(as_of: datetime | None, span: Span) -> datetime | None:
    """Keep the same distance between a period's end and the moment of its count."""
    if as_of is None:
        return None
    return datetime.combine(span.then.end, time()) + (as_of - datetime.combine(span.now.end, time()))


def _has_orders(database: Database, period: Period) -> bool:
    """Tell an import that is not there from a count that is zero."""
    when = " AND ".join(period_conditions(period))
    return bool(database.query(f"SELECT 1 AS one FROM stored_orders WHERE {when} LIMIT 1").num_rows)

"""Ask a report: computed once, or twice and compared when the query says so.

The command line, the briefings and the batch jobs come through here, so that every report whose
rows have keys can be compared.
"""

from dataclasses import replace
from datetime import datetime, time

from hotline_tools.reports.compare.history import history_statement, known_variation
from hotline_tools.reports.compare.periods import Span, base_period, spans
from hotline_tools.reports.compare.tables import Base, compare, first_rows
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.options import check_options
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, period_conditions, scope
from hotline_tools.reports.registry import Report
from hotline_tools.reports.unmatched import unmatched_notes
from hotline_tools.schema import QualityFlag
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind, ReportTable


def run_report(report: Report, database: Database, query: Query) -> ReportTable:
    """Return the report's table, compared with another period when ``query.compare`` is set.

    Raises ``UsageError`` when there is no period to compare, the report's rows have no keys, or it does not
    use an option that was given.
    """
    check_options(report, query)
    table = _computed(report, database, query)
    asked = [*unmatched_notes(database, query), *_inferred_notes(database, query)]
    notes = [note for note in asked if note not in table.notes]
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
        variation=known_variation(report, database, now_query, span.then),
        notes=span.notes,
        empty=not _has_orders(database, span.then),
    )
    compared = compare(now, then, report.keys, base)
    if base.empty:
        compared.notes.append(Note(NoteKind.MISSING, f"库中没有 {base.label} 的工单，无从对比。"))
    rows = first_rows(compared.rows, query.top)
    if len(rows) < len(compared.rows):
        cut = f"共 {len(compared.rows):,} 行，只列前 {query.top:,} 行（分组的按组）。"
        compared.notes.append(Note(NoteKind.SHOWN, cut))
    incomplete = compared.incomplete or base.empty
    filters = {**compared.filters, **query.described()}
    return replace(compared, rows=rows, filters=filters, incomplete=incomplete)


def _inferred_notes(database: Database, query: Query) -> list[Note]:
    """Tell how many orders in scope have another of their times in place of the time of receipt."""
    flagged = f"quality_flags LIKE {literal(f'%{QualityFlag.RECEIVED_INFERRED}%')}"
    orders = scope(query, columns=("quality_flags",))
    found = database.query(f"SELECT count(*) AS orders FROM ({orders}) WHERE {flagged}").to_pylist()[0][
        "orders"
    ]
    text = f"{found:,} 件的导出没有受理时间，以其最早的派单、签收、联系、办结或回访时间代替。"
    return [Note(NoteKind.QUALITY, text)] if found else []


def statements(report: Report, query: Query) -> str:
    """Return the SQL that ``run_report`` runs: one statement, or one for each of two periods."""
    check_options(report, query)
    if query.compare is None or report.compares_itself:
        return report.sql(query)
    base = base_period(report, query)
    now = replace(query, compare=None, top=None)
    history = history_statement(report, now)
    return (
        f"-- 本期（数据未满的时间段按同样天数截取）\n{report.sql(now)};\n\n"
        f"-- 对比期\n{report.sql(replace(now, period=base))};\n\n"
        f"-- 本期之前各行逐日件数（判断变化是否偶然）\n{history};"
    )


def _moved(as_of: datetime | None, span: Span) -> datetime | None:
    """Keep the same distance between a period's end and the moment of its count."""
    if as_of is None:
        return None
    return datetime.combine(span.then.end, time()) + (as_of - datetime.combine(span.now.end, time()))


def _has_orders(database: Database, period: Period) -> bool:
    """Tell an import that is not there from a count that is zero."""
    when = " AND ".join(period_conditions(period))
    return bool(database.query(f"SELECT 1 AS one FROM stored_orders WHERE {when} LIMIT 1").num_rows)

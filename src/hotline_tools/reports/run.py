"""Ask a report: computed once, or once more for each base and compared when the query says so.

The command line, the briefings and the batch jobs come through here, so that every report whose
rows have keys can be compared.
"""

from dataclasses import replace
from datetime import datetime, time

from hotline_tools.reports.common import empty_notes
from hotline_tools.reports.compare.history import history_statement, known_variation
from hotline_tools.reports.compare.periods import Span, base_periods, spans
from hotline_tools.reports.compare.tables import Base, compare, first_rows
from hotline_tools.reports.covered_days import has_orders, received_days
from hotline_tools.reports.freshness import freshness
from hotline_tools.reports.namesakes import namesake_notes, with_namesakes
from hotline_tools.reports.options import check_options
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report
from hotline_tools.reports.unmatched import unmatched_notes
from hotline_tools.reports.unranked import unranked
from hotline_tools.table import Note, NoteKind, ReportTable

_EVERYTHING = 1_000_000_000
"""A ``top`` that cuts nothing, for reports that show a number of their own without one."""


def run_report(report: Report, database: Database, query: Query) -> ReportTable:
    """Return the report's table, compared with other periods when ``query.compare`` is set.

    Raises ``UsageError`` when there is no period to compare, the report's rows have no keys, it does not use
    an option that was given, or a filter's value is unknown to the store.
    """
    check_options(report, query)
    query = with_namesakes(report, database, query)
    uncut = _uncut(report, query)
    query = replace(query, top=None) if uncut else query
    unmatched = unmatched_notes(database, query)  # refused before the work, not after it
    table = unranked(_computed(report, database, query), query)
    fresh = freshness(report, database, query)
    asked = [*unmatched, *namesake_notes(report, query), *fresh.notes, *uncut]
    notes = [note for note in asked if note not in table.notes]
    incomplete = table.incomplete or fresh.misleading
    return _with_earlier_orders(replace(table, notes=[*notes, *table.notes], incomplete=incomplete))


def _uncut(report: Report, query: Query) -> list[Note]:
    """Say that ``--top`` cuts nothing of a report whose rows are parts of one whole."""
    if query.top is None or not report.is_whole(query):
        return []
    return [Note(NoteKind.SHOWN, "各行是一个整体，不按 --top 截取，全部列出。")]


def _with_earlier_orders(table: ReportTable) -> ReportTable:
    """Say of a table in whose period no order was received what it shows: orders from before."""
    (empty,) = empty_notes(0)
    if empty not in table.notes or not _has_figures(table):
        return table
    told = Note(NoteKind.SCOPE, "时间段内没有受理的工单，所列是此前受理的。")
    return replace(table, notes=[told if note == empty else note for note in table.notes])


def _has_figures(table: ReportTable) -> bool:
    """Whether some row has a number that is not zero, or rows have none at all."""
    numbers = [value for row in table.rows for value in row.values() if isinstance(value, int | float)]
    return any(numbers) or (bool(table.rows) and not numbers)


def _computed(report: Report, database: Database, query: Query) -> ReportTable:
    if query.compare is None or report.compares_itself:
        return report.compute(database, query)
    found = spans(report, query, *(received_days(database) or (None, None)))
    # All sides are computed whole: a row outside the first N of one may be among those of another.
    everything = _EVERYTHING if report.most is not None else None
    now_query = replace(query, period=found[0].now, compare=None, top=everything)
    now = report.compute(database, now_query)
    if not has_orders(database, found[0].now):
        text = f"库中没有 {found[0].now.label} 的工单，无从对比。"
        return replace(now, notes=[*now.notes, Note(NoteKind.MISSING, text)], incomplete=True)
    sides = [_side(report, database, now_query, span) for span in found]
    compared = compare(now, sides[0][0], report.keys, sides[0][1], *sides[1:])
    top = query.top or report.most
    rows = first_rows(compared.rows, top, of=report.top_of, within=report.top_within)
    if len(rows) < len(compared.rows):
        shown = (
            f"前 {top:,} 个{compared.column(report.top_of).label}的" if report.top_of else f"前 {top:,} 行"
        )
        cut = f"共 {len(compared.rows):,} 行，只列{shown}（分组的按组）。"
        compared.notes.append(Note(NoteKind.SHOWN, cut))
    incomplete = compared.incomplete or any(base.empty for _, base in sides)
    filters = {name: value for name, value in compared.filters.items() if name != "top"} | query.described()
    return replace(compared, rows=rows, filters=filters, incomplete=incomplete)


def _side(report: Report, database: Database, now: Query, span: Span) -> tuple[ReportTable, Base]:
    """Return the report's answer for a base, and what there is to say about it."""
    empty = not has_orders(database, span.then)
    lacking = [Note(NoteKind.MISSING, f"库中没有 {span.then.label} 的工单，无从对比。")] if empty else []
    base = Base(
        label=span.then.label,
        variation=known_variation(report, database, now, span.then),
        notes=(*span.notes, *lacking),
        empty=empty,
        naming=span.naming,
    )
    return report.compute(database, replace(now, period=span.then, as_of=moved(now.as_of, span))), base


def statements(report: Report, query: Query) -> str:
    """Return the SQL that ``run_report`` runs: one statement, or one for each period."""
    check_options(report, query)
    if query.compare is None or report.compares_itself:
        return report.sql(query)
    now = replace(query, compare=None, top=None)
    parts = [f"-- 本期（数据未满的时间段按同样天数截取）\n{report.sql(now)};"]
    for naming, base in base_periods(report, query):
        parts.append(f"-- {naming.then}\n{report.sql(replace(now, period=base))};")
    parts.append(f"-- 本期之前各行逐日件数（判断变化是否偶然）\n{history_statement(report, now)};")
    return "\n\n".join(parts)


def moved(as_of: datetime | None, span: Span) -> datetime | None:
    """Keep the same distance between a period's end and the moment of its count."""
    if as_of is None:
        return None
    return datetime.combine(span.then.end, time()) + (as_of - datetime.combine(span.now.end, time()))

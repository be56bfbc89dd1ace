"""Shares of a printed list: each is that of its own count; where they do not sum to 100 %, a note says so.

One rule for every form: a share reads the same in text, table, slide and workbook, and equal counts have
equal shares. (Dealing out the remainders made them sum to 100 %, but gave 9 of 115 orders 7.8 % in one row
and 7.7 % in the next, and 4.6 % on a slide where the workbook said 4.5 %.)
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from hotline_tools.render.values import people_columns
from hotline_tools.rounding import rounded
from hotline_tools.table import Field, Note, NoteKind, ReportTable

_UNITS = 1000
"""People read shares in tenths of a per cent."""
_NOTE = "各项占比分别四舍五入到一位小数，相加可能不等于 100.0%。"
_BESIDE_RUNNING = "占比、累计占比分别四舍五入到一位小数，占比逐项相加可能与累计占比差 0.1 个百分点。"


def with_rounding_told(table: ReportTable) -> ReportTable:
    """Return the table with a note where the shares of a whole list, as they are read, do not sum to 100 %.

    Lists that do not show the whole, and matrices, which show no shares, stay as they are.
    """
    notes = [note for note in rounding_notes(table) if note not in table.notes]
    return replace(table, notes=[*table.notes, *notes]) if notes else table


def rounding_notes(table: ReportTable) -> list[Note]:
    """Return what is to be said of shares that do not add up as they are read."""
    shares = [] if table.grid else [field for field in people_columns(table) if field.type == "rate"]
    told = dict.fromkeys(note for field in shares if (note := _note_on(table, field)))
    return [Note(NoteKind.SHOWN, note) for note in told]


def _note_on(table: ReportTable, field: Field) -> str:
    """Return what is to be said of a column of shares; empty where they sum to 100 %."""
    if field.counts is None or not field.counts.of_total:
        return ""
    counts = [row.get(field.counts.numerator) for row in table.rows]
    whole = table.totals.get(field.counts.denominator)
    known = [count for count in counts if isinstance(count, int)]
    if not isinstance(whole, int) or not whole or len(known) < len(counts) or sum(known) != whole:
        return ""
    read = [_tenths(count, whole) for count in known]
    running = list(accumulate(known))
    if _has_running(table, running):
        agrees = list(accumulate(read)) == [_tenths(sum_, whole) for sum_ in running]
        return "" if agrees else _BESIDE_RUNNING
    return "" if sum(read) == _UNITS else _NOTE


def _tenths(count: int, whole: int) -> int:
    return int(rounded(count / whole, 1, percent=True) * 10)


def _has_running(table: ReportTable, running: Sequence[int]) -> bool:
    """Tell whether a column shows the share of the running sums."""
    return any(
        [row.get(field.counts.numerator) for row in table.rows] == running
        for field in table.columns
        if field.counts and field.counts.of_total
    )

"""Shares of a printed list that sum to 100 %: rounded by the largest remainder (Hamilton's method)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from hotline_tools.table import Field, Note, NoteKind, ReportTable

_UNITS = 1000
"""People read shares in tenths of a per cent."""
_EXACT = "导出的 xlsx、json、csv 是精确值。"
_NOTE = f"占比按最大余数法取一位小数，使各行合计为 100.0%；{_EXACT}"
_BESIDE_RUNNING = f"占比取一位小数，使逐行相加等于累计占比；{_EXACT}"


def even_shares(table: ReportTable) -> ReportTable:
    """Return the table as people read it: shares of a whole list are rounded so that they sum to 100 %.

    Lists of which plain rounding does so already, those that do not show the whole, and matrices, which show
    no shares, stay as they are.
    """
    shares = [] if table.grid else [field for field in table.columns if field.type == "rate"]
    rounded = {field.name: found for field in shares if (found := _of_column(table, field))}
    if not rounded:
        return table
    rows = [
        {**row, **{name: values[number] for name, (values, _) in rounded.items()}}
        for number, row in enumerate(table.rows)
    ]
    notes = dict.fromkeys(note for _, note in rounded.values())
    return replace(table, rows=rows, notes=[*table.notes, *(Note(NoteKind.SHOWN, note) for note in notes)])


def largest_remainder(counts: Sequence[int], units: int) -> list[int]:
    """Return ``units`` dealt out by the counts in whole parts; the largest remainders get what is left."""
    total = sum(counts)
    parts = [divmod(count * units, total) for count in counts]
    left = units - sum(whole for whole, _ in parts)
    first = sorted(range(len(parts)), key=lambda number: (-parts[number][1], number))[:left]
    return [whole + (number in first) for number, (whole, _) in enumerate(parts)]


def _of_column(table: ReportTable, field: Field) -> tuple[list[float], str] | None:
    """Return the rounded shares and what is said of them; None where there is nothing to mend."""
    if field.counts is None or not field.counts.of_total:
        return None
    counts = [row.get(field.counts.numerator) for row in table.rows]
    whole = table.totals.get(field.counts.denominator)
    known = [count for count in counts if isinstance(count, int)]
    if not isinstance(whole, int) or not whole or len(known) < len(counts) or sum(known) != whole:
        return None
    if sum(round(count * _UNITS / whole) for count in known) == _UNITS:
        return None
    if _has_running(table, running := list(accumulate(known))):
        # Beside its running sum a share is what that sum, as it is read, grows by.
        read = [round(sum_ / whole * 100, 1) for sum_ in (0, *running)]
        return [round(end - start, 1) / 100 for start, end in pairwise(read)], _BESIDE_RUNNING
    return [units / _UNITS for units in largest_remainder(known, _UNITS)], _NOTE


def _has_running(table: ReportTable, running: list[int]) -> bool:
    """Tell whether a column shows the share of the running sums."""
    return any(
        [row.get(field.counts.numerator) for row in table.rows] == running
        for field in table.columns
        if field.counts and field.counts.of_total
    )

"""Shares of a printed list that sum to 100 %: rounded by the largest remainder (Hamilton's method)."""

from collections.abc import Sequence
from dataclasses import replace

from hotline_tools.table import Field, Note, NoteKind, ReportTable

_UNITS = 1000
"""People read shares in tenths of a per cent."""
_NOTE = "占比按最大余数法取一位小数，使各行合计为 100.0%；导出的 xlsx、json、csv 是精确值。"


def even_shares(table: ReportTable) -> ReportTable:
    """Return the table as people read it: shares of a whole list are rounded so that they sum to 100 %.

    Lists of which plain rounding does so already, and those that do not show the whole, stay as they are.
    """
    rounded = {field.name: found for field in table.columns if (found := _of_column(table, field))}
    if not rounded:
        return table
    rows = [
        {**row, **{name: values[number] for name, values in rounded.items()}}
        for number, row in enumerate(table.rows)
    ]
    return replace(table, rows=rows, notes=[*table.notes, Note(NoteKind.SHOWN, _NOTE)])


def largest_remainder(counts: Sequence[int], units: int) -> list[int]:
    """Return ``units`` dealt out by the counts in whole parts; the largest remainders get what is left."""
    total = sum(counts)
    parts = [divmod(count * units, total) for count in counts]
    left = units - sum(whole for whole, _ in parts)
    first = sorted(range(len(parts)), key=lambda number: (-parts[number][1], number))[:left]
    return [whole + (number in first) for number, (whole, _) in enumerate(parts)]


def _of_column(table: ReportTable, field: Field) -> list[float] | None:
    """Return the rounded shares; None where there is nothing to mend."""
    if field.type != "rate" or field.counts is None or not field.counts.of_total:
        return None
    counts = [row.get(field.counts.numerator) for row in table.rows]
    whole = table.totals.get(field.counts.denominator)
    known = [count for count in counts if isinstance(count, int)]
    if not whole or len(known) < len(counts) or sum(known) != whole:
        return None
    if sum(round(count * _UNITS / sum(known)) for count in known) == _UNITS:
        return None
    return [units / _UNITS for units in largest_remainder(known, _UNITS)]

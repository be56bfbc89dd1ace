"""Columns to the right of the last name: spreadsheets saved as CSV have thousands of them, all empty."""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.header import Header, unique_names
from hotline_tools.sources.model import Row

_SEVERAL, _HALF = 3, 0.5
"""Rows that all have one cell more than there are names, and the share of them in which it is empty."""


def complete_header(header: Header, rows: Sequence[Sequence[str]]) -> Header:
    """The header with a last column without a name, where each row has one and most leave it empty.

    A cell more that each row fills is a delimiter inside a text.
    """
    width = len(header.names) + 1
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < _SEVERAL or any(len(row) != width for row in rows):
        return header
    empty = sum(not row[-1].strip() for row in rows)
    if not _HALF * len(rows) <= empty < len(rows):
        return header
    originals = (*header.originals, "")
    return replace(header, names=unique_names([*header.names, ""]), originals=originals)


def cut_header(header: Header, rows: Sequence[Sequence[str]]) -> Header:
    """The header up to its last name, or to the last cell that ``rows`` (some below it) fill."""
    named = max((i + 1 for i, cell in enumerate(header.originals) if cell.strip()), default=0)
    filled = [i + 1 for row in rows for i, cell in enumerate(row) if cell.strip()]
    width = min(len(header.names), max([named, *filled]))
    originals = header.originals[:width]
    names = [*header.names[:named], *originals[named:]]
    return replace(header, names=unique_names(names), originals=originals)


def cut_table(table: pa.Table, numbers: pa.Array, width: int) -> tuple[pa.Table, pa.Array, dict[int, Row]]:
    """The first ``width`` columns; rows that have something further right come apart, with their numbers."""
    busy = [column for column in table.columns[width:] if column.null_count < table.num_rows]
    kept = table.select(list(range(width)))
    if not busy:
        return kept, numbers, {}
    over = pc.is_valid(busy[0])
    for column in busy[1:]:
        over = pc.or_(over, pc.is_valid(column))
    apart = {
        numbers[position].as_py(): [column[position].as_py() for column in table.columns]
        for position in pc.indices_nonzero(over).to_pylist()
    }
    fine = pc.invert(over)
    fine = fine.combine_chunks() if isinstance(fine, pa.ChunkedArray) else fine
    return kept.filter(fine), numbers.filter(fine), apart

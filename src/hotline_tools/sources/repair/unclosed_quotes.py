"""Records within a quote that opens a cell and closes many lines later, at the next quote.

Readers take all lines in between as one cell, and the field count may even come out right. The rows are
found by what stands in the cell: line breaks, and lines with as many cells as the table has columns.
"""

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.column_kinds import ColumnKinds
from hotline_tools.sources.detect.dialect import Dialect, cells_of
from hotline_tools.sources.detect.dialect import lines as physical_lines
from hotline_tools.sources.model import Row


def suspects(table: pa.Table, delimiter: str) -> dict[int, int]:
    """Row position → column whose cell has line breaks and enough delimiters for a whole record."""
    found: dict[int, int] = {}
    enough = table.num_columns - 1
    if enough < 2:
        return found
    for index, column in enumerate(table.columns):
        if not _may_hold_record(column, delimiter, enough):
            continue
        broken = pc.indices_nonzero(pc.fill_null(pc.match_substring(column, "\n"), False))
        if len(broken) == 0:
            continue
        rich = pc.greater_equal(pc.count_substring(column.take(broken), delimiter), enough)
        for position in broken.filter(rich).to_pylist():
            found.setdefault(position, index)
    return found


def _may_hold_record(column: pa.ChunkedArray, delimiter: str, enough: int) -> bool:
    """Whether the column's bytes have a line break and enough delimiters at all: most have not."""
    for chunk in column.chunks:
        text = chunk.buffers()[2]
        if text is not None:
            raw = text.to_pybytes()
            if b"\n" in raw and raw.count(delimiter.encode()) >= enough:
                return True
    return False


def column_with_lines(row: Row) -> int | None:
    """The cell that has most line breaks."""
    breaks = [(cell or "").count("\n") for cell in row]
    return breaks.index(max(breaks)) if any(breaks) else None


def split(row: Row, column: int, columns: ColumnKinds, delimiter: str) -> list[Row]:
    """The records in the row; empty when its cell is just a long text.

    The first and the last may have a wrong number of cells: the caller repairs or rejects them.
    """
    lines = [line.rstrip("\r\n") for line in physical_lines(row[column] or "")]
    inner = [_cells(line, delimiter) for line in lines[1:-1]]
    last = [*_cells(lines[-1], delimiter), *row[column + 1 :]]
    whole = [cells for cells in (*inner, last) if _is_record(cells, columns)]
    if not whole or 2 * len(whole) < len(inner) + 1:
        return []
    first = [*row[:column], *_cells('"' + lines[0], delimiter, quoting=False)]
    return [first, *inner, last]


def _is_record(cells: Row, columns: ColumnKinds) -> bool:
    filled = [c for c in columns.typed if c < len(cells) and cells[c]]
    return len(cells) == len(columns.kinds) and bool(filled) and not columns.misfits(cells)


def _cells(line: str, delimiter: str, *, quoting: bool = True) -> Row:
    return [cell or None for cell in cells_of(line, Dialect(delimiter, quoting))]

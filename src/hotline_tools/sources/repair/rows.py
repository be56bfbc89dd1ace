"""Small moves on rows of a table."""

import pyarrow as pa

from hotline_tools.sources.model import Row


def row_at(table: pa.Table, position: int) -> Row:
    """One row as Python values."""
    return [column[position].as_py() for column in table.columns]


def without(table: pa.Table, numbers: pa.Array, gone: list[int]) -> tuple[pa.Table, pa.Array]:
    """The table and its row numbers without some positions."""
    if not gone:
        return table, numbers
    mask = [True] * table.num_rows
    for position in gone:
        mask[position] = False
    keep = pa.array(mask)
    return table.filter(keep), numbers.filter(keep)


def flat(numbers: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, however many chunks."""
    return numbers.combine_chunks() if isinstance(numbers, pa.ChunkedArray) else numbers


def trim(row: Row, width: int) -> Row:
    """Drop surplus empty cells at the end; empty text is null."""
    cells = [cell if cell else None for cell in row]
    while len(cells) > width and cells[-1] is None:
        cells.pop()
    return cells

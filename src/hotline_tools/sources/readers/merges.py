"""Merged cells: every row that a cell reaches down to has its value."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple


class Merge(NamedTuple):
    """A merged range by its first and last row and column, counted from 0 as in the rows of the grid."""

    top: int
    bottom: int
    left: int
    right: int


def below_header(merges: Sequence[Merge], header_index: int) -> list[Merge]:
    """The ranges of more than one row that begin in the data.

    A cell that is only wide is a heading or the label of a total, no value of several columns.
    """
    return [merge for merge in merges if merge.top > header_index and merge.bottom > merge.top]


def fill(rows: Iterable[Sequence[Any]], merges: Sequence[Merge]) -> Iterator[Sequence[Any]]:
    """The rows with the value of each range in all its empty cells."""
    starts: dict[int, list[Merge]] = {}
    for merge in merges:
        starts.setdefault(merge.top, []).append(merge)
    running: list[tuple[Merge, Any]] = []
    for number, row in enumerate(rows):
        if running or number in starts:
            running = [item for item in running if item[0].bottom >= number]
            for merge in starts.get(number, ()):
                value = row[merge.left] if merge.left < len(row) else ""
                if value not in ("", None):
                    running.append((merge, value))
        yield _filled(row, running) if running else row


def _filled(row: Sequence[Any], running: Sequence[tuple[Merge, Any]]) -> Sequence[Any]:
    cells = list(row)
    for merge, value in running:
        cells += [""] * (merge.right + 1 - len(cells))
        for column in range(merge.left, merge.right + 1):
            if cells[column] in ("", None):
                cells[column] = value
    return cells

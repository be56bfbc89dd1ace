"""The cells of a table while it is read: one that reaches over several columns or rows stands in each."""

_MOST_SPANNED = 200
"""Largest reach over columns or rows that is believed."""


class Cells:
    """Collects the cells of a table row by row; text is added to the cell that was begun last."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[str]] = {}
        self._row, self._current = -1, [""]

    def begin_row(self) -> None:
        """Begin the next row."""
        self._row, self._current = self._row + 1, [""]

    def begin_cell(self, columns: int = 1, rows: int = 1) -> None:
        """Begin the next cell of the row, in the first column that no cell above reaches into."""
        self._row = max(self._row, 0)
        column = next(n for n in range(len(self._cells) + 1) if (self._row, n) not in self._cells)
        self._current = [""]
        for down in range(_believed(rows)):
            for right in range(_believed(columns)):
                self._cells[self._row + down, column + right] = self._current

    def add(self, text: str) -> None:
        """Add text to the cell."""
        self._current.append(text)

    def rows(self) -> list[list[str]]:
        """Return the texts of the cells, each row as long as the longest."""
        width = max((column for _, column in self._cells), default=-1) + 1
        return [
            ["".join(self._cells.get((row, column), [""])) for column in range(width)]
            for row in range(self._row + 1)
        ]


def _believed(span: int) -> int:
    return min(span, _MOST_SPANNED) if span > 0 else 1

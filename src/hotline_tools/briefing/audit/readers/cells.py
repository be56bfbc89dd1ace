"""The cells of a table while it is read: one that reaches over several columns or rows stands in each."""

from hotline_tools.errors import InputError

_MOST_SPANNED = 200
"""Largest reach over columns or rows that is believed."""
_MOST_CELLS = 1_000_000


class Cells:
    """Collects the cells of a table row by row; text is added to the cell that was begun last."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[str]] = {}
        self._row, self._column, self._current = -1, 0, [""]

    def begin_row(self) -> None:
        """Begin the next row."""
        self._row, self._column, self._current = self._row + 1, 0, [""]

    def begin_cell(self, columns: int = 1, rows: int = 1) -> None:
        """Begin the next cell of the row, in the first column that no cell above reaches into.

        Raises ``InputError`` for a table of more cells than any page has.
        """
        self._row = max(self._row, 0)
        while (self._row, self._column) in self._cells:
            self._column += 1
        self._current = [""]
        high, wide = _believed(rows), _believed(columns)
        _require_cells(len(self._cells) + high * wide)
        for down in range(high):
            for right in range(wide):
                self._cells[self._row + down, self._column + right] = self._current
        self._column += wide

    def add(self, text: str) -> None:
        """Add text to the cell."""
        self._current.append(text)

    def rows(self) -> list[list[str]]:
        """Return the texts of the cells, each row as long as the longest; raises as ``begin_cell`` does."""
        width = max((column for _, column in self._cells), default=-1) + 1
        _require_cells(width * (self._row + 1))
        return [
            ["".join(self._cells.get((row, column), [""])) for column in range(width)]
            for row in range(self._row + 1)
        ]


def _believed(span: int) -> int:
    return min(span, _MOST_SPANNED) if span > 0 else 1


def _require_cells(number: int) -> None:
    if number > _MOST_CELLS:
        raise InputError("文件里的表格大得不合常理", remedy="请另存为 .docx 或 .txt。")

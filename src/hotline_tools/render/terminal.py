"""A report as a table in the terminal; Chinese takes two columns a character and stays aligned.

A table wider than the terminal is cut into blocks, each beginning with the columns that name the row.
A rate comes with its counts in one cell; columns without any value are named below instead of drawn.
"""

from dataclasses import dataclass
from functools import cached_property

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline_tools.render.columns import drawn_columns, notes_of, title_details, total_cells
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.shares import even_shares
from hotline_tools.render.values import (
    MISSING,
    TOTAL,
    heading,
    is_numeric,
    naming_columns,
)
from hotline_tools.render.wrapping import wrapped
from hotline_tools.table import ReportTable

_WIDTHS = (80, 60, 40, 28, 20)
"""Text columns fold at the first of these that lets the table fit; else it is cut into blocks."""
_IN_BLOCKS = 28
"""Where text folds in a table that is cut into blocks."""
_GAP, _MATRIX_GAP = 3, 1
"""Cells between columns; a matrix of many narrow figures is set closer."""
_SHORT = 16
"""Texts up to so many cells (dates, codes, short names) are never broken."""


@dataclass(frozen=True)
class _Column:
    """One drawn column: its heading and how a row's cell reads."""

    heading: str
    cells: list[str]
    footer: str
    numeric: bool
    names_row: bool
    detail: bool

    @cached_property
    def natural(self) -> int:
        """Cells of the longest line."""
        texts = (self.heading, self.footer, *self.cells)
        return max(cell_len(line) for text in texts for line in text.split("\n"))

    def width(self, widest: int) -> int:
        """Cells taken when text folds at ``widest``; figures never fold."""
        return self.natural if self.numeric else min(widest, self.natural)

    @property
    def empty(self) -> bool:
        return bool(self.cells) and all(cell in ("", MISSING) for cell in self.cells)


def render_terminal(table: ReportTable, console: Console) -> None:
    """Draw the table, its totals as the last line, and its notes below."""
    gap = _GAP if table.grid is None else _MATRIX_GAP
    table = pivoted(even_shares(table))
    _print_text(console, "　".join([table.title, *title_details(table)]), "bold")
    columns = _columns(table)
    filled = [column for column in columns if not column.empty or column.names_row]
    blocks = _blocks(filled, console.width, gap)
    hidden = [column for column in filled if column.detail] if len(blocks) > 1 else []
    if hidden:
        blocks = _blocks([column for column in filled if not column.detail], console.width, gap)
    if table.rows:
        for block, widest in blocks:
            console.print(_grid(block, len(table.rows), widest, gap))
            console.print()
    else:
        console.print("（没有数据）")
    if hidden and table.rows:
        names = "、".join(column.heading for column in hidden)
        _print_text(console, f"注：屏幕放不下、未画出的列：{names}；用 -o 文件.xlsx 可看全部。", "dim")
    for note in notes_of(table):
        _print_text(console, f"注：{note}", "dim")


def _print_text(console: Console, text: str, style: str) -> None:
    console.print(Text(wrapped(text, console.width)), style=style)


def _columns(table: ReportTable) -> list[_Column]:
    drawn = drawn_columns(table)
    naming = naming_columns([item.field for item in drawn])
    footers = total_cells(table, drawn) or [""] * len(drawn)
    return [
        _Column(
            heading=heading(item.field),
            cells=[item.text(row) for row in table.rows],
            footer=footer,
            numeric=is_numeric(item.field),
            names_row=item.field in naming,
            detail=item.field.detail and item.field not in naming,
        )
        for item, footer in zip(drawn, footers, strict=True)
    ]


def _blocks(columns: list[_Column], width: int, gap: int) -> list[tuple[list[_Column], int]]:
    """Cut the columns into blocks that fit, each with the width at which its text folds.

    Each block begins with the columns that name the row.
    """
    needed = {w: sum(c.width(w) + gap for c in columns) - gap for w in _WIDTHS}
    widest = next((w for w in _WIDTHS if needed[w] <= width), None)
    if widest is not None:
        return [(columns, widest)]
    naming, widest = [column for column in columns if column.names_row], _IN_BLOCKS
    base = sum(column.width(widest) + gap for column in naming)
    blocks: list[tuple[list[_Column], int]] = []
    current, used = list(naming), base
    for column in columns[len(naming) :]:
        if used + column.width(widest) > width and len(current) > len(naming):
            blocks.append((current, widest))
            current, used = list(naming), base
        current.append(column)
        used += column.width(widest) + gap
    return [*blocks, (current, widest)]


def _grid(columns: list[_Column], rows: int, widest: int, gap: int) -> Table:
    has_footer = any(column.footer not in ("", TOTAL) for column in columns)
    grid = Table(
        box=box.SIMPLE_HEAD, show_footer=has_footer, show_edge=False, pad_edge=False, padding=(0, gap // 2)
    )
    for column in columns:
        grid.add_column(
            column.heading,
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric or column.natural <= _SHORT,
            overflow="fold",
            footer=Text(column.footer),
        )
    for index in range(rows):
        grid.add_row(*(Text(wrapped(column.cells[index], _fold(column, widest))) for column in columns))
    return grid


def _fold(column: _Column, widest: int) -> int:
    return column.natural if column.numeric else max(_SHORT, min(widest, column.natural))

"""A report as a table in the terminal; Chinese takes two columns a character and stays aligned.

The table is one block. Where it is too wide, rates go without their counts, then columns give way, the least
important first (``Field.decides`` and ``Field.detail``), and the lines below name them. Columns without any
value are not drawn. ``is_wide`` draws every column, in as many blocks as it takes, each beginning with the
columns that name the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline_tools.escapes import for_terminal
from hotline_tools.render.columns import DETAIL, drawn_columns, notes_of, title_details, total_cells
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.values import MISSING, TOTAL, heading, is_numeric
from hotline_tools.render.wrapping import clipped, folded_heading, wrapped
from hotline_tools.table import ReportTable

_WIDEST, _NARROW = 80, 20
"""Text columns fold at the most cells, between these, that let the table fit."""
_IN_BLOCKS = 28
"""Where text folds in a table that is cut into blocks, and where columns that do not decide are drawn."""
_NARROWEST = 16
"""The least at which text folds when columns have to give way."""
_LINES = 3
"""A text takes so many lines at most where columns have to give way; what is left out reads …."""
_GAP, _CLOSE_GAP, _MATRIX_GAP = 3, 2, 1
"""Cells between columns; where columns have to give way, and in a matrix, they are set closer."""
_SHORT = 16
"""Texts up to so many cells (dates, codes, short names) are never broken."""
_HEADING = 12
"""Headings over figures fold at so many cells; the unit stands below where the figures are narrower."""
_MOST_NAMES = 8
"""Columns left out that are named."""
WIDE = "加 --wide 或 -o 文件.xlsx 看全部"
"""How to see what a narrow screen leaves out of a report."""


@dataclass(frozen=True)
class _Column:
    """One drawn column: its heading and how a row's cell reads."""

    heading: str
    cells: list[str]
    footer: str
    numeric: bool
    importance: int
    label: str
    unit: str

    @property
    def is_detail(self) -> bool:
        return self.importance == DETAIL

    @property
    def names_row(self) -> bool:
        return self.importance == 0

    @cached_property
    def natural(self) -> int:
        """Cells of the longest line."""
        return max(cell_len(line) for text in (self.head, self.footer, *self.cells) for line in _lines(text))

    @cached_property
    def head(self) -> str:
        """The heading; over figures it is folded."""
        if not self.numeric:
            return self.heading
        figures = max(cell_len(text) for text in (self.footer, *self.cells))
        return folded_heading(self.label, self.unit, figures, _HEADING)

    def width(self, widest: int) -> int:
        """Cells taken when text folds at ``widest``; figures never fold."""
        return self.natural if self.numeric else min(max(widest, _SHORT), self.natural)

    @property
    def empty(self) -> bool:
        """Tell whether nothing but missing values would be drawn."""
        return bool(self.cells) and all(cell in ("", MISSING) for cell in self.cells)


@dataclass(frozen=True)
class _Block:
    """Columns side by side, ``gap`` apart, text folded at ``widest`` and cut after ``lines``."""

    columns: list[_Column]
    widest: int
    gap: int
    lines: int = 0


def render_terminal(table: ReportTable, console: Console, *, is_wide: bool = False, wide: str = WIDE) -> None:
    """Draw the table, its totals as the last line, and its notes below; every column when ``is_wide``.

    ``wide`` says how to see what is left out.
    """
    if console.width < 1:  # COLUMNS=0 says nothing, and old consoles of Windows take one off
        console.width = _WIDEST
    gap = _GAP if table.grid is None else _MATRIX_GAP
    table = _laid_out(with_rounding_told(table), console.width)
    _print_text(console, "　".join([table.title, *title_details(table)]), "bold")
    if not table.rows:
        console.print("（没有数据）")
    else:
        full = _columns(table, is_brief=False)
        blocks = _blocks(full, console.width, gap) if is_wide else []
        left_out = ""
        if not is_wide:
            block, left_out = _one_block(full, _columns(table, is_brief=True), console.width, gap)
            blocks = [block]
        for block in blocks:
            console.print(_grid(block, len(table.rows)))
            console.print()
        if left_out:
            _print_text(console, f"注：{left_out}；{wide}。", "dim")
    for note in notes_of(table):
        _print_text(console, f"注：{note}", "dim")


def _laid_out(table: ReportTable, width: int) -> ReportTable:
    """Return a matrix with its rows as columns where only so all of it fits; other tables as they are."""
    laid = pivoted(table)
    if table.grid is None or _fitting(_columns(laid, is_brief=False), width, _MATRIX_GAP):
        return laid
    turned = pivoted(replace(table, grid=replace(table.grid, down=table.grid.across, across=table.grid.down)))
    return turned if _fitting(_columns(turned, is_brief=False), width, _MATRIX_GAP) else laid


def _print_text(console: Console, text: str, style: str) -> None:
    console.print(Text(wrapped(for_terminal(text), console.width)), style=style)


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _columns(table: ReportTable, *, is_brief: bool) -> list[_Column]:
    """Return the columns that have values, and those that name the row."""
    drawn = drawn_columns(table)
    footers = total_cells(table, drawn, "brief" if is_brief else "text") or [""] * len(drawn)
    columns = [
        _Column(
            heading=for_terminal(heading(item.field)),
            cells=[for_terminal((item.brief if is_brief else item.text)(row)) for row in table.rows],
            footer=footer,
            numeric=is_numeric(item.field),
            importance=item.importance,
            label=for_terminal(item.field.label),
            unit=for_terminal(item.field.unit),
        )
        for item, footer in zip(drawn, footers, strict=True)
    ]
    return [column for column in columns if not column.empty or column.names_row]


def _one_block(full: list[_Column], brief: list[_Column], width: int, gap: int) -> tuple[_Block, str]:
    """Return the block that fits, and what it leaves out, in words; empty when it is nothing."""
    if widest := _fitting(full, width, gap):
        return _Block(full, widest, gap), ""
    has_counts = any(long.cells != short.cells for long, short in zip(full, brief, strict=True))
    counts = "各率的分子、分母未列" if has_counts else ""
    gap = min(gap, _CLOSE_GAP)
    for columns, words in ((full, ""), (brief, counts)):
        kept = [column for column in columns if not column.is_detail]
        if len(kept) > 1 and (widest := _fitting(kept, width, gap)):
            return _Block(kept, widest, gap), _left_out(words, columns, kept)
    kept = _most_important(brief, width, gap)
    block = _Block(kept, _widest(kept, width, gap, _NARROWEST) or _NARROWEST, gap, _LINES)
    return block, _left_out(counts, brief, kept, is_clipped=_is_clipped(block))


def _is_clipped(block: _Block) -> bool:
    """Tell whether some text is longer than its lines hold."""
    return any(
        _cell(column, row, block) != wrapped(text, column.width(block.widest))
        for column in block.columns
        if not column.numeric
        for row, text in enumerate(column.cells)
    )


def _left_out(counts: str, columns: list[_Column], kept: list[_Column], *, is_clipped: bool = False) -> str:
    names = [column.label for column in columns if column not in kept]
    more = f" 等 {len(names)} 列" if len(names) > _MOST_NAMES else ""
    hidden = f"屏幕放不下、未列出：{'、'.join(names[:_MOST_NAMES])}{more}" if names else ""
    cut = "以“…”结尾的文字未列全" if is_clipped else ""
    return "；".join(text for text in (hidden, counts, cut) if text)


def _most_important(columns: list[_Column], width: int, gap: int) -> list[_Column]:
    """Return the columns that fit side by side, chosen by importance, in their order."""
    kept: list[_Column] = []
    for column in sorted(columns, key=lambda column: column.importance):
        # What does not decide comes only where the texts that do keep room to be read.
        least = _NARROWEST if column.importance <= 1 else _IN_BLOCKS
        if column.names_row or _taken([*kept, column], least, gap) <= width:
            kept.append(column)
    return [column for column in columns if column in kept]


def _taken(columns: Iterable[_Column], widest: int, gap: int) -> int:
    return sum(column.width(widest) + gap for column in columns) - gap


def _fitting(columns: list[_Column], width: int, gap: int) -> int:
    """Return the width of text at which the columns fit with ease; 0 when there is none."""
    return _widest(columns, width, gap, _NARROW)


def _widest(columns: list[_Column], width: int, gap: int, least: int) -> int:
    """Return the most cells of text, down to ``least``, at which the columns fit; 0 when they never do."""
    sizes = range(_WIDEST, least - 1, -1)
    return next((widest for widest in sizes if _taken(columns, widest, gap) <= width), 0)


def _blocks(columns: list[_Column], width: int, gap: int) -> list[_Block]:
    """Cut the columns into blocks that fit, each beginning with the columns that name the row."""
    if widest := _fitting(columns, width, gap):
        return [_Block(columns, widest, gap)]
    naming = [column for column in columns if column.names_row]
    blocks: list[_Block] = []
    current = list(naming)
    for column in columns[len(naming) :]:
        if len(current) > len(naming) and _taken([*current, column], _IN_BLOCKS, gap) > width:
            blocks.append(_Block(current, _IN_BLOCKS, gap))
            current = list(naming)
        current.append(column)
    return [*blocks, _Block(current, _IN_BLOCKS, gap)]


def _grid(block: _Block, rows: int) -> Table:
    has_footer = any(column.footer not in ("", TOTAL) for column in block.columns)
    left, right = block.gap // 2 - (block.gap == 2), block.gap // 2  # rich sets one cell more between columns
    grid = Table(
        box=box.SIMPLE_HEAD,
        show_footer=has_footer,
        show_edge=False,
        pad_edge=False,
        padding=(0, right, 0, left),
    )
    for column in block.columns:
        grid.add_column(
            Text(column.head),
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric or column.natural <= _SHORT,
            overflow="fold",
            footer=Text(column.footer),
        )
    for index in range(rows):
        grid.add_row(*(Text(_cell(column, index, block)) for column in block.columns))
    return grid


def _cell(column: _Column, index: int, block: _Block) -> str:
    text = column.cells[index]
    if column.numeric:
        return text
    fold = column.width(block.widest)
    return clipped(text, fold, block.lines) if block.lines else wrapped(text, fold)

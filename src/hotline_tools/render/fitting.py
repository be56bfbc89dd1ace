"""A table on a page of paper: the largest type in which its columns fit, their widths, what is left out.

Rates go without their counts before a column gives way; the least important column gives way first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from unicodedata import east_asian_width

from hotline_tools.render.columns import DETAIL, CellForm, drawn_columns, total_cells
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.values import MISSING, heading, is_numeric
from hotline_tools.table import ReportTable

_SHORT, _LONG = 12, 48
"""Cells that a text keeps at least, and those beyond which it folds even where there is room."""
_SENTENCE = 24
"""Cells that a text of more than twice as many keeps; the rows would grow too tall."""
_HEADING, _TIGHT_HEADING, _MATRIX_HEADING = 8, 6, 4
"""Headings over figures fold at so many cells, and more before a column gives way; those of a matrix are
names, as short as its figures."""
_FORMS: tuple[tuple[CellForm, int], ...] = (
    ("text", _HEADING), ("brief", _HEADING), ("brief", _TIGHT_HEADING)
)  # fmt: skip
"""How rates stand with their counts, and where headings fold: what is tried, the roomiest first."""
_STACKED_FORMS: tuple[tuple[CellForm, int], ...] = (
    ("text", _HEADING), ("stacked", _HEADING), ("stacked", _TIGHT_HEADING)
)  # fmt: skip
"""The same where nothing else states the counts: a column gives way before a rate stands without them."""
_MOST_NAMES = 8
"""Columns left out that are named."""
_TOGETHER = 9
"""A table of so many lines, about a quarter of a page, is kept on one page; a longer one may go on."""
_FEW_MORE = 1.25
"""How many times the fewest lines a long table may take in larger type."""
_END = 3
"""Rows at the end of a longer table that are kept together."""
END_LINES = 24
"""Lines of the last rows and the notes that are kept together; a page that lies holds a few more."""
_NOTE_POINTS = 10.5
"""Type size of notes."""
_GAP = 2
"""Cells that the two margins of a column take."""


@dataclass(frozen=True)
class PageColumn:
    """A column as it is printed."""

    heading: str
    label: str
    cells: list[str]
    total: str
    numeric: bool
    importance: int
    heading_cells: int = _HEADING
    is_moment: bool = False
    """Whether the cells are dates or times."""

    @cached_property
    def lengths(self) -> list[list[int]]:
        """The cells of each line of the heading, of each row and of the total."""
        return [[*map(cell_len, text.split("\n"))] for text in (self.heading, *self.cells, self.total)]

    @cached_property
    def least(self) -> int:
        """The fewest cells that the column takes; figures, times and short texts never fold."""
        head, *inside = map(max, self.lengths)
        longest = max(*inside, min(head, self.heading_cells))
        if self.numeric or self.is_moment:
            return longest + _GAP
        return min(longest, _SHORT if longest <= 2 * _SENTENCE else _SENTENCE) + _GAP

    @cached_property
    def most(self) -> int:
        """The cells that the column can use."""
        return max(self.least, min(max(map(max, self.lengths)), _LONG) + _GAP)

    @property
    def claim(self) -> int:
        """The cells that the column has before a less important one has any: a short name does not fold."""
        return min(self.most, max(self.least, _SENTENCE + _GAP)) if self.importance == 0 else self.least

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing but missing values would be printed."""
        return all(cell in ("", MISSING) for cell in self.cells)


@dataclass(frozen=True)
class PageTable:
    """A table as it is printed, in type of ``points``; ``widths`` are parts of the page's width."""

    table: ReportTable
    columns: list[PageColumn]
    widths: list[float]
    points: float
    room: int = 0
    """The page's width in cells."""
    left_out: tuple[str, ...] = ()
    """Labels of the columns that had no room."""

    @property
    def has_totals(self) -> bool:
        """Tell whether there is a total line."""
        return any(column.total for column in self.columns)

    @cached_property
    def lines(self) -> list[int]:
        """About how many lines of type the head, each row and the total line take."""
        inside = [max(1.0, width * self.room - _GAP) for width in self.widths]
        folded = [
            [_folded(lengths, room) for lengths in column.lengths]
            for column, room in zip(self.columns, inside, strict=True)
        ]
        lines = [max(row) for row in zip(*folded, strict=True)]
        return lines if self.has_totals else lines[:-1]

    @property
    def is_short(self) -> bool:
        """Tell whether the table is kept on one page."""
        return sum(self.lines) <= _TOGETHER

    def end(self, below: int = 0) -> int:
        """How many last rows, the total among them, stay on one page with so many lines of notes.

        Never the first one; none where the notes are too many to stay.
        """
        for count in range(min(_END, len(self.lines) - 2), 0, -1):
            lines = sum(self.lines[-count:])
            if (count == 1 or lines <= _TOGETHER) and (not below or lines + below <= END_LINES):
                return count
        return 0

    def note_lines(self, notes: list[str]) -> int:
        """About how many lines the notes below take."""
        room = self.room * self.points / _NOTE_POINTS
        return sum(_folded([cell_len(f"注1：{note}")], room) for note in notes)


def fitted(
    table: ReportTable, width: float, sizes: Sequence[float], *, with_counts: bool = False
) -> list[PageTable]:
    """Return the table on ``width`` points of paper, in the largest of the type ``sizes`` that it fits in.

    A long one whose texts fold much less in smaller type has that. A matrix that fits in none comes in
    several tables, each with the names of its rows. ``with_counts``: rates keep their counts, below them
    if need be.
    """
    laid, is_matrix = with_rounding_told(table), table.grid is not None
    for shape in _shapes(laid):
        for form, fold in _STACKED_FORMS if with_counts else _FORMS:
            columns = _columns(shape, _MATRIX_HEADING if is_matrix else fold, form)
            rooms = {points: _cells(width, points) for points in sizes}
            # Headings do not fold to fold names instead.
            least = sum(column.claim if fold == _TIGHT_HEADING else column.least for column in columns)
            pages = [_page(shape, columns, room, points) for points, room in rooms.items() if least <= room]
            if pages:
                return [_largest(pages)]
    shape, points = pivoted(laid), sizes[-1]
    fold = _MATRIX_HEADING if is_matrix else _TIGHT_HEADING
    columns, room = _columns(shape, fold, "stacked" if with_counts else "brief"), _cells(width, points)
    if is_matrix:
        return [_page(shape, block, room, points) for block in _blocks(columns, room)]
    kept = _kept(columns, room)
    left_out = tuple(column.label for column in columns if column not in kept)
    return [_page(shape, kept, room, points, left_out)]


def _largest(pages: list[PageTable]) -> PageTable:
    """Return the table in the largest type that takes few more lines than the smallest does."""
    most = _FEW_MORE * min(sum(page.lines) for page in pages)
    return next(page for page in pages if page.is_short or sum(page.lines) <= most)


def is_broad(table: ReportTable, width: float, sizes: Sequence[float], *, with_counts: bool = False) -> bool:
    """Tell whether a table has not all its columns, or not in one piece, on a page of that width."""
    pages = fitted(table, width, sizes, with_counts=with_counts)
    return len(pages) > 1 or bool(pages[0].left_out)


def left_out_notes(page: PageTable) -> list[str]:
    """Say which columns had no room."""
    if not page.left_out:
        return []
    named, more = page.left_out[:_MOST_NAMES], len(page.left_out) > _MOST_NAMES
    listed = f"{'、'.join(named)}{'等' if more else ''}"
    return [f"版面所限，未列 {len(page.left_out)} 栏：{listed}；见电子表格。"]


def _shapes(table: ReportTable) -> list[ReportTable]:
    """Return the table as it is laid out; a matrix also with its rows as columns."""
    if table.grid is None:
        return [table]
    turned = replace(table, grid=replace(table.grid, down=table.grid.across, across=table.grid.down))
    return [pivoted(table), pivoted(turned)]


def _cells(width: float, points: float) -> int:
    """Return how many cells of half an em the width holds."""
    return int(width / (points / 2))


def _columns(table: ReportTable, fold: int, form: CellForm) -> list[PageColumn]:
    drawn = drawn_columns(table)
    totals = total_cells(table, drawn, form) or [""] * len(drawn)
    columns = [
        PageColumn(
            heading(item.field),
            item.field.label,
            [item.cell(form, row) for row in table.rows],
            total,
            is_numeric(item.field),
            item.importance,
            fold,
            item.field.type in ("date", "datetime"),
        )
        for item, total in zip(drawn, totals, strict=True)
        if item.importance < DETAIL
    ]
    return [column for column in columns if column.importance == 0 or not column.is_empty]


def _kept(columns: list[PageColumn], room: int) -> list[PageColumn]:
    """Return the most important columns that there is room for, in their order; the names always."""
    kept: list[PageColumn] = []
    for column in sorted(columns, key=lambda column: column.importance):
        if column.importance == 0 or sum(c.claim for c in kept) + column.least <= room:
            kept.append(column)
    return [column for column in columns if column in kept]


def _blocks(columns: list[PageColumn], room: int) -> list[list[PageColumn]]:
    """Return as few blocks of columns as fit, about equally wide, each with the names first."""
    names = [column for column in columns if column.importance == 0]
    others = [column for column in columns if column.importance]
    free = max(1, room - sum(column.least for column in names))
    wanted = -(-sum(column.least for column in others) // free)
    while True:
        size = -(-len(others) // wanted)
        blocks = [others[start : start + size] for start in range(0, len(others), size)]
        if size == 1 or all(sum(column.least for column in block) <= free for block in blocks):
            return [[*names, *block] for block in blocks]
        wanted += 1


def _page(
    table: ReportTable,
    columns: list[PageColumn],
    room: int,
    points: float,
    left_out: tuple[str, ...] = (),
) -> PageTable:
    names = [column.importance == 0 for column in columns]
    # Names have the first claim on what is left, since figures do not fold; but a long text may need it more.
    claims = [[names, [not is_name for is_name in names]], [[True] * len(columns)]]
    claims.append(claims[0][::-1])
    pages = [
        PageTable(table, columns, _shared(columns, room, claim), points, room, left_out) for claim in claims
    ]
    return min(pages, key=lambda page: sum(page.lines))


def _shared(columns: list[PageColumn], room: int, claims: list[list[bool]]) -> list[float]:
    """Return the parts of the page's width; ``claims`` tells who is given first of what is left."""
    cells = [float(column.least) for column in columns]
    for claim in claims:
        wishes = [
            column.most - column.least if has_claim else 0
            for column, has_claim in zip(columns, claim, strict=True)
        ]
        part = min(1.0, max(0.0, room - sum(cells)) / (sum(wishes) or 1))
        cells = [cell + wish * part for cell, wish in zip(cells, wishes, strict=True)]
    whole = sum(cells) or 1.0
    return [cell / whole for cell in cells]


def _folded(lengths: list[int], room: float) -> int:
    """Return how many lines of ``room`` cells the lines of a text take."""
    return sum(max(1, ceil(length / room)) for length in lengths)


def cell_len(text: str) -> int:
    """Return the cells of a line; what is narrow in a terminal, as ≈ and —, is wide in a Chinese font."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)

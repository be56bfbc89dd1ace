"""A worksheet on paper: its type, how high rows are, in how many pages it is printed and where they break.

The type of workbooks is Arial, since LibreOffice brings one of the same widths (Liberation Sans). Of a type
that a machine lacks, as Calibri outside of Windows, another takes the place, whose figures are up to a third
wider: columns are as many figures wide, and what was measured for one program overruns the paper in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from hotline_tools.render.wrapping import wrapped

POINTS = 11
"""Size of the type of cells."""
BOOK: dict[str, Any] = {
    "in_memory": True,
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": "Arial", "font_size": POINTS, "font_scheme": False},
    # Pixels by which the writer knows the width of a figure, 8, and the height of a row.
    "default_column_width": 72,
    "default_row_height": 19,
}
"""Options of a workbook that people print."""
CHARACTER, CELL_MARGIN = 6, 3.75
"""Points: width of a column's character (8 pixels; LibreOffice has 6.12) and of the margins of a cell."""
LINE = 16
"""Points of a line of Chinese in LibreOffice with Noto; Excel with 宋体 takes 14.25."""
TITLE = 21
"""Points of the title's row."""
_SNUG = 0.995
"""Part of a line that is filled."""
_TALLEST, _STEP, _AIR = 409, 0.75, 1.5
"""Points: a row cannot be taller; height of a pixel; what a row of several lines has beside them."""
PAPER = (784, 516)
"""Points between the margins of a page of A4 that lies."""
_SURE = 0.96
"""Part of what a page holds by its measures that is filled.

Excel rounds the scale to whole per cents and takes the margins of the printer, LibreOffice sets columns two
per cent wider: a row more than a page holds would stand on a page of its own.
"""
_SMALLER, _STEPS = 1.25, (1.04, 1.08)
"""What one page holds in smaller type; how much more each holds where that saves a page nearly empty."""
_LEAST_SCALE = 0.66
"""Smallest type that is read with ease, as part of ``POINTS``."""
_END, _POOR = 3, 0.4
"""Rows that stay with the notes on the last page; part of a page below which the last one looks left over."""
_MOST_BREAKS = 1023
"""Page breaks that a sheet has; beyond it each program breaks it by itself."""


@dataclass(frozen=True)
class Printed:
    """How the columns of a sheet are printed: the part of its size, and which column begins each page."""

    widths: list[int]
    names: int
    """Leading columns that stand again on each page."""
    scale: float
    starts: list[int]

    @property
    def below(self) -> tuple[int, int]:
        """The first and the last column across which notes stand: none that stands on two pages."""
        return (self.names, self.starts[1] - 1) if len(self.starts) > 1 else (0, len(self.widths) - 1)


def lines_of(text: str, points: float, size: float = POINTS) -> int:
    """Return how many lines a text of a size takes in so many points."""
    # A character is so many whole pixels wide on the screen, where Excel breaks the lines.
    half = round(size * 4 / 3) * 0.75 / 2
    return wrapped(text, max(2, points / half * _SNUG), _halves).count("\n") + 1


def _halves(text: str) -> float:
    """Return the width of a text in halves of a Chinese character."""
    return sum(map(_half, text))


@lru_cache(maxsize=4096)
def _half(letter: str) -> float:
    """Return the width of a letter: Arial's of what is narrow."""
    if east_asian_width(letter) in "WFA":
        return 2
    if letter in " .,:;!'|/()-ijl":
        return 0.66
    return 1.8 if letter in "%mwMW@" else 1.4 if letter.isupper() else 1.12


def height_of(lines: int) -> float:
    """Return a row's height in points."""
    air = _AIR if lines > 1 else 0
    return min(_TALLEST, ceil((LINE * lines + air) / _STEP) * _STEP)


def set_paper(sheet: Any) -> None:
    """Print on A4, name of the sheet and number of the page below."""
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)  # inches
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")


def printed(widths: list[int], names: int) -> Printed:
    """Return a sheet one page wide, or as many as it takes to be read.

    The first ``names`` columns stand on each.
    """
    points = [width * CHARACTER + CELL_MARGIN for width in widths]
    fixed = sum(points[:names])
    for pages in range(1, len(widths) - names + 1):
        starts = _shared(points, names, pages)
        widest = max(
            fixed + sum(points[max(names, start) : stop]) for start, stop in pairwise([*starts, len(points)])
        )
        scale = min(1.0, PAPER[0] / widest)
        if scale >= _LEAST_SCALE or fixed > PAPER[0] / _LEAST_SCALE / 2:
            return Printed(widths, names, scale, starts)
    return Printed(widths, names, min(1.0, PAPER[0] / sum(points)), [0])


def _shared(points: list[float], names: int, pages: int) -> list[int]:
    """Return the columns that begin each of so many pages, about equally wide."""
    ends = list(accumulate(points[names:]))
    wanted = [ends[-1] * page / pages for page in range(1, pages)]
    nearest = [min(range(len(ends)), key=lambda place: abs(ends[place] - at)) for at in wanted]
    return sorted({0, *(names + place + 1 for place in nearest if names + place + 1 < len(points))})


def lay_out(sheet: Any, columns: Printed, heights: list[float], table_end: int) -> None:
    """Print a sheet on A4 landscape, the headings on each page, and no notes or a row or two alone.

    ``heights`` are those of its rows in points, up to ``table_end`` without the notes.
    """
    sheet.set_landscape()
    set_paper(sheet)
    sheet.repeat_rows(1)
    sheet.print_area(0, 0, len(heights) - 1, len(columns.widths) - 1)
    if len(columns.starts) > 1:
        sheet.repeat_columns(0, columns.names - 1)
        sheet.set_v_pagebreaks(columns.starts[1:])
        sheet.print_across()
    _break_pages(sheet, columns, heights, table_end)


def _break_pages(sheet: Any, columns: Printed, heights: list[float], table_end: int) -> None:
    room = PAPER[1] / columns.scale * _SURE
    breaks = page_breaks(heights, table_end, room)
    high = sum(heights) / room
    is_one = bool(breaks) and high <= _SMALLER and columns.scale / high >= _LEAST_SCALE
    sheet.fit_to_pages(len(columns.starts), 1 if is_one else 0)
    if is_one:
        return
    if columns.scale < 1 and (step := _step(heights, table_end, room)) > 1:
        # Wider columns are printed smaller, in any program.
        for column, width in enumerate(columns.widths):
            sheet.set_column(column, column, width * step)
        breaks = page_breaks(heights, table_end, room * step)
    if len(breaks) <= _MOST_BREAKS:
        sheet.set_h_pagebreaks(breaks)


def _step(heights: list[float], table_end: int, room: float) -> float:
    """Return how much smaller the type is so that the last page is not nearly empty; 1 where it is not."""
    starts, _ = _filled(heights, table_end, room)
    if len(starts) < 2 or sum(heights[starts[-1] :]) >= room * _POOR:
        return 1
    saves = (step for step in _STEPS if len(_filled(heights, table_end, room * step)[0]) < len(starts))
    return next(saves, 1)


def page_breaks(heights: list[float], table_end: int, room: float) -> list[int]:
    """Return the rows that begin a new page of ``room`` points; title and headings are the first two rows.

    ``heights`` are those of the rows in points, up to ``table_end`` without the notes. The headings stand
    again on each page; the notes stay with the last rows, unless they take more than a page. Where a page
    follows that would look left over, the last two are about equally full.
    """
    starts, first = _filled(heights, table_end, room)
    breaks = starts[1:]
    if breaks and sum(heights[breaks[-1] :]) < room * _POOR:
        start, last = starts[-2], max(starts[-2] + 1, table_end - _END)
        head = sum(heights[:2]) if start == 2 else heights[1]
        fits = [
            row
            for row in range(min(start + _END, last), min(last, first) + 1)
            if head + sum(heights[start:row]) <= room and heights[1] + sum(heights[row:]) <= room
        ]
        if fits:
            breaks[-1] = min(fits, key=lambda row: abs(sum(heights[start:row]) - sum(heights[row:])))
    return breaks


def _filled(heights: Sequence[float], table_end: int, room: float) -> tuple[list[int], int]:
    """Return the rows that begin a page, each filled as far as it goes, and that which the notes go with."""
    ends = range(max(2, table_end - _END), max(3, table_end))
    first = next((row for row in ends if heights[1] + sum(heights[row:]) <= room), ends[0])
    starts, used = [2], sum(heights[:2])
    for row in range(2, first + 1):
        height = sum(heights[first:]) if row == first else heights[row]
        if row > 2 and used + height > room:
            starts.append(row)
            used = heights[1]
        used += height
    if len(starts) > 2 and heights[1] + sum(heights[starts[-1] - _END : starts[-1]]) <= room:
        starts[-2] = min(starts[-2], starts[-1] - _END)
    return starts, first

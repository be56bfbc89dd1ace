"""A report as an Excel workbook: one sheet, real numbers, percent formats, widths that fit Chinese."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from types import MappingProxyType
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from hotline_tools.render.columns import DETAIL, drawn_columns, full_title
from hotline_tools.render.opc import MADE
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.printing import (
    BOOK,
    CELL_MARGIN,
    CHARACTER,
    TITLE,
    Printed,
    height_of,
    lay_out,
    lines_of,
    printed,
)
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.values import (
    TOTAL,
    heading,
    is_numeric,
    is_ordinal,
    naming_columns,
    people_columns,
    shown,
)
from hotline_tools.render.wrapping import folded_heading
from hotline_tools.table import Cell, Field, Grid, Note, NoteKind, ReportTable

_FORMATS = {
    "integer": "#,##0",
    "rate": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_WIDEST, _NARROWEST, _FOLDED, _FILTER_BUTTON = 60, 16, 10, 3
"""Widths in characters: of a text column at most and at least, of a heading's line, of the button on it."""
_UNBROKEN = 21
"""Width of a column up to which it stays as wide as its texts: ids, dates, names are not broken."""
_PAGE = 150
"""Characters across a page of A4 that are read with ease."""
_BROADEST = 170
"""Characters that are printed on one page, in small type."""
_INDENT = 8
"""Points that a text is set in."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
"""What Excel refuses in the name of a sheet."""
_DETAIL = "明细"
_CELL = 32_767
"""Characters that a cell holds."""


@dataclass(frozen=True)
class _Styles:
    """How the cells of a column look, and those with whole numbers."""

    usual: Any
    whole: Any


def render_xlsx(table: ReportTable) -> bytes:
    """Return the workbook: title, header (frozen, with filters), rows, totals, notes."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, BOOK) as book:
        book.set_properties({"created": MADE})
        write_report(book, table, table.title, _DETAIL)
    return sink.getvalue()


def write_report(book: Any, table: ReportTable, name: str, detail: str) -> None:
    """Add ``table`` to an open workbook as people read it; what a page has no room for on a second sheet."""
    if table.grid is not None and table.rows:
        _write_grid(book, table, table.grid, name)
        write_sheet(book, table, detail)
    elif sum(_widths(table, people_columns(table))) > _PAGE and (page := _for_one_page(table, detail)):
        write_sheet(book, page, name)
        write_sheet(book, table, detail)
    else:
        write_sheet(book, table, name)


def _for_one_page(table: ReportTable, detail: str) -> ReportTable | None:
    """Return the table with the most important of its columns that a page has room for; None for all."""
    columns = people_columns(table)
    widths = dict(zip(columns, _widths(table, columns), strict=True))
    drawn = [column for column in drawn_columns(table) if column.importance < DETAIL]
    filled = [c for c in columns if any(row.get(c.name) is not None for row in table.rows)]
    drawn = [column for column in drawn if column.importance == 0 or column.field in filled]
    kept: set[Field] = set()
    for column in sorted(drawn, key=lambda column: column.importance):
        if column.importance == 0 or sum(widths[c] for c in kept) + widths[column.field] <= _PAGE:
            kept.add(column.field)
    if len(kept) == len(columns):
        return None
    note = Note(NoteKind.SHOWN, f"本页只列主要栏目，全部 {len(columns)} 栏见工作表“{detail}”。")
    return replace(table, columns=tuple(c for c in columns if c in kept), notes=[note, *table.notes])


def _write_grid(book: Any, long: ReportTable, grid: Grid, name: str) -> None:
    """Write a matrix and shade its cells by their value, sums apart; marked figures stay figures, in red."""
    table = pivoted(replace(long, grid=replace(grid, mark="")))
    marks = [
        (place, column)
        for place, row in enumerate(pivoted(long).rows)
        for column, field in enumerate(table.columns[1:], 1)
        if isinstance(row.get(field.name), str)
    ]
    if marks:
        note = Note(NoteKind.SHOWN, f"红色加粗的：{long.column(grid.mark).label}。")
        table = replace(table, notes=[note, *table.notes])
    sheet = write_sheet(book, table, name)
    style = _styles(book, table.columns[1], {"bold": True, "font_color": "#C00000"})
    for place, column in marks:
        field = table.columns[column]
        _write(sheet, (2 + place, column), table.rows[place][field.name], field, style)
    shades = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#F8A36B"}
    sheet.conditional_format(2, 1, 1 + len(table.rows), len(table.columns) - 2, shades)


def write_sheet(book: Any, table: ReportTable, name: str) -> Any:
    """Add ``table`` to an open workbook as the sheet ``name`` (made fit for Excel); return the sheet."""
    table = with_rounding_told(table)
    sheet = book.add_worksheet(_NOT_IN_NAMES.sub(" ", name).strip()[:31] or None)
    columns = people_columns(table)
    widths = _widths(table, columns)
    names = max([1, *(columns.index(name) + 1 for name in naming_columns(columns))])
    pages = printed(widths, names)
    heights = [TITLE, _write_head(book, sheet, table, columns, widths)]
    styles = [_styles(book, field) for field in columns]
    for index, row in enumerate(table.rows, 2):
        lines = [
            lines_of(shown(row.get(c.name), c), w * CHARACTER - (0 if is_numeric(c) else _INDENT))
            for c, w in zip(columns, widths, strict=True)
        ]
        heights.append(height_of(max(lines, default=1)))
        sheet.set_row(index, heights[-1])
        for column, field in enumerate(columns):
            _write(sheet, (index, column), row.get(field.name), field, styles[column])
    end = 2 + len(table.rows)
    if table.rows:
        sheet.autofilter(1, 0, end - 1, len(columns) - 1)
    end = _write_totals(sheet, table, end, styles)
    for index in range(len(heights), end + 1):
        heights.append(height_of(1))
        sheet.set_row(index, heights[-1])
    heights += _write_notes(book, sheet, table, end, pages)
    sheet.freeze_panes(2, names)
    lay_out(sheet, pages, heights, end)
    return sheet


def _write_head(
    book: Any, sheet: Any, table: ReportTable, columns: tuple[Field, ...], widths: list[int]
) -> float:
    """Write title and headings; return the height of the headings in points."""
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {
            "bold": True,
            "bg_color": "#DCE6F1",
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    sheet.write_string(0, 0, full_title(table), bold)
    sheet.set_row(0, TITLE)
    lines = 1
    for column, (field, width) in enumerate(zip(columns, widths, strict=True)):
        room = max(4, width - 2)
        text = folded_heading(field.label, field.unit, room, room) if is_numeric(field) else heading(field)
        sheet.write_string(1, column, text, head)
        sheet.set_column(column, column, width)
        lines = max(lines, lines_of(text, (width - 1) * CHARACTER))
    sheet.set_row(1, height_of(lines))
    return height_of(lines)


def _write_notes(book: Any, sheet: Any, table: ReportTable, end: int, pages: Printed) -> list[float]:
    """Write the notes below, each across the columns and wrapped; return the rows' heights."""
    heights = []
    first, last = pages.below
    room = sum(pages.widths[first : last + 1]) * CHARACTER + (last - first) * CELL_MARGIN
    style = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#444444"})
    for offset, note in enumerate(table.notes, 1):
        text = f"注：{note}"[:_CELL]
        if last > first:
            sheet.merge_range(end + offset, first, end + offset, last, text, style)
        else:
            sheet.write_string(end + offset, first, text, style)
        heights.append(height_of(lines_of(text, room)))
        sheet.set_row(end + offset, heights[-1])
    return heights


def _styles(book: Any, field: Field, look: Mapping[str, Any] = MappingProxyType({})) -> _Styles:
    least = f"{10.0**-field.digits:.{field.digits}f}"
    number = f"#,##0.{'0' * field.digits}" if field.digits == 1 else f'[<{least}]"<{least}";{least[:-1]}0'
    number, whole = _FORMATS.get(field.type, number), _FORMATS["integer"]
    if is_ordinal(field):
        number = whole = "0"
    if field.change_of or field.change_rate_of or field.signed:
        number, whole = (f"+{shape};-{shape};{shape}" for shape in (number, whole))
    shape = {"valign": "vcenter", "border": 4, "border_color": "#BBBBBB", **look}
    if field.type in ("text", "list"):
        # Text is set off from the figures to its left, which end at the cell's edge.
        shape |= {"num_format": "General", "text_wrap": True, "align": "left", "indent": 1}
        style = book.add_format(shape)
        return _Styles(style, style)
    if not is_numeric(field):
        shape["align"] = "center"
    usual = book.add_format({**shape, "num_format": number})
    return _Styles(
        usual, book.add_format({**shape, "num_format": whole}) if field.type == "number" else usual
    )


def _write_totals(sheet: Any, table: ReportTable, row: int, styles: list[_Styles]) -> int:
    columns = people_columns(table)
    if not any(c.name in table.totals for c in columns):
        return row
    for column, field in enumerate(columns):
        if field.name in table.totals:
            _write(sheet, (row, column), table.totals[field.name], field, styles[column])
        elif column == 0:
            sheet.write_string(row, 0, TOTAL)
    return row + 1


def _write(sheet: Any, at: tuple[int, int], value: Cell, field: Field, styles: _Styles) -> None:
    style = styles.whole if isinstance(value, int) else styles.usual
    if value is None:
        sheet.write_blank(*at, None, style)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # What reads as zero must not be shown as -0.0%.
        is_zero = value < 0 and "-" not in shown(value, field)
        sheet.write_number(*at, 0 if is_zero else value, style)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(*at, value, style)
    else:
        sheet.write_string(*at, shown(value, field)[:_CELL], style)


def _widths(table: ReportTable, columns: tuple[Field, ...]) -> list[int]:
    """Return the columns' widths; texts give way, and fold, where the table would print too small."""
    natural = [_width(table, field) for field in columns]
    figures = [is_numeric(field) or width <= _UNBROKEN for width, field in zip(natural, columns, strict=True)]
    least = sum(w if keeps else _NARROWEST for w, keeps in zip(natural, figures, strict=True))
    # What is printed on several pages anyway need not fold its names.
    room = _PAGE if least <= _BROADEST else _PAGE * ceil(least / _PAGE)
    for widest in (_WIDEST, 40, 30, 22, _NARROWEST):
        widths = [w if keeps else min(w, widest) for w, keeps in zip(natural, figures, strict=True)]
        if sum(widths) <= room:
            break
    spare = room - sum(widths)
    cut = [place for place, width in enumerate(widths) if width < natural[place]]
    for left, place in enumerate(cut):
        more = min(natural[place] - widths[place], max(0, spare) // (len(cut) - left))
        widths[place] += more
        spare -= more
    return widths


def _width(table: ReportTable, field: Field) -> int:
    """Return the width that fits the figures; long headings are folded over them."""
    longest = max((cell_len(shown(row.get(field.name), field)) for row in table.rows), default=0)
    longest = max(
        longest, cell_len(shown(table.totals[field.name], field)) if field.name in table.totals else 0
    )
    if not is_numeric(field):
        return min(_WIDEST, max(longest + 3, min(cell_len(heading(field)) + _FILTER_BUTTON, _FOLDED)))
    head = folded_heading(field.label, field.unit, longest, _FOLDED).split("\n")
    return max(longest + 3, *(cell_len(line) + 2 for line in head))

"""A report as an Excel workbook: one sheet, real numbers, percent formats, widths that fit Chinese."""

import io
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from hotline_tools.render.columns import full_title
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.values import (
    TOTAL,
    heading,
    is_numeric,
    naming_columns,
    people_columns,
    shown,
)
from hotline_tools.render.wrapping import wrapped
from hotline_tools.table import Cell, Field, ReportTable

_FORMATS = {
    "integer": "#,##0",
    "rate": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_WIDEST, _FOLDED, _FILTER_BUTTON = 60, 13, 3
"""Widths in characters: of a column at most, of a heading over figures before it is folded."""
_PAGE = 220
"""Wider tables would print too small on one page."""
_LINE = 15
"""Points."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
"""What Excel refuses in the name of a sheet."""
_DETAIL = "明细"
_CELL = 32_767
"""Characters that a cell holds."""


def render_xlsx(table: ReportTable) -> bytes:
    """Return the workbook: title, header (frozen, with filters), rows, totals, notes."""
    sink = io.BytesIO()
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        if table.grid is not None and table.rows:
            # Figures stay figures here, so the mark is left to the rows on the second sheet.
            _write_grid(book, pivoted(replace(table, grid=replace(table.grid, mark=""))), table.title)
            write_sheet(book, table, _DETAIL)
        else:
            write_sheet(book, table, table.title)
    return sink.getvalue()


def _write_grid(book: Any, table: ReportTable, name: str) -> None:
    """Write a matrix and shade its cells by their value, sums apart."""
    sheet = write_sheet(book, table, name)
    shades = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#F8A36B"}
    sheet.conditional_format(2, 1, 1 + len(table.rows), len(table.columns) - 2, shades)
    for column, field in enumerate(table.columns[1:], 1):
        sheet.set_column(column, column, max(7, cell_len(heading(field)) + 1))


def write_sheet(book: Any, table: ReportTable, name: str) -> Any:
    """Add ``table`` to an open workbook as the sheet ``name`` (made fit for Excel); return the sheet."""
    sheet = book.add_worksheet(_NOT_IN_NAMES.sub(" ", name).strip()[:31] or None)
    columns = people_columns(table)
    _write_head(book, sheet, table, columns)
    styles = [_style(book, field) for field in columns]
    for index, row in enumerate(table.rows, 2):
        for column, field in enumerate(columns):
            _write(sheet, (index, column), row.get(field.name), field, styles[column])
    end = 2 + len(table.rows)
    if table.rows:
        sheet.autofilter(1, 0, end - 1, len(columns) - 1)
    end = _write_totals(sheet, table, end, styles)
    for offset, note in enumerate(table.notes, 1):
        sheet.write_string(end + offset, 0, f"注：{note}")
    _lay_out(sheet, table, columns)
    return sheet


def _lay_out(sheet: Any, table: ReportTable, columns: tuple[Field, ...]) -> None:
    """Keep heading and names in sight; print on one page's width, or readably on several."""
    names = len(naming_columns(columns))
    sheet.freeze_panes(2, names)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(1)
    if sum(_width(table, field) for field in columns) <= _PAGE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(70)
        if names:
            sheet.repeat_columns(0, names - 1)


def _write_head(book: Any, sheet: Any, table: ReportTable, columns: tuple[Field, ...]) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    sheet.write_string(0, 0, full_title(table), bold)
    lines = 1
    for column, field in enumerate(columns):
        width = _width(table, field)
        sheet.write_string(1, column, heading(field), head)
        sheet.set_column(column, column, width)
        lines = max(lines, len(wrapped(heading(field), int(width) - 1).split("\n")))
    sheet.set_row(1, _LINE * lines)


def _style(book: Any, field: Field) -> Any:
    least = f"{10.0**-field.digits:.{field.digits}f}"
    number = f"#,##0.{'0' * field.digits}" if field.digits == 1 else f'[<{least}]"<{least}";{least[:-1]}0'
    wraps = field.type in ("text", "list")
    shape = {"num_format": _FORMATS.get(field.type, number), "valign": "top", "text_wrap": wraps}
    return book.add_format({**shape, "num_format": "General"} if wraps else shape)


def _write_totals(sheet: Any, table: ReportTable, row: int, styles: list[Any]) -> int:
    columns = people_columns(table)
    if not any(c.name in table.totals for c in columns):
        return row
    for column, field in enumerate(columns):
        if field.name in table.totals:
            _write(sheet, (row, column), table.totals[field.name], field, styles[column])
        elif column == 0:
            sheet.write_string(row, 0, TOTAL)
    return row + 1


def _write(sheet: Any, at: tuple[int, int], value: Cell, field: Field, style: Any) -> None:
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


def _width(table: ReportTable, field: Field) -> float:
    """Return the width that fits the figures; long headings are folded over them."""
    longest = max((cell_len(shown(row.get(field.name), field)) for row in table.rows[:500]), default=0)
    head = cell_len(heading(field)) + _FILTER_BUTTON
    return min(_WIDEST, max(longest + 2, min(head, _FOLDED) if is_numeric(field) else head))

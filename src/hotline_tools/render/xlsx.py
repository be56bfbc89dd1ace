"""A report as an Excel workbook: one sheet, real numbers, percent formats, widths that fit Chinese."""

import io
from datetime import date, datetime
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from hotline_tools.render.values import TOTAL, heading, shown
from hotline_tools.table import Cell, Field, ReportTable

_FORMATS = {
    "integer": "#,##0",
    "number": "#,##0.0",
    "rate": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_WIDEST = 60


def render_xlsx(table: ReportTable) -> bytes:
    """Return the workbook: title, header (frozen, with filters), rows, totals, notes."""
    sink = io.BytesIO()
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        write_sheet(book, table, table.title)
    return sink.getvalue()


def write_sheet(book: Any, table: ReportTable, name: str) -> None:
    """Add ``table`` to an open workbook as the sheet ``name`` (Excel allows 31 characters)."""
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    sheet.write_string(0, 0, f"{table.title}（{table.period}）", bold)
    styles = [
        book.add_format({"num_format": _FORMATS.get(c.type, "General"), "valign": "top"})
        for c in table.columns
    ]
    for column, field in enumerate(table.columns):
        sheet.write_string(1, column, heading(field), head)
        sheet.set_column(column, column, _width(table, field))
    for index, row in enumerate(table.rows, 2):
        for column, field in enumerate(table.columns):
            _write(sheet, index, column, row.get(field.name), styles[column])
    end = 2 + len(table.rows)
    if table.rows:
        sheet.autofilter(1, 0, end - 1, len(table.columns) - 1)
    end = _write_totals(sheet, table, end, styles)
    for offset, note in enumerate(table.notes, 1):
        sheet.write_string(end + offset, 0, f"注：{note}")
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _write_totals(sheet: Any, table: ReportTable, row: int, styles: list[Any]) -> int:
    if not any(c.name in table.totals for c in table.columns):
        return row
    for column, field in enumerate(table.columns):
        if field.name in table.totals:
            _write(sheet, row, column, table.totals[field.name], styles[column])
        elif column == 0:
            sheet.write_string(row, 0, TOTAL)
    return row + 1


def _write(sheet: Any, row: int, column: int, value: Cell, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, style)
    else:
        text = "、".join(map(str, value)) if isinstance(value, list) else value
        sheet.write_string(row, column, text[:32767], style)


def _width(table: ReportTable, field: Field) -> float:
    texts = [heading(field), *(shown(row.get(field.name), field) for row in table.rows[:500])]
    return min(_WIDEST, max(cell_len(text) for text in texts) + 3)

"""A ``Document`` as an Excel workbook: an overview with native charts, then one sheet a table."""

import io
from math import ceil
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.cells import fitted
from hotline_tools.render.columns import full_title
from hotline_tools.render.native import (
    BAR,
    BASE,
    FALL,
    FEW_BARS,
    FEW_POINTS,
    LINES,
    PALE,
    ROOM,
    NativeChart,
    NativeSeries,
    native_charts,
    source_of,
    write_data,
)
from hotline_tools.render.opc import MADE, xml_text
from hotline_tools.render.registry import render_chart
from hotline_tools.render.xlsx import render_xlsx, set_paper, write_report
from hotline_tools.table import ReportTable

__all__ = ["render_document", "render_xlsx"]

_OVERVIEW, _DATA = "概览", "图表数据"
_COLUMN = 80
"""Width of the overview's column in characters."""
_PIXELS, _ROW = 565, 20
"""Width of the column and height of a row in pixels."""
_LINE, _PAGE = 18, 980
"""Height of a line of text in points; height of a printed page of the overview in pixels."""
_DOTS = 160
"""Dots an inch of pictures, by which xlsxwriter scales them."""
_HEADING, _PICTURE = 60, 400
"""Pixels kept for a heading or a caption, and for a picture."""
_FONT = {"name": "宋体", "size": 10}
_MARKERS = ("circle", "square", "triangle", "diamond")


def render_document(document: Document) -> bytes:
    """Return the document as a workbook; the same document gives the same bytes.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    sink = io.BytesIO()
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"title": xml_text(document.title), "created": MADE})
        overview = _Overview(book)
        overview.write_document(document)
        tables = {id(table): table for table in document.tables}
        for number, table in enumerate(tables.values(), 1):
            write_report(book, table, f"{number} {table.title}", f"{number} 明细")
        overview.write_data()
    return sink.getvalue()


class _Overview:
    """The first sheet, written from top to bottom; what its charts draw is kept for the last sheet."""

    def __init__(self, book: Any):
        self._book = book
        self._sheet = book.add_worksheet(_OVERVIEW)
        self._row = 0
        self._used = 0.0
        """Pixels taken of the printed page."""
        self._breaks: list[int] = []
        self._charts: list[tuple[NativeChart, int]] = []
        self._column = 0
        text = {"text_wrap": True, "valign": "top", "font_name": "宋体"}
        self._styles = {
            "title": book.add_format({**text, "bold": True, "font_size": 18, "align": "center"}),
            "period": book.add_format({**text, "align": "center"}),
            "heading": book.add_format({**text, "bold": True, "font_size": 14}),
            "text": book.add_format({**text, "font_size": 12, "indent": 1}),
            "caption": book.add_format({**text, "bold": True, "align": "center"}),
            "note": book.add_format({**text, "font_color": "#595959"}),
            "verify": book.add_format({**text, "bold": True, "font_color": "#C00000"}),
        }

    def write_document(self, document: Document) -> None:
        head = document.letterhead
        self._write(document.title, "title", 2)
        details = [
            document.period,
            *((head.number, head.compiled_by or head.issuer, head.date) if head else ()),
        ]
        self._write("　".join(filter(None, details)), "period")
        for place, reason in enumerate(document.to_verify):
            self._write(f"{'待核：' if place == 0 else ''}{reason}", "verify")
        for section in document.sections:
            self._write_section(section)
        for note in document.notes:
            self._write(f"注：{note}", "note")
        self._set_up()

    def _write_section(self, section: Section) -> None:
        shown = [part for part in section.parts if not isinstance(part, ReportTable)]
        if not shown:
            return
        self._keep(_HEADING + self._height_of(shown[0]))
        self._write(section.title, "heading", 1.5)
        for part in shown:
            if isinstance(part, Sentence):
                self._write(part.text, "text")
            elif isinstance(part, Chart):
                self._write_chart(part)

    def _height_of(self, part: Sentence | Chart) -> float:
        """Return how much of a page a part takes at least, so that its heading goes with it."""
        if isinstance(part, Sentence):
            return _HEADING
        natives = native_charts(part.table)
        return _HEADING + (_height_of(natives[0]) if natives else _PICTURE)

    def _write(self, text: str, style: str, scale: float = 1) -> None:
        """Write a text across the page in a row as tall as it needs."""
        if not text:
            return
        lines = ceil(cell_len(text) * scale**0.5 * 1.1 / _COLUMN)
        height = _LINE * lines * max(1.0, scale * 0.9)
        self._keep(height)
        self._sheet.set_row(self._row, height)
        self._sheet.write_string(self._row, 0, fitted(xml_text(text)), self._styles[style])
        self._row += 1
        self._used += height * 4 / 3

    def _write_chart(self, chart: Chart) -> None:
        title = chart.title or full_title(chart.table)
        natives = native_charts(chart.table)
        for native in natives:
            part = f"（{native.part}）" if native.part else ""
            height = _height_of(native)
            self._keep(height + _HEADING)
            self._write(title + part, "caption")
            office = _office_chart(self._book, native, self._column)
            office.set_size({"width": _PIXELS, "height": height})
            self._sheet.insert_chart(
                self._row, 0, office, {"description": xml_text((chart.alt or title) + part)}
            )
            self._charts.append((native, self._column))
            self._column += len(native.series) + 2
            self._skip(height)
            self._write(source_of(chart.table, native), "note")
        if not natives:
            self._write_picture(chart, title)

    def _write_picture(self, chart: Chart, title: str) -> None:
        content = render_chart(chart.table)
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))  # of PNG's header
        scale = min(_PIXELS / width, _PAGE * 0.8 / height)
        self._keep(height * scale + _HEADING)
        self._write(title, "caption")
        options = {
            "image_data": io.BytesIO(content),
            "description": xml_text(chart.alt or title),
            "x_scale": scale * _DOTS / 96,
            "y_scale": scale * _DOTS / 96,
        }
        self._sheet.insert_image(self._row, 0, "chart.png", options)
        self._skip(height * scale)

    def _skip(self, pixels: float) -> None:
        self._row += ceil(pixels / _ROW) + 1
        self._used += pixels + _ROW

    def _keep(self, pixels: float) -> None:
        """Begin a new printed page where what comes has no room on this one."""
        if self._used and self._used + pixels > _PAGE:
            self._breaks.append(self._row)
            self._used = 0

    def _set_up(self) -> None:
        sheet = self._sheet
        sheet.set_column(0, 0, _COLUMN)
        sheet.hide_gridlines(2)
        sheet.set_portrait()
        set_paper(sheet)
        sheet.print_area(0, 0, self._row, 0)
        sheet.set_h_pagebreaks(self._breaks)

    def write_data(self) -> None:
        """Write the last sheet, which the charts draw from."""
        if self._charts:
            sheet = self._book.add_worksheet(_DATA)
            for native, column in self._charts:
                write_data(sheet, native, column)
            sheet.set_landscape()
            set_paper(sheet)
            sheet.fit_to_pages(1, 0)


def _height_of(native: NativeChart) -> int:
    if native.kind == "lines":
        return 320
    return min(int(_PAGE * 0.85), 60 + 22 * len(native.categories) * len(native.series))


def _office_chart(book: Any, native: NativeChart, column: int) -> Any:
    """Return the chart bound to the cells that ``write_data`` fills from ``column`` on."""
    office = book.add_chart({"type": "bar" if native.kind == "bars" else "line"})
    last, own = len(native.categories), -1
    for number, series in enumerate(native.series, 1):
        own += not series.is_base
        look = _bars_look(series) if native.kind == "bars" else _line_look(series, own)
        few = FEW_POINTS if native.kind == "lines" else FEW_BARS
        if (native.kind == "bars" and not series.is_base) or (len(native.series) == 1 and last <= few):
            position = "outside_end" if native.kind == "bars" else "above"
            font = {"font": _FONT, "num_format": native.number_format, "position": position}
            look["data_labels"] = {"value": True, **font}
        office.add_series(
            {
                "name": [_DATA, 0, column + number],
                "categories": [_DATA, 1, column, last, column],
                "values": [_DATA, 1, column + number, last, column + number],
                **look,
            }
        )
    _set_axes(office, native)
    office.set_legend({"position": "bottom", "font": _FONT} if len(native.series) > 1 else {"none": True})
    office.set_title({"none": True})
    office.set_chartarea({"border": {"none": True}})
    return office


def _set_axes(office: Any, native: NativeChart) -> None:
    if native.kind == "bars":
        names = {"reverse": True, "label_position": "low", "major_tick_mark": "none", "interval_unit": 1}
        # The axes of bars are called by where they stand: the names are at the left.
        office.set_y_axis({**names, "num_font": _FONT, "major_gridlines": {"visible": False}})
        values = [value for series in native.series for value in series.values if value is not None]
        ends = {"min": min(0.0, *values, 0.0) * ROOM, "max": max(0.0, *values, 0.0) * ROOM or 1}
        office.set_x_axis({**ends, "visible": False, "major_gridlines": {"visible": False}})
    else:
        grid = {"visible": True, "line": {"color": "#D9D9D9"}}
        office.set_x_axis({"num_font": _FONT})
        office.set_y_axis(
            {"min": 0, "num_font": _FONT, "num_format": native.number_format, "major_gridlines": grid}
        )


def _bars_look(series: NativeSeries) -> dict[str, Any]:
    colours = [
        PALE if place in series.pale else FALL if (value or 0) < 0 else None
        for place, value in enumerate(series.values)
    ]
    points = [{"fill": {"color": f"#{colour}"}} if colour else None for colour in colours]
    return {"fill": {"color": f"#{BASE if series.is_base else BAR}"}, "points": points, "gap": 40}


def _line_look(series: NativeSeries, own: int) -> dict[str, Any]:
    colour = f"#{LINES[own % len(LINES)]}"
    if series.is_base:
        return {"line": {"color": colour, "width": 1.25, "dash_type": "dash"}, "marker": {"type": "none"}}
    marker = {
        "type": _MARKERS[own % len(_MARKERS)],
        "size": 5,
        "fill": {"color": colour},
        "border": {"color": colour},
    }
    return {"line": {"color": colour, "width": 2}, "marker": marker}

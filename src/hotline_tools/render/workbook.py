"""A ``Document`` as an Excel workbook: an overview with native charts, then one sheet a table."""

import io
from math import ceil
from typing import Any

import xlsxwriter

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
    figures_below,
    native_charts,
    source_of,
    write_data,
)
from hotline_tools.render.opc import MADE, xml_text
from hotline_tools.render.printing import BOOK, CHARACTER, lines_of, set_paper
from hotline_tools.render.registry import render_chart
from hotline_tools.render.xlsx import render_xlsx, write_report
from hotline_tools.table import ReportTable

__all__ = ["render_document", "render_xlsx"]

_OVERVIEW, _DATA = "概览", "图表数据"
_COLUMN = 85
"""Width of the overview's column in characters: a page of A4 that stands, in any program."""
_PIXELS, _ROW = 675, 19
"""Width of pictures and height of a row in pixels."""
_LINE, _PAGE = 1.46, 980
"""Height of a line of Chinese in sizes of its type; height of a printed page of the overview in pixels."""
_SMALLER, _POOR = 0.93, 0.3
"""Part of its size in which the overview is printed where that saves a last page used to so small a part."""
_INDENT = 9
"""Points that sentences are set in."""
_DOTS = 160
"""Dots an inch of pictures, by which xlsxwriter scales them."""
_HEADING, _PICTURE = 60, 400
"""Pixels kept for a heading or a caption, and for a picture."""
_AIR = {"title": 12, "heading": 10, "text": 3}
"""Points that a row has beside its lines."""
_FONT = {"name": "宋体", "size": 10}
_MARKERS = ("circle", "square", "triangle", "diamond")


def render_document(document: Document) -> bytes:
    """Return the document as a workbook; the same document gives the same bytes.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, BOOK) as book:
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
        self._blocks: list[tuple[int, float, float]] = []
        """What stays on one page: the row it begins in, the pixels it takes, and those kept free for it."""
        self._charts: list[tuple[NativeChart, int]] = []
        self._column = 0
        text = {"text_wrap": True, "valign": "top"}
        self._styles = {
            "title": book.add_format({**text, "bold": True, "font_size": 18, "align": "center"}),
            "period": book.add_format({**text, "align": "center"}),
            "heading": book.add_format({**text, "bold": True, "font_size": 14, "valign": "vcenter"}),
            "text": book.add_format({**text, "font_size": 12, "indent": 1}),
            "caption": book.add_format({**text, "bold": True, "align": "center"}),
            "note": book.add_format({**text, "font_color": "#595959"}),
            "verify": book.add_format({**text, "bold": True, "font_color": "#C00000"}),
        }

    def write_document(self, document: Document) -> None:
        head = document.letterhead
        self._write(document.title, "title")
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
        self._write(section.title, "heading", self._height_of(shown[0]))
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

    def _write(self, text: str, style: str, below: float = 0) -> None:
        """Write a text across the page in a row as tall as it needs, on a page with so much ``below`` it."""
        if not text:
            return
        look = self._styles[style]
        room = _COLUMN * CHARACTER - (_INDENT if style == "text" else 0)
        lines = lines_of(text, room, look.font_size)
        height = ceil(_LINE * look.font_size * lines + _AIR.get(style, 1))
        self._blocks.append((self._row, height * 4 / 3, height * 4 / 3 + below))
        self._sheet.set_row(self._row, height)
        self._sheet.write_string(self._row, 0, fitted(xml_text(text)), look)
        self._row += 1

    def _write_chart(self, chart: Chart) -> None:
        title = chart.title or full_title(chart.table)
        natives = native_charts(chart.table)
        for native in natives:
            part = f"（{native.part}）" if native.part else ""
            height = _height_of(native)
            self._write(title + part, "caption", height + _HEADING)
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
        self._write(title, "caption", height * scale)
        options = {
            "image_data": io.BytesIO(content),
            "description": xml_text(chart.alt or title),
            "x_scale": scale * _DOTS / 96,
            "y_scale": scale * _DOTS / 96,
        }
        self._sheet.insert_image(self._row, 0, "chart.png", options)
        self._skip(height * scale)

    def _skip(self, pixels: float) -> None:
        rows = ceil(pixels / _ROW) + 1
        self._blocks.append((self._row, rows * _ROW, 0))
        self._row += rows

    def _pages(self, height: float) -> tuple[list[int], float]:
        """Return the rows that begin a new page where each holds so many pixels, and what the last takes."""
        breaks, used = [], 0.0
        for row, taken, kept in self._blocks:
            if used and used + kept > height:
                breaks.append(row)
                used = 0
            used += taken
        return breaks, used

    def _set_up(self) -> None:
        sheet = self._sheet
        sheet.set_column(0, 0, _COLUMN)
        sheet.hide_gridlines(2)
        sheet.set_portrait()
        set_paper(sheet)
        sheet.print_area(0, 0, self._row, 0)
        sheet.center_horizontally()
        breaks, last = self._pages(_PAGE)
        smaller, _ = self._pages(_PAGE / _SMALLER)
        if last < _PAGE * _POOR and len(smaller) < len(breaks):
            sheet.set_print_scale(int(_SMALLER * 100))
            sheet.set_h_pagebreaks(smaller)
        else:
            # Where a program lacks the type and takes a wider one, the page is printed smaller, not cut.
            sheet.fit_to_pages(1, 0)
            sheet.set_h_pagebreaks(breaks)

    def write_data(self) -> None:
        """Write the last sheet, which the charts draw from."""
        if self._charts:
            sheet = self._book.add_worksheet(_DATA)
            for native, column in self._charts:
                # A figure that stands apart from the others has the format of its cell.
                look = self._book.add_format({"num_format": native.number_format})
                write_data(sheet, native, column, look)
            sheet.hide()


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
            if native.kind == "lines":
                look["data_labels"] |= _off_the_line(series)
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


def _off_the_line(series: NativeSeries) -> dict[str, Any]:
    """Return what keeps figures legible over a line: a white ground, and some of them stand below."""
    white = {"fill": {"color": "#FFFFFF"}}
    below = figures_below(series.values)
    labels = [
        {"position": "below", "font": _FONT, **white} if place in below else None
        for place in range(len(series.values))
    ]
    return {**white, "custom": labels}


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
        office.set_x_axis({"num_font": {**_FONT, "rotation": -45} if native.is_crowded else _FONT})
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

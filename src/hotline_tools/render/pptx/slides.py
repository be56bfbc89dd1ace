"""Slides: text, chart, table; each with a title and, in its notes, where the figures are from."""

import io
from collections.abc import Iterator
from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.parts.chart import ChartPart
from pptx.util import Emu, Pt

from hotline_tools.document import Chart
from hotline_tools.render.columns import full_title, notes_of
from hotline_tools.render.fitting import PageTable, cell_len, fitted, left_out_notes
from hotline_tools.render.native import NativeChart, native_charts, source_of, workbook
from hotline_tools.render.native_xml import chart_xml
from hotline_tools.render.opc import xml_text
from hotline_tools.render.pptx.text import FONT, write, write_lines
from hotline_tools.render.registry import render_chart
from hotline_tools.table import ReportTable

TEXT, FIGURE = 1, 2
"""Layouts of the base presentation, behind that of the first slide."""
_LEFT, _TOP, _WIDTH, _HEIGHT = Emu(609600), Emu(1463040), Emu(10972800), Emu(4754880)
"""The room below a slide's title."""
_SIZES = (14, 12, 11)
"""Type sizes of tables in points, the first that the columns fit in."""
_ROWS = 10
"""Rows of a table that a slide holds."""
_CHART_POINTS, _MANY_POINTS, _MANY = 14, 10.5, 16
"""Type of charts; that of charts with more bars than a slide holds in the larger one."""
_LINE_CELLS, _LINES = 84, 11
"""Cells of a line of text, and lines that a slide holds."""


def add_text(deck: Any, title: str, lines: list[str], sources: list[str]) -> None:
    """Add as many slides as the sentences take."""
    for part in _slides_of(lines):
        slide = _new(deck, TEXT, title)
        write_lines(slide.placeholders[1].text_frame, part)
        _note(slide, sources)


def _slides_of(lines: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    used = 0.0
    for line in lines:
        height = -(-cell_len(line) // _LINE_CELLS) + 0.4
        if part and used + height > _LINES:
            yield part
            part, used = [], 0.0
        part.append(line)
        used += height
    if part:
        yield part


def add_chart(deck: Any, chart: Chart, section: str) -> None:
    """Add a slide of the chart, or one for each panel; a kind without native form is a picture."""
    title, notes = chart.title or full_title(chart.table), [source_of(chart.table), *notes_of(chart.table)]
    alt = chart.alt or title
    natives = native_charts(chart.table)
    for native in natives:
        part = f"（{native.part}）" if native.part else ""
        slide = _new(deck, FIGURE, title + part)
        _add_native(slide, native, alt + part)
        _note(slide, [section, *notes])
    if not natives:
        slide = _new(deck, FIGURE, title)
        _add_picture(slide, chart, alt)
        _note(slide, [section, *notes])


def _add_native(slide: Any, native: NativeChart, alt: str) -> None:
    package = slide.part.package
    points = _CHART_POINTS if len(native.categories) <= _MANY else _MANY_POINTS
    part = ChartPart.load(
        package.next_partname(ChartPart.partname_template),
        CONTENT_TYPE.DML_CHART,
        package,
        chart_xml(native, points, FONT, "rId1"),
    )
    name = PackURI(f"/ppt/embeddings/{part.partname.filename.replace('.xml', '.xlsx')}")
    part.relate_to(Part(name, CONTENT_TYPE.SML_SHEET, package, workbook(native)), RELATIONSHIP_TYPE.PACKAGE)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    frame = slide.shapes._add_chart_graphicFrame(relation, _LEFT, _TOP, _WIDTH, _HEIGHT)
    _describe(frame.nvGraphicFramePr.cNvPr, alt)


def _add_picture(slide: Any, chart: Chart, alt: str) -> None:
    picture = slide.shapes.add_picture(io.BytesIO(render_chart(chart.table)), _LEFT, _TOP)
    scale = min(_WIDTH / picture.width, _HEIGHT / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    picture.left = Emu(_LEFT + (_WIDTH - picture.width) // 2)
    _describe(picture._pic.nvPicPr.cNvPr, alt)


def add_table(deck: Any, table: ReportTable) -> None:
    """Add as many slides as the rows take, ten at most on each, every one with the table's head."""
    title, notes = full_title(table), [*notes_of(table)]
    pages = fitted(table, Emu(_WIDTH).pt, _SIZES)
    parts = [(page, rows) for page in pages for rows in _rows_of(page)]
    for place, (page, rows) in enumerate(parts, 1):
        slide = _new(deck, FIGURE, f"{title}（{place}/{len(parts)}）" if len(parts) > 1 else title)
        if table.rows:
            _add_grid(slide, page, rows, title)
        _note(slide, [source_of(table), *notes, *left_out_notes(page)])


def _rows_of(page: PageTable) -> list[list[list[str]]]:
    """Return the rows of each slide, the total line last."""
    rows = [list(cells) for cells in zip(*(column.cells for column in page.columns), strict=True)]
    parts = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)] or [[]]
    if page.has_totals:
        parts[-1].append([column.total for column in page.columns])
    return parts


def _add_grid(slide: Any, page: PageTable, rows: list[list[str]], alt: str) -> None:
    lines = [[column.heading for column in page.columns], *rows]
    frame = slide.shapes.add_table(
        len(lines), len(page.columns), _LEFT, _TOP, _WIDTH, Pt(page.points * 2 * len(lines))
    )
    _describe(frame._element.nvGraphicFramePr.cNvPr, alt)
    grid = frame.table
    for column, width in zip(grid.columns, page.widths, strict=True):
        column.width = Emu(int(width * _WIDTH))
    for number, texts in enumerate(lines):
        grid.rows[number].height = Pt(page.points * 2)
        for place, (column, text) in enumerate(zip(page.columns, texts, strict=True)):
            cell = grid.cell(number, place)
            cell.margin_left = cell.margin_right = Pt(4)
            cell.margin_top = cell.margin_bottom = Pt(2)
            paragraph = cell.text_frame.paragraphs[0]
            if column.numeric:
                paragraph._p.get_or_add_pPr().set("algn", "r")
            write(paragraph, text, page.points, bold=number == 0)


def _new(deck: Any, layout: int, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    write(slide.shapes.title.text_frame.paragraphs[0], title)
    return slide


def _note(slide: Any, lines: list[str]) -> None:
    kept = list(dict.fromkeys(line for line in lines if line))
    if kept:
        write_lines(slide.notes_slide.notes_text_frame, kept)


def _describe(properties: Any, alt: str) -> None:
    properties.set("descr", xml_text(alt))

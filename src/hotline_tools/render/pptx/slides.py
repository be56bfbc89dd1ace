"""Slides: text, chart, table; each with a title and, in its notes, where the figures are from."""

import io
from math import ceil
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.parts.chart import ChartPart
from pptx.util import Emu, Pt

from hotline_tools.document import Chart
from hotline_tools.render.columns import NOISE, NOISE_NOTE, full_title, notes_of
from hotline_tools.render.fitting import PageTable, cell_len, fitted, left_out_notes
from hotline_tools.render.native import NativeChart, native_charts, source_of, workbook
from hotline_tools.render.native_xml import chart_xml
from hotline_tools.render.opc import xml_text
from hotline_tools.render.pptx.text import FONT, write, write_lines
from hotline_tools.render.registry import render_chart
from hotline_tools.render.shares import rounding_notes
from hotline_tools.table import ReportTable

TEXT, FIGURE = 1, 2
"""Layouts of the base presentation, behind that of the first slide."""
_LEFT, _TOP, _WIDTH, _HEIGHT = Emu(609600), Emu(1463040), Emu(10972800), Emu(4754880)
"""The room below a slide's title."""
_BESIDE = Emu(6949440)
"""Width of a chart that has its sentences beside it."""
_SIZES = (18, 16, 14, 12, 11)
"""Type sizes of tables in points: the first in which it takes the fewest slides."""
_WIDER = 1.2
"""Width of a figure of the type used here, in halves of an em."""
_ROWS = 10
"""Rows of a table that a slide holds."""
_CHART_POINTS, _BESIDE_CHART_POINTS = 14, 12
_BARS, _BAR = 15, Emu(480000)
"""Bars that a slide holds, and the height of one where there are few."""
_RAGGED = 1.1
"""Length of a line of text, in lengths of what is written in it: figures are not broken."""
_TEXT_POINTS, _BESIDE_POINTS = 20, 16
_GAP = Emu(304800)
_FOOT_WIDTH, _FOOT_HEIGHT, _FOOT_POINTS = Emu(9966960), Emu(411480), 12
"""Room and type size of what is said below a table, beside the number of the slide."""
_TITLE_CELLS = 54
"""Cells of a title that stays on one line with the number of its slide."""


def add_text(deck: Any, title: str, lines: list[str], sources: list[str]) -> None:
    """Add as many slides as the sentences take; those behind the first say that they go on."""
    for place, part in enumerate(_slides_of(lines)):
        slide = _new(deck, TEXT, f"{title}（续）" if place else title)
        write_lines(slide.placeholders[1].text_frame, part)
        _note(slide, sources)


def _slides_of(lines: list[str]) -> list[list[str]]:
    """Return the sentences of each slide: as few slides as hold them, about equally full."""
    fewest = len(_filled(lines, _HEIGHT))
    height = _height(lines, _WIDTH, _TEXT_POINTS) / max(1, fewest)
    while height < _HEIGHT and len(_filled(lines, height)) > fewest:
        height *= 1.05
    return _filled(lines, min(height, _HEIGHT))


def _filled(lines: list[str], height: float) -> list[list[str]]:
    """Return the sentences of slides of a height, each filled as far as it goes."""
    parts: list[list[str]] = []
    for line in lines:
        if parts and _height([*parts[-1], line], _WIDTH, _TEXT_POINTS) <= height:
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


def _height(lines: list[str], width: float, points: float) -> float:
    """Return the height of paragraphs in English metric units, by the spacing of the base presentation."""
    cells = Emu(int(width)).pt / (points / 2) / _RAGGED
    return sum(Pt(points * 1.45 * ceil(cell_len(line) / cells) + 9) for line in lines)


def add_chart(deck: Any, chart: Chart, heading: str, lines: list[str], sources: list[str]) -> None:
    """Add a slide of the chart, or one for each panel; the sentences stand beside the first.

    Sentences that have no room there come on slides before, under the chapter's ``heading``; otherwise the
    first title begins with it.
    A kind without native form is a picture.
    """
    title = chart.title or full_title(chart.table)
    natives = native_charts(chart.table, _BARS)
    room = _WIDTH - _BESIDE - _GAP
    headed = _headed(heading, title)
    is_beside = bool(lines) and cell_len(headed) <= _TITLE_CELLS
    is_beside = is_beside and _height(lines, room, _BESIDE_POINTS) <= _HEIGHT
    if lines and not is_beside:
        add_text(deck, heading, lines, sources)
        headed = title
    for place, native in enumerate(natives or [None]):
        part = f"（{native.part}）" if native and native.part else ""
        slide = _new(deck, FIGURE, (title if place else headed) + part)
        alt = (chart.alt or title) + part
        has_text = is_beside and place == 0
        width = _BESIDE if has_text else _WIDTH
        if native is None:
            _add_picture(slide, chart, alt, width)
        else:
            _add_native(slide, native, alt, width)
        if has_text:
            frame = slide.shapes.add_textbox(_LEFT + _BESIDE + _GAP, _TOP, room, _HEIGHT).text_frame
            frame.word_wrap = True
            write_lines(frame, lines, points=_BESIDE_POINTS)
        _note(slide, [source_of(chart.table, native), *sources, *notes_of(chart.table)])


def _add_native(slide: Any, native: NativeChart, alt: str, width: int) -> None:
    package, points = slide.part.package, _CHART_POINTS if width == _WIDTH else _BESIDE_CHART_POINTS
    part = ChartPart.load(
        package.next_partname(ChartPart.partname_template),
        CONTENT_TYPE.DML_CHART,
        package,
        chart_xml(native, points, (FONT, FONT), "rId1"),
    )
    name = PackURI(f"/ppt/embeddings/{part.partname.filename.replace('.xml', '.xlsx')}")
    part.relate_to(Part(name, CONTENT_TYPE.SML_SHEET, package, workbook(native)), RELATIONSHIP_TYPE.PACKAGE)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    few = _BAR * (1 + len(native.categories) * len(native.series))
    height = min(_HEIGHT, Emu(few)) if native.kind == "bars" else _HEIGHT
    frame = slide.shapes._add_chart_graphicFrame(relation, _LEFT, _TOP, width, height)
    _describe(frame.nvGraphicFramePr.cNvPr, alt)


def _add_picture(slide: Any, chart: Chart, alt: str, width: int) -> None:
    picture = slide.shapes.add_picture(io.BytesIO(render_chart(chart.table)), _LEFT, _TOP)
    scale = min(width / picture.width, _HEIGHT / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    picture.left = Emu(_LEFT + (width - picture.width) // 2)
    _describe(picture._pic.nvPicPr.cNvPr, alt)


def _headed(heading: str, title: str) -> str:
    """Return the title of a slide with which a chapter begins."""
    return f"{heading}：{title}" if heading else title


def add_table(deck: Any, table: ReportTable, heading: str, sources: list[str]) -> None:
    """Add as many slides as the rows take, ten at most on each, every one with the table's head.

    The first title begins with the ``heading`` of the chapter, if any.
    """
    title = full_title(table)
    title = title if cell_len(title) <= _TITLE_CELLS else table.title
    parts = min((_parts(table, _SIZES[place:]) for place in range(len(_SIZES))), key=len)
    for place, (page, rows) in enumerate(parts, 1):
        own = title if place > 1 else _headed(heading, title)
        slide = _new(deck, FIGURE, f"{own}（{place}/{len(parts)}）" if len(parts) > 1 else own)
        if table.rows:
            _add_grid(slide, page, rows, full_title(table))
            _add_foot(slide, _to_be_told(page, rows))
        _note(slide, [source_of(table), *sources, *notes_of(page.table), *left_out_notes(page)])


def _parts(table: ReportTable, sizes: tuple[int, ...]) -> list[tuple[PageTable, list[list[str]]]]:
    """Return the table and the rows of each slide."""
    pages = fitted(table, Emu(_WIDTH).pt / _WIDER, sizes)
    return [(page, rows) for page in pages for rows in _rows_of(page)]


def _rows_of(page: PageTable) -> list[list[list[str]]]:
    """Return the rows of each slide, the total line last."""
    rows = [list(cells) for cells in zip(*(column.cells for column in page.columns), strict=True)]
    if page.has_totals:
        rows.append([column.total for column in page.columns])
    head = _row_height([column.heading for column in page.columns], page)
    parts: list[list[list[str]]] = [[]]
    used = head
    for number, row in enumerate(rows):
        height = _row_height(row, page)
        is_total = page.has_totals and number == len(rows) - 1
        if parts[-1] and (used + height > _HEIGHT or (len(parts[-1]) == _ROWS and not is_total)):
            parts.append([])
            used = head
        parts[-1].append(row)
        used += height
    return parts


def _row_height(texts: list[str], page: PageTable) -> float:
    """Return the height of a row whose texts fold, in English metric units."""
    cells = Emu(_WIDTH).pt / _WIDER / (page.points / 2)
    lines = [
        ceil(cell_len(text) / max(1, width * cells - 1))
        for text, width in zip(texts, page.widths, strict=True)
    ]
    return Pt(page.points * 1.25 * max([1, *lines]) + 6)


def _add_grid(slide: Any, page: PageTable, rows: list[list[str]], alt: str) -> None:
    lines = [[column.heading for column in page.columns], *rows]
    frame = slide.shapes.add_table(len(lines), len(page.columns), _LEFT, _TOP, _WIDTH, Pt(1))
    _describe(frame._element.nvGraphicFramePr.cNvPr, alt)
    grid = frame.table
    for column, width in zip(grid.columns, page.widths, strict=True):
        column.width = Emu(int(width * _WIDTH))
    for number, texts in enumerate(lines):
        grid.rows[number].height = Emu(int(_row_height(texts, page)))
        for place, (column, text) in enumerate(zip(page.columns, texts, strict=True)):
            _fill_cell(grid.cell(number, place), text, page.points, is_head=number == 0)
            if column.numeric:
                paragraph = grid.cell(number, place).text_frame.paragraphs[0]
                paragraph.alignment = PP_ALIGN.RIGHT


def _to_be_told(page: PageTable, rows: list[list[str]]) -> list[str]:
    """Return what a slide does not explain: what its marks mean, why shares do not sum to 100 %."""
    is_marked = NOISE_NOTE in notes_of(page.table) and any(NOISE in text for row in rows for text in row)
    return [*([str(NOISE_NOTE)] if is_marked else []), *(str(note) for note in rounding_notes(page.table))]


def _add_foot(slide: Any, lines: list[str]) -> None:
    """Write lines in small type below what stands on a slide."""
    if lines:
        frame = slide.shapes.add_textbox(_LEFT, _TOP + _HEIGHT, _FOOT_WIDTH, _FOOT_HEIGHT).text_frame
        frame.word_wrap, frame.margin_left = True, 0
        write_lines(frame, ["　".join(lines)], points=_FOOT_POINTS)


def _fill_cell(cell: Any, text: str, points: float, *, is_head: bool) -> None:
    """Write a cell, ruled below; its look is its own, since not every program knows Office's table styles."""
    cell.margin_left = cell.margin_right = Pt(points * 0.3)
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    write(cell.text_frame.paragraphs[0], text, points, bold=is_head)
    properties = cell._tc.get_or_add_tcPr()
    rule = properties.makeelement(qn("a:lnB"), {"w": "6350"})
    colour = rule.makeelement(qn("a:solidFill"), {})
    colour.append(colour.makeelement(qn("a:srgbClr"), {"val": "A6A6A6"}))
    rule.append(colour)
    properties.append(rule)
    if is_head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string("E7EEF7")
    else:
        cell.fill.background()


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

"""Charts of Word: native and editable where their kind has such a form, else a picture; caption below."""

import io

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Mm
from jinja2 import Environment

from hotline_tools.document import Chart
from hotline_tools.render.columns import full_title
from hotline_tools.render.docx.elements import element, paragraph, run
from hotline_tools.render.docx.tables import caption
from hotline_tools.render.native import NativeChart, native_charts, source_of, workbook
from hotline_tools.render.native_xml import chart_xml
from hotline_tools.render.opc import xml_text
from hotline_tools.render.registry import render_chart

_INLINE = Environment(autoescape=True).from_string(
    """<wp:inline distT="0" distB="0" distL="0" distR="0"
  xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
  <wp:extent cx="{{ width }}" cy="{{ height }}"/>
  <wp:docPr id="{{ id }}" name="图 {{ id }}" descr="{{ alt }}"/>
  <wp:cNvGraphicFramePr/>
  <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
    <c:chart r:id="{{ relation }}"/>
  </a:graphicData></a:graphic>
</wp:inline>"""
)
_WIDTH = Mm(154)
_TALLEST = Mm(190)
_MANY = 16
"""Bars beyond which they stand closer, in smaller type."""
_POINTS, _SMALL_POINTS = 10.5, 9
_FONTS = ("Times New Roman", "宋体")


class Figures:
    """Draws the charts of one Word document, each with its own number and parts."""

    def __init__(self, word: WordDocument):
        self._word = word
        self._number = 0
        self._drawings = 0

    def block(self, chart: Chart) -> list[BaseOxmlElement]:
        """Return a chart with its caption; a figure of several panels has a caption for each.

        Raises ``NotComputableError`` for a chart with nothing to draw.
        """
        title = chart.title or full_title(chart.table)
        alt = chart.alt or title
        natives = native_charts(chart.table)
        if not natives:
            return [*self._figure(self._picture(chart, alt), title), paragraph("Note")]
        block = []
        for native in natives:
            part = f"（{native.part}）" if native.part else ""
            block += self._figure(self._native(native, alt + part), title + part)
            block.append(paragraph("FigureNote", run(source_of(chart.table, native))))
        return block

    def _figure(self, drawing: BaseOxmlElement, title: str) -> list[BaseOxmlElement]:
        self._number += 1
        return [
            paragraph("Figure", element("r", element("drawing", drawing))),
            caption("Caption", "图", self._number, title),
        ]

    def _native(self, native: NativeChart, alt: str) -> BaseOxmlElement:
        self._drawings += 1
        package, number = self._word.part.package, self._drawings
        book = Part(
            PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, workbook(native), package
        )
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
        relation = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
        points = _POINTS if len(native.categories) <= _MANY else _SMALL_POINTS
        part._blob = chart_xml(native, points, _FONTS, relation)
        inline = _INLINE.render(
            width=int(_WIDTH),
            height=height_of(native, int(_TALLEST)),
            id=number,
            alt=xml_text(alt),
            relation=self._word.part.relate_to(part, RELATIONSHIP_TYPE.CHART),
        )
        made: BaseOxmlElement = parse_xml(inline)
        return made

    def _picture(self, chart: Chart, alt: str) -> BaseOxmlElement:
        self._drawings += 1
        picture = self._word.part.new_pic_inline(io.BytesIO(render_chart(chart.table)), width=_WIDTH)
        if picture.extent.cy > _TALLEST:
            scale = _TALLEST / picture.extent.cy
            size = Emu(int(_WIDTH * scale)), Emu(int(_TALLEST))
            extents = (picture.extent, picture.graphic.graphicData.pic.spPr)
            for extent in extents:
                extent.cx, extent.cy = size
        picture.docPr.set("id", str(self._drawings))
        picture.docPr.set("name", f"图 {self._drawings}")
        picture.docPr.set("descr", xml_text(alt))
        return picture


def height_of(native: NativeChart, tallest: int) -> int:
    """Return a chart's height in English metric units: by its bars, or for lines a little over a third."""
    if native.kind == "lines":
        return int(Mm(66))
    count = len(native.categories)
    bars = count * (1 + 0.25 * (len(native.series) - 1))
    return min(tallest, int(Mm(10 + (5 if count <= _MANY else 4) * bars)))

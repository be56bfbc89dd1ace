"""A report's ``ChartHint`` drawn by matplotlib, as png, svg or pdf."""

import io
from dataclasses import replace
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from hotline_tools.errors import NotComputableError
from hotline_tools.render.drawing.bands import draw_bands
from hotline_tools.render.drawing.bars import draw_bars
from hotline_tools.render.drawing.heat import draw_heat
from hotline_tools.render.drawing.lines import draw_lines
from hotline_tools.render.drawing.panels import draw_panels
from hotline_tools.render.fonts import chinese_font
from hotline_tools.render.opc import xml_text
from hotline_tools.table import Cell, Note, NoteKind, ReportTable

_REASONS = (NoteKind.EMPTY, NoteKind.MISSING)
"""Notes that say why a table is empty; that of an empty scope says what to do, too."""
_NO_ROW = Note(NoteKind.EMPTY, "表里没有一行；请放宽 --period 等筛选条件，或换一张报表。")
_DRAW = {
    "bars": draw_bars,
    "panels": draw_panels,
    "lines": draw_lines,
    "heat": draw_heat,
    "bands": draw_bands,
}


def render_png(table: ReportTable) -> bytes:
    """Return the picture as PNG; raise ``NotComputableError`` when there is nothing to draw."""
    return _picture(table, "png")


def render_svg(table: ReportTable) -> bytes:
    """Return the picture as SVG; raise ``NotComputableError`` when there is nothing to draw."""
    return _picture(table, "svg")


def render_pdf(table: ReportTable) -> bytes:
    """Return the picture as PDF; raise ``NotComputableError`` when there is nothing to draw."""
    return _picture(table, "pdf")


def draw(table: ReportTable) -> Figure:
    """Return the figure; raise ``NotComputableError`` when there is nothing to draw."""
    hint = table.chart
    if hint is None:
        raise NotComputableError(f"报表 {table.report} 没有可画的图", remedy="请改用 hotline report。")
    if not table.rows:
        note = next((note for note in table.notes if note.kind in _REASONS), _NO_ROW)
        remedy = "请换一张报表。" if note.kind == NoteKind.MISSING else ""
        raise NotComputableError(f"没有数据可画：{note.text.rstrip('。')}", remedy=remedy)
    value = table.column(hint.value)
    if hint.kind == "bars" and not any(row.get(value.name) for row in table.rows):
        raise NotComputableError(
            f"没有数据可画：各行的“{value.label}”都是 0 或空缺", remedy="请改用 hotline report 看表。"
        )
    table = _without_controls(table)
    figure = Figure()
    with mpl.rc_context(_style()):
        _DRAW[hint.kind](figure, table, hint)
    return figure


def _without_controls(table: ReportTable) -> ReportTable:
    """Return the table without characters that no font has and no SVG may hold, as those of a terminal."""
    rows: list[dict[str, Cell]] = [
        {name: xml_text(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        for row in table.rows
    ]
    return replace(table, rows=rows)


def _picture(table: ReportTable, file_format: str) -> bytes:
    with mpl.rc_context(_style()):
        figure = draw(table)
        sink = io.BytesIO()
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
        figure.savefig(
            sink, format=file_format, dpi=160, bbox_inches="tight", pad_inches=0.15, metadata=metadata
        )
    return sink.getvalue()


def _style() -> dict[Any, Any]:
    return {
        "font.family": [chinese_font(), "DejaVu Sans"],
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a $ in a name is a $, no formula
        "svg.fonttype": "path",  # a reader of the svg needs no Chinese font
        "svg.hashsalt": "hotline",  # the same table gives the same bytes
        "pdf.fonttype": 42,
    }

"""A ``Document`` as a PDF: what it holds goes to typst as JSON, never as source; fonts come with the package.

The same document gives the same bytes on every machine: no font of the system, no time of making.
"""

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from hotline_tools.document import Chart, Document, Part, Section, Sentence
from hotline_tools.render.columns import full_title, notes_of
from hotline_tools.render.fitting import PageTable, fitted, is_broad, left_out_notes
from hotline_tools.render.opc import MADE, xml_text
from hotline_tools.render.registry import render_chart
from hotline_tools.render.titles import title_lines
from hotline_tools.table import ReportTable

_TEXT, _BROAD = 400.0, 580.0
"""Points that the columns of a table may take on an upright page and on one that lies.

The text is 442 and 638 points wide, but the figures of these fonts take more than half an em.
"""
_SIZES = (12, 10.5, 9)
_TITLE_ROOM = 442 / 22
"""Ems of the title's type between the margins."""
_TALLEST = 0.98
"""Height of a picture in widths of the text, beyond which it is drawn narrower."""
_SIZE = re.compile(rb'<svg[^>]* height="([\d.]+)pt"[^>]* width="([\d.]+)pt"')


def render_document(document: Document) -> bytes:
    """Return the document as a PDF; the same document gives the same bytes.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    document = document.printed()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        data = _Data(root).of(document)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = root / "document.typ"
        source.write_bytes(files("hotline_tools.render.pdf").joinpath("document.typ").read_bytes())
        made: bytes = typst.compile(
            source,
            root=root,
            font_paths=[Path(str(files("pylopdf_fonts_zh_cn")))],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(MADE.timestamp()),
        )
    return made


class _Data:
    """What typst reads; pictures lie as files beside it."""

    def __init__(self, root: Path):
        self._root = root
        self._pictures = 0

    def of(self, document: Document) -> dict[str, Any]:
        head = document.letterhead
        attached = [section for section in document.sections if section.is_attachment]
        data: dict[str, Any] = _clean(
            {
                "title": document.title,
                "title_lines": title_lines(document.title, _TITLE_ROOM),
                "period": "" if document.period in document.title else document.period,
                "head": {
                    "name": head.name,
                    "issuer": "" if head.issuer in head.name else head.issuer,
                    "number": head.number,
                    "date": head.date,
                    "compiled_by": head.compiled_by or head.issuer,
                    "to": list(head.to),
                }
                if head
                else None,
                "verify": list(document.to_verify),
                "sections": [
                    self._section(section) for section in document.sections if section not in attached
                ],
                "notes": [str(note) for note in document.notes],
                "attachments": [self._section(section) for section in attached],
            }
        )
        return data

    def _section(self, section: Section) -> dict[str, Any]:
        tables = [part for part in section.parts if isinstance(part, ReportTable)]
        broad = section.is_attachment and any(is_broad(table, _TEXT, _SIZES) for table in tables)
        return {
            "title": section.title,
            "level": section.level,
            "broad": broad,
            "parts": [self._part(part, _BROAD if broad else _TEXT) for part in section.parts],
        }

    def _part(self, part: Part, width: float) -> dict[str, Any]:
        if isinstance(part, Sentence):
            return {"kind": "text", "text": " ".join(part.text.split())}
        if isinstance(part, Chart):
            return self._picture(part)
        pages = fitted(part, width, _SIZES)
        notes = [*map(str, notes_of(pages[0].table)), *left_out_notes(pages[0])]
        is_short = len(pages) == 1 and pages[0].is_short
        inside = [] if is_short or not part.rows or not pages[-1].end(pages[-1].note_lines(notes)) else notes
        return {
            "kind": "table",
            "title": full_title(part),
            "pages": [_page(page, inside if page is pages[-1] else []) for page in pages]
            if part.rows
            else [],
            "short": is_short,
            "notes": [] if inside else notes,
        }

    def _picture(self, chart: Chart) -> dict[str, Any]:
        self._pictures += 1
        name, title = f"chart{self._pictures}.svg", chart.title or full_title(chart.table)
        drawn = render_chart(chart.table, "svg")
        (self._root / name).write_bytes(drawn)
        found = _SIZE.search(drawn)
        tall = float(found[1]) / float(found[2]) if found else 1.0
        return {
            "kind": "chart",
            "title": title,
            "alt": chart.alt or title,
            "file": name,
            "width": min(1.0, _TALLEST / tall),
        }


def _page(page: PageTable, notes: list[str]) -> dict[str, Any]:
    rows = [list(cells) for cells in zip(*(column.cells for column in page.columns), strict=True)]
    return {
        "points": page.points,
        "widths": page.widths,
        "figures": [column.numeric for column in page.columns],
        "head": [column.heading for column in page.columns],
        "rows": rows,
        "total": [column.total for column in page.columns] if page.has_totals else [],
        "end": page.end(page.note_lines(notes)),
        "notes": notes,
    }


def _clean(value: Any) -> Any:
    """Return the data without characters that no page can show, as those of a terminal's colours."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return value

"""A ``Document`` as a Word file: cover, chapters, attachments and who receives it."""

import io
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.docx.base import empty_document
from hotline_tools.render.docx.charts import Figures
from hotline_tools.render.docx.cover import cover, distribution
from hotline_tools.render.docx.elements import element, paragraph, run
from hotline_tools.render.docx.own_base import OwnBase
from hotline_tools.render.docx.tables import (
    BROAD_WIDTH,
    TEXT_WIDTH,
    needs_broad_page,
    note_block,
    table_block,
)
from hotline_tools.render.opc import repacked, xml_text
from hotline_tools.table import ReportTable

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
"""The number that a heading carries already."""
_DEEPEST = 4
"""Levels of headings that have a style."""


def render_document(document: Document) -> bytes:
    """Return the document as a Word file; the same document gives the same bytes.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    return _Writer(document).written()


def render_table(table: ReportTable) -> bytes:
    """Return one report as a Word file."""
    return _Writer(Document(table.title, (Section("", (table,)),)), is_report=True).written()


class _Writer:
    """Writes one document; tables and figures are numbered as they come.

    A report alone has no sentences to state its counts in: its rates keep them.
    """

    def __init__(self, document: Document, *, is_report: bool = False):
        self._document = document.printed()
        base = document.letterhead.base if document.letterhead else None
        self._own = OwnBase(base) if base is not None else None
        self._word = empty_document() if self._own is None else self._own.word
        self._figures = Figures(self._word)
        self._tables = 0
        self._is_report = is_report
        self._is_broad = is_report and any(
            needs_broad_page(part, with_counts=True)
            for section in self._document.sections
            for part in section.parts
            if isinstance(part, ReportTable)
        )
        """Whether the page that is written lies."""

    def written(self) -> bytes:
        document = self._document
        attachments = [section for section in document.sections if section.is_attachment]
        self._add(cover(document if self._own is None else replace(document, letterhead=None)))
        for section in document.sections:
            if not section.is_attachment:
                self._write_section(section)
        if document.notes:
            self._add(note_block([str(note) for note in document.notes]))
        self._add_attachment_list([section.title for section in attachments])
        for number, section in enumerate(attachments, 1):
            tables = [part for part in section.parts if isinstance(part, ReportTable)]
            self._turn_page(is_broad=any(map(needs_broad_page, tables)))
            self._drop_space()
            self._add(_attachment_head(section.title, number if len(attachments) > 1 else None))
            self._write_parts(section)
        if last := distribution(document.letterhead):
            self._turn_page(is_broad=False)
            self._add(last)
        if self._is_broad:
            _lay(self._word.element.body.sectPr)
        if self._own is not None:
            self._own.fit_styles()
        self._word.core_properties.title = xml_text(document.title)
        sink = io.BytesIO()
        self._word.save(sink)
        return repacked(sink.getvalue())

    def _add(self, block: Iterable[BaseOxmlElement]) -> None:
        end = self._word.element.body.sectPr
        for item in block:
            end.addprevious(item)

    def _add_attachment_list(self, titles: list[str]) -> None:
        last = self._word.element.body.sectPr.getprevious()
        if titles and last is not None and last.tag == qn("w:p"):
            last.get_or_add_pPr().get_or_add_keepNext()  # no page with the list alone
        self._add(attachment_list(titles))

    def _turn_page(self, *, is_broad: bool) -> None:
        """Write on pages that lie or stand upright from here on; what was written ends its own section."""
        if is_broad == self._is_broad:
            return
        end = self._word.element.body.sectPr
        made = deepcopy(end)
        if self._is_broad:
            _lay(made)
        last = end.getprevious()
        if _is_space(last):  # behind a table that fills its page it would stand on an empty one
            Paragraph(last, self._word).paragraph_format.line_spacing = Pt(1)
        last.get_or_add_pPr().append(made)
        self._is_broad = is_broad

    def _drop_space(self) -> None:
        """Leave out the space behind the last block where a page begins by itself: it may fill one."""
        last = self._word.element.body.sectPr.getprevious()
        if _is_space(last):
            self._word.element.body.remove(last)

    def _write_section(self, section: Section) -> None:
        if section.title:
            # Word counts headings itself, so that a chapter put in by hand is counted too.
            style = f"Heading{min(section.level, _DEEPEST)}"
            is_counted = self._own is None or self._own.counts(style)
            title = _NUMBER.sub("", section.title, count=1) if is_counted else section.title
            self._add([paragraph(style, run(title))])
        self._write_parts(section)

    def _write_parts(self, section: Section) -> None:
        for part in section.parts:
            if isinstance(part, Sentence):
                self._add([paragraph("BodyText", run(" ".join(part.text.split())))])
            elif isinstance(part, Chart):
                self._add(self._figures.block(part))
            else:
                self._tables += 1
                width = BROAD_WIDTH if self._is_broad else TEXT_WIDTH
                self._add(table_block(part, self._tables, width, with_counts=self._is_report))


def _is_space(block: BaseOxmlElement) -> bool:
    """Tell whether a block is an empty paragraph, and nothing hangs on it."""
    has_content = any(child.tag != qn("w:pPr") for child in block)
    return bool(block.tag == qn("w:p") and not has_content and block.find(f".//{qn('w:sectPr')}") is None)


def _lay(section: BaseOxmlElement) -> None:
    """Turn the pages of a section: the text keeps its size, its head is at the left of the upright page."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width, height = (size.get(qn(name)) for name in ("w:w", "w:h"))
    turned = {"w:w": height, "w:h": width, "w:orient": "landscape"}
    for name, value in turned.items():
        size.set(qn(name), value)
    sides = ("w:top", "w:right", "w:bottom", "w:left")
    top, right, bottom, left = (margins.get(qn(name)) for name in sides)
    below = int(bottom) - int(margins.get(qn("w:footer"), bottom))
    for name, value in zip(sides, (left, bottom, right, top), strict=True):
        margins.set(qn(name), value)
    margins.set(qn("w:footer"), str(max(0, int(right) - below)))  # the page number as far below the text


def attachment_list(titles: list[str]) -> list[BaseOxmlElement]:
    """Return 附件：1. …, which stands a line below the text, without a stop."""
    if not titles:
        return []
    heads = ["附件："] if len(titles) == 1 else ["附件：1. ", *(f"{n}. " for n in range(2, len(titles) + 1))]
    style = ["BodyText", *["AttachmentList"] * (len(titles) - 1)]
    lines = [
        paragraph(s, run(head + title), keep=element("keepNext", val=int(title is not titles[-1])))
        for s, head, title in zip(style, heads, titles, strict=True)
    ]
    return [paragraph("Normal", keep=element("keepNext")), *lines]


def _attachment_head(title: str, number: int | None) -> list[BaseOxmlElement]:
    return [paragraph("AttachmentMark", run(f"附件{number or ''}")), paragraph("Title", run(title))]

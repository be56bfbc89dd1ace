"""A ``Document`` as a Word file: cover, chapters, attachments and who receives it."""

import io
import re
from collections.abc import Iterable
from dataclasses import replace

from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.docx.base import empty_document
from hotline_tools.render.docx.charts import Figures
from hotline_tools.render.docx.cover import cover, distribution
from hotline_tools.render.docx.elements import element, paragraph, run
from hotline_tools.render.docx.own_base import OwnBase
from hotline_tools.render.docx.tables import note_block, table_block
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
    return render_document(Document(table.title, (Section("", (table,)),)))


class _Writer:
    """Writes one document; tables and figures are numbered as they come."""

    def __init__(self, document: Document):
        self._document = document.printed()
        base = document.letterhead.base if document.letterhead else None
        self._own = OwnBase(base) if base is not None else None
        self._word = empty_document() if self._own is None else self._own.word
        self._figures = Figures(self._word)
        self._tables = 0

    def written(self) -> bytes:
        document = self._document
        attachments = [section for section in document.sections if section.is_attachment]
        self._add(cover(document if self._own is None else replace(document, letterhead=None)))
        for section in document.sections:
            if not section.is_attachment:
                self._write_section(section)
        if document.notes:
            self._add(note_block([str(note) for note in document.notes]))
        self._add(attachment_list([section.title for section in attachments]))
        for number, section in enumerate(attachments, 1):
            self._add(_attachment_head(section.title, number if len(attachments) > 1 else None))
            self._write_parts(section)
        self._add(distribution(document.letterhead))
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
                self._add(table_block(part, self._tables))


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

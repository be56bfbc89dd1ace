"""A ``Document`` as a PowerPoint presentation: a first slide, then text, charts and tables by chapter."""

import io
from importlib.resources import files
from typing import Any

import pptx
from pptx.util import Emu, Pt

from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.opc import packed_directory, repacked, xml_text
from hotline_tools.render.pptx.slides import add_chart, add_table, add_text
from hotline_tools.render.pptx.text import write, write_lines
from hotline_tools.render.titles import title_lines

_RED = "C00000"
_FRAME = Emu(914400), Emu(457200), Emu(10363200), Emu(1280160)
"""Place and size of the mark 待核 on the first slide."""

_TITLE_ROOM = 20
"""Ems of the title's type in its frame."""
_LONG_TITLE = Pt(32)
"""Type size of a title of several lines: one as wide as its frame is folded where figures are broader."""


def render_document(document: Document) -> bytes:
    """Return the document as a presentation; the same document gives the same bytes.

    Attached tables, which may have thousands of rows, are named on a slide and not drawn.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    base = packed_directory(files("hotline_tools.render.pptx").joinpath("base"))
    deck = pptx.Presentation(io.BytesIO(base))
    _add_first(deck, document)
    for section in document.sections:
        if not section.is_attachment:
            _add_section(deck, section)
    if document.notes:
        add_text(deck, "口径说明", [str(note) for note in document.notes], [])
    attached = [section.title for section in document.sections if section.is_attachment]
    add_text(deck, "附件（见文字版）", [f"{number}. {title}" for number, title in enumerate(attached, 1)], [])
    deck.core_properties.title = xml_text(document.title)
    sink = io.BytesIO()
    deck.save(sink)
    return repacked(sink.getvalue())


def _add_first(deck: Any, document: Document) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    heading = slide.shapes.title.text_frame.paragraphs[0]
    lines = title_lines(document.title, _TITLE_ROOM)
    for number, line in enumerate(lines):
        if number:
            heading.add_line_break()
        write(heading, line)
    for run in heading.runs if len(lines) > 1 else ():
        run.font.size = _LONG_TITLE
    head = document.letterhead
    issuer = [head.compiled_by or head.issuer, head.date] if head else []
    frame = slide.placeholders[1].text_frame
    write_lines(frame, [line for line in (document.period, *issuer) if line])
    if document.to_verify:
        box = slide.shapes.add_textbox(*_FRAME).text_frame
        box.word_wrap = True
        reasons = [f"{number}. {reason}" for number, reason in enumerate(document.to_verify, 1)]
        write_lines(box, ["待核：以下各处经检查有误，核实前请勿使用。", *reasons], colour=_RED)


def _add_section(deck: Any, section: Section) -> None:
    """Add a chapter; its sentences stand beside its first chart, or on slides before.

    Where it begins with a chart or a table, that slide's title has the chapter's before it.
    """
    sentences = [part for part in section.parts if isinstance(part, Sentence)]
    lines = [sentence.text for sentence in sentences]
    sources = [f"{section.title}：{sentence.source}" for sentence in sentences if sentence.source]
    figures = [part for part in section.parts if not isinstance(part, Sentence)]
    heading = section.title
    if lines and not (figures and isinstance(figures[0], Chart)):
        add_text(deck, heading, lines, sources)
        heading = ""
    for part in figures:
        if isinstance(part, Chart):
            add_chart(deck, part, heading, lines, sources)
        else:
            add_table(deck, part, heading, sources)
        heading, lines = "", []

"""Put a briefing together: the chapters of an outline, in order, with what they lack and how things are counted."""

import re
from collections.abc import Mapping

from hotline_tools.briefing.answers import Answers
from hotline_tools.briefing.chapters import CHAPTERS
from hotline_tools.briefing.material import Material, Parts
from hotline_tools.briefing.outline import Outline
from hotline_tools.briefing.sentences.watching import lacking
from hotline_tools.document import Document, Letterhead, Section, Sentence
from hotline_tools.errors import NotComputableError
from hotline_tools.reports.query import Database, Query
from hotline_tools.table import Note, NoteKind

_NUMERALS = "一二三四五六七八九十"
_KINDS = (NoteKind.SCOPE, NoteKind.STALE, NoteKind.GAP, NoteKind.MISSING, NoteKind.EXCLUDED,
          NoteKind.QUALITY, NoteKind.DEFINITION)  # fmt: skip
"""The notes of reports that a reader of the briefing needs, in the order they are told."""
_COMMAND = re.compile(r"（[^（）]*--[^（）]*）|（[^（）]*hotline [^（）]*）")
_CLAUSE = re.compile(r"[，；][^，；。]*(?:--|hotline )[^，；。]*")


def compose(
    database: Database,
    query: Query,
    outline: Outline,
    notes: Mapping[str, tuple[Sentence, ...]] | None = None,
) -> Document:
    """Return the briefing of ``query.period`` by an outline; ``notes`` are a person's paragraphs by chapter.

    Raises ``NotComputableError`` when the store has no order in the period.
    """
    answers = Answers.of(database, query)
    counted = answers.table("categories", compare=True)
    if counted is None or not counted.totals["orders"]:
        raise NotComputableError(
            f"{answers.period.label}没有工单",
            remedy="请核对 --period 与各筛选，或用 hotline store 看库里有哪些月份。",
        )
    material = Material(answers, outline)
    written = notes or {}
    chapters: list[tuple[str, Parts]] = []
    for chapter in outline.chapter:
        parts = [*CHAPTERS[chapter.kind](material, chapter), *written.get(chapter.title, ())]
        if parts:
            chapters.append((chapter.title, parts))
    chapters.append(("口径说明", _definitions(material)))
    sections = [
        Section(f"{_numeral(number)}、{title}", tuple(parts))
        for number, (title, parts) in enumerate(chapters)
    ]
    return Document(
        title=_title(answers, outline),
        sections=(*sections, *material.attachments),
        period=answers.now.label,
        letterhead=_letterhead(outline),
    )


def _title(answers: Answers, outline: Outline) -> str:
    query = answers.query
    period = answers.period.label
    if answers.until is not None:
        period += f"，未满，截至{answers.until.last.month}月{answers.until.last.day}日"
    subject = query.category or query.area or query.department or query.channel or ""
    return outline.title.format(period=period, subject=subject)


def _letterhead(outline: Outline) -> Letterhead:
    head = outline.letterhead
    return Letterhead(head.name or outline.name, head.issuer, head.number, "", head.compiled_by, head.to)


def blanks(outline: Outline) -> list[str]:
    """Return what of the letterhead is left for a person to fill in."""
    head = outline.letterhead
    empty = {"发文单位": head.issuer, "期号": head.number, "编印单位": head.compiled_by, "报送": head.to}
    return [label for label, value in empty.items() if not value]


def _definitions(material: Material) -> Parts:
    """Return what the data lack, and the notes of the reports in use, without those for the command line."""
    parts: Parts = [lacking([what], figures) for what, figures in material.lacking.items()]
    found = [note for table in material.answers.used for note in table.notes]
    kept: dict[str, NoteKind] = {}
    for note in found:
        if isinstance(note, Note) and note.kind in _KINDS:
            kept.setdefault(_readable(note), note.kind)
    ordered = sorted(kept, key=lambda text: _KINDS.index(kept[text]))
    return [*parts, *(Sentence(text, {}, "口径") for text in ordered)]


def _readable(note: str) -> str:
    """Return a note without what it says of commands and options."""
    return _CLAUSE.sub("", _COMMAND.sub("", note))


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number < len(_NUMERALS) else f"{_NUMERALS[9]}{_NUMERALS[number - 10]}"

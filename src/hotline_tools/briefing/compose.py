"""Put a briefing together: the chapters of an outline, what the data lack, and how things are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

from hotline_tools.briefing.answers import Answers
from hotline_tools.briefing.chapters import CONTENTS
from hotline_tools.briefing.material import Material, Parts, readable
from hotline_tools.briefing.notes_file import PERSON
from hotline_tools.briefing.outline import Outline
from hotline_tools.briefing.sentences.watching import lacking
from hotline_tools.briefing.words import days_words, moment_words, period_words
from hotline_tools.document import Document, Letterhead, Part, Section, Sentence
from hotline_tools.errors import NotComputableError, UsageError
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import find_report
from hotline_tools.table import Cell, NoteKind

NOTE = "口径"
"""The source of a sentence that is a note of a report."""
_NUMERALS = "一二三四五六七八九十"
_KINDS = (
    NoteKind.STALE, NoteKind.GAP, NoteKind.SCOPE, NoteKind.MISSING, NoteKind.EXCLUDED, NoteKind.QUALITY
)  # fmt: skip
"""The notes of reports that a reader needs, in the order they are told; definitions stand beside tables."""


def compose(
    database: Database,
    query: Query,
    outline: Outline,
    notes: Mapping[str, tuple[Sentence, ...]] | None = None,
) -> Document:
    """Return the briefing of ``query.period`` by an outline; ``notes`` are a person's paragraphs by chapter.

    Raises ``NotComputableError`` when the store has no order in the period, ``UsageError`` for a moment
    of the count before its end.
    """
    if query.as_of is not None and query.period is not None and query.as_of.date() < query.period.end:
        raise UsageError(
            "--as-of 早于时间段的末尾：受理等各数仍会数到时间段末，前后不一",
            remedy="请把 --period 截到那一天（如 2025-06-01..2025-06-20），或给出时间段末以后的时刻。",
        )
    answers = Answers.of(database, query)
    counted = answers.table("categories", compare=True)
    if counted is None or not counted.totals["orders"]:
        raise NotComputableError(
            f"{period_words(answers.period)}没有工单",
            remedy="请核对 --period 与各筛选，或用 hotline store info 看库里有哪些月份。",
        )
    material = Material(answers, outline)
    scope = _scope(answers)
    written = notes or {}
    chapters: list[tuple[str, Parts]] = []
    for chapter in outline.chapter:
        parts = [part for name in chapter.contents for part in CONTENTS[name](material, chapter)]
        parts += written.get(chapter.title, ())
        if parts:
            chapters.append((chapter.title, parts if chapters else [scope, *parts]))
    chapters.append(("口径说明", _definitions(material)))
    sections = [
        Section(f"{_numeral(number)}、{title}", tuple(parts))
        for number, (title, parts) in enumerate(chapters)
    ]
    if len(material.attachments) == 1:
        sections = [_citing_the_only_one(section) for section in sections]
    return Document(
        title=_title(answers, outline),
        sections=(*sections, *material.attachments),
        period=days_words(answers.now.start, answers.now.last),
        letterhead=_letterhead(outline),
        behind=_behind(answers, outline),
    )


def with_chapter(document: Document, title: str, parts: Sequence[Part]) -> Document:
    """Return the document with a chapter of one's own before 口径说明, the chapters counted anew."""
    chapters = [section for section in document.sections if not section.is_attachment]
    attached = [section for section in document.sections if section.is_attachment]
    chapters.insert(len(chapters) - 1, Section(f"、{title}", tuple(parts)))
    counted = [
        replace(section, title=f"{_numeral(number)}、{section.title.partition('、')[2]}")
        for number, section in enumerate(chapters)
    ]
    return replace(document, sections=(*counted, *attached))


def _citing_the_only_one(section: Section) -> Section:
    """Return the section with 附件 in place of 附件1: a single attachment has no number."""
    parts = (
        replace(part, text=part.text.replace("附件1", "附件")) if _is_own(part) else part
        for part in section.parts
    )
    return replace(section, parts=tuple(parts))


def _is_own(part: Part) -> TypeGuard[Sentence]:
    return isinstance(part, Sentence) and not part.source.startswith(PERSON)


def _title(answers: Answers, outline: Outline) -> str:
    query = answers.query
    subject = query.category or query.area or query.department or query.channel or ""
    title = outline.title.format(period=period_words(answers.period), subject=subject)
    if answers.until is None:
        return title
    return f"{title}（未满，截至{answers.until.last.month}月{answers.until.last.day}日）"


def _letterhead(outline: Outline) -> Letterhead:
    head = outline.letterhead
    base = Path(head.base) if head.base else None
    return Letterhead(
        head.name or outline.name, head.issuer, head.number, "", head.compiled_by, head.to, base
    )


def blanks(outline: Outline) -> list[str]:
    """Return what of the letterhead is left for a person to fill in."""
    head = outline.letterhead
    empty = {"发文单位": head.issuer, "期号": head.number, "编印单位": head.compiled_by, "报送": head.to}
    return [label for label, value in empty.items() if not value]


def _definitions(material: Material) -> Parts:
    """Return what the data lack, and what the reports in use say of their scope and of the data."""
    parts: Parts = [lacking([what], figures) for what, figures in material.lacking.items()]
    for name, why in material.answers.lacking.items():
        parts.append(Sentence(f"本期不列“{find_report(name).title}”：{readable(why)}。", {}, NOTE))
    found = [note for table in material.answers.used for note in table.notes]
    kept: dict[str, NoteKind] = {}
    for note in found:
        if note.kind in _KINDS:
            kept.setdefault(readable(note), note.kind)
    apart = [text for text in kept if not any(text.strip("。") in other for other in kept if other != text)]
    ordered = sorted(apart, key=lambda text: _KINDS.index(kept[text]))
    return [*parts, *(Sentence(text, {}, NOTE) for text in ordered)]


def _behind(answers: Answers, outline: Outline) -> tuple[str, ...]:
    """Return what a person has to run before the briefing is sent on."""
    told = {name for chapter in outline.chapter for name in chapter.contents}
    if not answers.unlooked or not told & {"repeats", "escalations", "handling"}:
        return ()
    return (
        f"{answers.unlooked:,} 件尚未参加重复识别，重复事项、提级建议和上期回看不全；"
        "请运行 hotline repeats 后重出。",
    )


def _scope(answers: Answers) -> Sentence:
    """Say which days are counted, until which moment, and what the store covers."""
    counted, moment = days_words(answers.now.start, answers.now.last), moment_words(answers.as_of)
    text = f"统计时段为{counted}，统计截至{moment}；受理按受理时间计，办结按办结时间计，应办结按到期时间计"
    facts: dict[str, Cell] = {"days": counted, "moment": moment}
    if answers.store_days is not None:
        facts["store"] = days_words(*answers.store_days)
        text += f"；库中数据为{facts['store']}"
    return Sentence(f"{text}。", facts)


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number < len(_NUMERALS) else f"{_NUMERALS[9]}{_NUMERALS[number - 10]}"

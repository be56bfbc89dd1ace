"""A person's own paragraphs, by chapter: a TOML or Markdown file that survives reruns."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from hotline_tools.briefing.outline import Outline
from hotline_tools.datafile import FIX, read_text, read_toml
from hotline_tools.document import Sentence
from hotline_tools.errors import DataFileError, UsageError
from hotline_tools.reports.period import Period
from hotline_tools.reports.period_forms import parse_period
from hotline_tools.suggestions import did_you_mean

PERSON = "人工"
"""What the source of a person's paragraph begins with."""
_HEADING = re.compile(r"^#+\s*(.+?)\s*#*$")
_DATED = re.compile(r"^(.+?)[（(]([^（）()]+)[）)]$")
_NUMBER = re.compile(r"^[一二三四五六七八九十]+、")
_WHAT = "补充文字"


def read_notes(path: Path, outline: Outline, period: Period) -> dict[str, tuple[Sentence, ...]]:
    """Return the paragraphs of each chapter.

    TOML: ``"总体情况" = "一段"`` or a list; Markdown: a heading with the chapter's name, then paragraphs.
    A name with a period behind it, ``工作建议（2021年5月）``, is for the issue of that period, so that one
    file serves month after month; what the issue before advised is repeated in the chapter that looks back.
    Raises ``DataFileError`` for a chapter that the outline has not, and text before the first heading.
    """
    chapters = [chapter.title for chapter in outline.chapter]
    looks_back = next((one.title for one in outline.chapter if "lookback" in one.contents), None)
    found: dict[str, list[str]] = {}
    read = _toml if path.suffix.lower() == ".toml" else _markdown
    for heading, texts in read(path).items():
        name, of = _of_period(heading)
        if of is None or of == period:
            found.setdefault(name, []).extend(texts)
        elif name not in chapters:
            found.setdefault(name, [])  # to be refused below
        elif of == period.previous() and looks_back is not None:
            found.setdefault(looks_back, []).extend(f"上期{name}：{text}" for text in texts)
    unknown = [name for name in found if name not in chapters]
    if unknown:
        hint = did_you_mean(unknown[0], chapters, otherwise=f"章名：{'、'.join(chapters)}。")
        raise DataFileError(f"{_WHAT}里的“{unknown[0]}”不是提纲中的章", where=str(path), remedy=hint)
    source = f"{PERSON}：{path.name}"
    return {name: tuple(Sentence(text, {}, source) for text in texts) for name, texts in found.items()}


def _of_period(heading: str) -> tuple[str, Period | None]:
    """Return a heading without the period behind it, and the period."""
    match = _DATED.match(heading)
    if match is None:
        return heading, None
    try:
        return match[1], parse_period(match[2], today=date.today())
    except UsageError:
        return heading, None


def _toml(path: Path) -> Mapping[str, Sequence[str]]:
    found = {}
    for name, value in read_toml(path, what=_WHAT).items():
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise DataFileError(f"{_WHAT}的“{name}”须是文字或文字的列表", where=str(path), remedy=FIX)
        found[name] = [text.strip() for text in texts if text.strip()]
    return found


def _markdown(path: Path) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    chapter = None
    for block in re.split(r"\n\s*\n|\n(?=#)|(?<=\n)(?=#)", read_text(path, what=_WHAT)):
        for line in [part for part in block.strip().split("\n", 1) if part.strip()]:
            if heading := _HEADING.match(line.strip()):
                chapter = _NUMBER.sub("", heading[1])
                found.setdefault(chapter, [])
            elif chapter is None:
                raise DataFileError(
                    f"{_WHAT}开头的文字不属于任何一章", where=str(path), remedy="请先写“# 章名”，再写段落。"
                )
            else:
                found[chapter].append(" ".join(line.split()))
    return found

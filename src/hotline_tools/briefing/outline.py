"""Outlines: which chapters, tables, charts and words an edition has, as TOML that a city copies and edits."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from zipfile import is_zipfile

from pydantic import AfterValidator, Field

from hotline_tools.briefing.words import LocalWords
from hotline_tools.datafile import DataModel, parsed, read_toml
from hotline_tools.errors import DataFileError, UsageError
from hotline_tools.suggestions import did_you_mean

Content = Literal[
    "overview",
    "categories",
    "handling",
    "repeats",
    "escalations",
    "alerts",
    "supervision",
    "cases",
    "lookback",
]
"""What a chapter may tell."""
_SHIPPED = Path(str(files("hotline_tools.briefing"))) / "outlines"
_WHAT, _REMEDY = "简报提纲", "请改正后重试；可从附带的提纲复制一份，见 hotline brief --list。"
Positive = Annotated[int, Field(ge=1)]


def _rising(days: tuple[Positive, Positive]) -> tuple[Positive, Positive]:
    """Return the fewest and the most days; raise ``ValueError`` where they are the wrong way round."""
    if days[0] > days[1]:
        raise ValueError("先写最少的天数，再写最多的")
    return days


class ChapterOutline(DataModel):
    """One ``[[chapter]]``."""

    title: str
    contents: tuple[Content, ...] = ()
    """In their order; a chapter without any holds what a person wrote in the notes file, and nothing else."""
    charts: bool = True
    tables: bool = True
    """Tables among the text; those of the attachments are another matter."""
    attach: bool = True
    """Whole tables behind the text."""
    top: Positive = 3
    """How many items a sentence names."""
    rows: Positive = 10
    """How many rows a chart or a table of first rows has."""
    attach_rows: Positive = 200
    """How many rows an attachment shows at most; the workbook has all."""
    rank: bool = True
    """``handling``: say who stands out of a group."""


class LetterheadOutline(DataModel):
    """The ``[letterhead]``: what a city fills in once; what is empty stays blank."""

    name: str = ""
    issuer: str = ""
    number: str = ""
    compiled_by: str = ""
    to: tuple[str, ...] = ()
    base: str = ""
    """A city's own .docx with its red head, beside the outline file."""


class Outline(DataModel):
    """An edition."""

    name: str
    """月报, 周报 …"""
    summary: str
    title: str
    """``{period}`` and ``{subject}`` stand for the period and what the briefing is confined to."""
    days: Annotated[tuple[Positive, Positive], AfterValidator(_rising)] | None = None
    """The fewest and most days that such a briefing is about; none: any period."""
    needs: tuple[Literal["subject", "department"], ...] = ()
    """What has to be asked for: a category or area, or a department."""
    chapter: Annotated[tuple[ChapterOutline, ...], Field(min_length=1)]
    letterhead: LetterheadOutline = LetterheadOutline()
    words: LocalWords = LocalWords()


def other_length(outline: Outline, days: int) -> str | None:
    """Return the sentence that a period of so many days is not what the outline is for; None where it is."""
    if outline.days is None or outline.days[0] <= days <= outline.days[1]:
        return None
    least, most = outline.days
    usual = f"{least} 天" if least == most else f"{least} 至 {most} 天"
    fitting = [
        f"{path.stem}（{found.name}）"
        for path in _files()
        if (found := read_outline(path)).days is not None and found.days[0] <= days <= found.days[1]
    ]
    hint = f"，或改用 --edition {fitting[0]}" if fitting else ""
    return f"{outline.name}写 {usual}，所写的时间段有 {days} 天：请核对 --period{hint}。"


def outline_names() -> dict[str, str]:
    """Return the shipped editions: name of the file → what it is."""
    return {path.stem: f"{found.name}：{found.summary}" for path in _files() if (found := read_outline(path))}


def find_outline(edition: str) -> Outline:
    """Return a shipped outline by file name or name (``monthly``, 月报); raise ``UsageError`` for others."""
    by_name = {path.stem: path for path in _files()}
    if edition in by_name:
        return read_outline(by_name[edition])
    labelled = {read_outline(path).name: path for path in _files()}
    if edition in labelled:
        return read_outline(labelled[edition])
    known = [*by_name, *labelled]
    hint = did_you_mean(edition, known, otherwise=f"可用：{'、'.join(known)}。")
    raise UsageError(f"没有 {edition} 这种简报", remedy=f"{hint}自己的提纲用 --outline 文件。")


def read_outline(path: Path) -> Outline:
    """Return an outline file; raise ``DataFileError`` that names every mistake."""
    found = parsed(
        Outline, read_toml(path, what=_WHAT, remedy=_REMEDY), where=str(path), what=_WHAT, remedy=_REMEDY
    )
    if not found.letterhead.base:
        return found
    base = path.parent / found.letterhead.base
    if base.suffix.lower() != ".docx" or not is_zipfile(base):
        raise DataFileError(
            f"letterhead.base 的“{found.letterhead.base}”不是可用的 .docx 文件",
            where=str(path),
            remedy="请写提纲旁边的红头文件名；.doc 与 .wps 请先另存为 .docx。",
        )
    letterhead = found.letterhead.model_copy(update={"base": str(base)})
    return found.model_copy(update={"letterhead": letterhead})


def _files() -> list[Path]:
    return sorted(_SHIPPED.glob("*.toml"))

"""The checklist of a briefing that may be sent on unread, as code over a ``Document``.

Every digit of a sentence is one of its facts, every fact stands in a table of the document, parts sum to
their totals, nothing that may be chance is called a rise, no unknown is told as zero, no personal data, no
word that claims a cause, and the title is that of the period.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from hotline_tools.briefing.compose import NOTE
from hotline_tools.briefing.notes_file import PERSON
from hotline_tools.briefing.numbers import amount, integer, percent, points
from hotline_tools.document import Chart, Document, Sentence
from hotline_tools.privacy import mask_text
from hotline_tools.table import Cell, ReportTable

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_QUOTED = re.compile(r"“[^”]*”")
_CITED = re.compile(r"附件\d*")
_FIXED = re.compile(r"2次以上|12345")
_DERIVED = ("sum", "share", "total", "target", "least", "per_day", "days", "days_then", "n_")
"""Facts that are counted from rows or set by a profile, and so are no cell."""
_MOVED = re.compile(r"上升|下降|增长|回落|增至|减至")
_FORBIDDEN = re.compile(
    r"因为|导致|由于|责令|虚假办结|推诿|(?:上升|下降|增加|减少)[\d.]+倍|较上月同比|较上月.{0,4}同比"
)
_RATE_IN_PERCENT = re.compile(r"率[^，；。（）]*(?:提高|降低|上升|下降)[\d.]+%")
_SHOWN = 60
"""Characters of a sentence that are told with its fault."""


def checked(document: Document) -> Document:
    """Return the document with what is wrong with it in ``to_verify``."""
    return replace(document, to_verify=tuple(faults(document)))


def faults(document: Document) -> list[str]:
    """Return a sentence for each fault; none when the briefing may be sent on."""
    return [*document.behind, *(fault for check in _CHECKS for fault in check(document))]


def _sentences(document: Document) -> Iterator[Sentence]:
    """Yield the sentences that the toolkit made of facts: neither a person's nor a report's note."""
    for section in document.sections:
        for part in section.parts:
            if isinstance(part, Sentence) and not part.source.startswith((PERSON, NOTE)):
                yield part


def _digits(document: Document) -> Iterator[str]:
    for sentence in _sentences(document):
        text = _CITED.sub("", sentence.text)
        words = [word for value in sentence.facts.values() for word in _words(value)]
        words += [name for name in sentence.facts if not (name.isascii() and name.isidentifier())]
        for word in sorted(filter(None, words), key=len, reverse=True):
            text = text.replace(word, "、")
        known = {shown for value in sentence.facts.values() for shown in _written(value)}
        for number in _NUMBER.findall(_FIXED.sub("", text)):
            if number not in known:
                yield f"“{number}”没有出处：{sentence.text[:_SHOWN]}"


def _words(value: Cell) -> list[str]:
    return [value] if isinstance(value, str) else [str(v) for v in value] if isinstance(value, list) else []


def _written(value: Cell) -> set[str]:
    """Return the ways in which a sentence may write a figure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return set()
    if isinstance(value, int):
        return {str(abs(value)), percent(float(value)), percent(float(value), 0)}
    return {amount(abs(value)), percent(abs(value)), percent(abs(value), 0), points(value)}


def _cells(document: Document) -> Iterator[str]:
    cells = {
        value
        for table in document.tables
        for row in [*table.rows, table.totals]
        for value in row.values()
        if isinstance(value, int | float)
    }
    for sentence in _sentences(document):
        for name, value in sentence.facts.items():
            if not isinstance(value, int | float) or isinstance(value, bool) or name.startswith(_DERIVED):
                continue
            if value not in cells:
                yield f"{name} {value} 不在所附的任何一张表里：{sentence.text[:_SHOWN]}"


def _sums(document: Document) -> Iterator[str]:
    for section in document.sections:
        for table in section.parts:
            if isinstance(table, ReportTable):
                yield from _sums_of(table)


def _sums_of(table: ReportTable) -> Iterator[str]:
    """Yield the columns of a whole list that do not sum to their total: counts of which there is a share."""
    for field in table.columns:
        if field.counts is None or not field.counts.of_total or field.counts.numerator not in table.totals:
            continue
        name = field.counts.numerator
        parts = [integer(row.get(name)) or 0 for row in table.rows]
        if sum(parts) != table.totals[name]:
            yield f"{table.title}：各行合计{sum(parts)}，总计{table.totals[name]}"


def _noise(document: Document) -> Iterator[str]:
    for sentence in _sentences(document):
        if sentence.facts.get("is_noise") is True and _MOVED.search(_QUOTED.sub("", sentence.text)):
            yield f"可能只是偶然的变化写成了升降：{sentence.text[:_SHOWN]}"


def _emptiness(document: Document) -> Iterator[str]:
    for section in document.sections:
        if not section.parts:
            yield f"“{section.title}”没有内容"
    for table in document.tables:
        if not table.rows:
            yield f"“{table.title}”没有行"
    for sentence in _sentences(document):
        unknown = [name for name, value in sentence.facts.items() if value is None]
        if unknown:
            yield f"{'、'.join(unknown)}不详，却写进了句子：{sentence.text[:_SHOWN]}"


def _privacy(document: Document) -> Iterator[str]:
    texts = [document.title, *(part.text for section in document.sections for part in section.parts
                               if isinstance(part, Sentence))]  # fmt: skip
    texts += [part.title + part.alt for s in document.sections for part in s.parts if isinstance(part, Chart)]
    cells = (
        word for t in document.tables for row in t.rows for value in row.values() for word in _words(value)
    )
    for text in dict.fromkeys([*texts, *cells]):
        if mask_text(text) != text:
            yield f"可能含个人信息：{mask_text(text)[:_SHOWN]}"


def _language(document: Document) -> Iterator[str]:
    for sentence in _sentences(document):
        text = _QUOTED.sub("", sentence.text)
        if found := _FORBIDDEN.search(text):
            yield f"不应写“{found[0]}”：{text[:_SHOWN]}"
        if _RATE_IN_PERCENT.search(text):
            yield f"率的变化应以百分点计：{text[:_SHOWN]}"


def _heading(document: Document) -> Iterator[str]:
    months = {int(month) for month in re.findall(r"(\d+)月", document.period)}
    said = {int(month) for month in re.findall(r"(\d+)月", document.title)}
    if said - months:
        yield f"标题“{document.title}”与统计时段“{document.period}”不符"


_CHECKS: tuple[Callable[[Document], Iterator[str]], ...] = (
    _digits, _cells, _sums, _noise, _emptiness, _privacy, _language, _heading,
)  # fmt: skip

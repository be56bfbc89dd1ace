"""Delimiter and quoting of a text table, by evidence; and records with the place where each ends."""

import csv
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from hotline_tools.sources.detect.header import clean_name

MAX_FIELD = 1 << 26
csv.field_size_limit(MAX_FIELD)  # the default of 128 KB is smaller than a long reply with its history

DELIMITERS = (",", "\t", ";", "|")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_LOOK_AT = 300


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and whether quotes quote."""

    delimiter: str
    quoting: bool = True

    def reader(self, source: Iterable[str]) -> Iterator[list[str]]:
        """The standard library's reader for this dialect."""
        if self.quoting:
            return csv.reader(source, delimiter=self.delimiter)
        return csv.reader(source, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)

    @property
    def name(self) -> str:
        """The format's name for people."""
        return {"\t": "tsv", ";": "csv（分号）", "|": "csv（竖线）"}.get(self.delimiter, "csv")


@dataclass(frozen=True)
class Record:
    """One record and the offset just behind its line end."""

    cells: list[str]
    end: int


def lines(text: str) -> Iterator[str]:
    """Lines with their ends: LF, CR LF or CR, nothing else."""
    for found in _LINE.finditer(text):
        if found.group():
            yield found.group()


def cells_of(text: str, dialect: Dialect) -> list[str]:
    """The cells of one record, with its line breaks; what the csv module refuses is cut plainly."""
    try:
        return next(dialect.reader(lines(text)), [])
    except csv.Error:
        return text.split(dialect.delimiter)


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """The records of ``text``; one that is cut by the end of the text is given as far as it goes."""
    offset = 0

    def counted() -> Iterator[str]:
        nonlocal offset
        for line in lines(text):
            offset += len(line)
            yield line

    reader = dialect.reader(counted())
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        yield Record(cells, offset)


def quotes_delimiters(text: str, dialect: Dialect) -> bool:
    """Whether the writer of ``text`` quotes its cells: all of them, or those that hold a delimiter."""
    if not dialect.quoting or '"' not in text:
        return False
    mark = re.escape(dialect.delimiter)
    if re.search(rf'(?:^|{mark})"[^"\r\n]*{mark}[^"\r\n]*"(?={mark}|$)', text, re.MULTILINE):
        return True
    quoted = len(re.findall(rf'(?:^|{mark})"[^"]+"(?={mark}|$)', text, re.MULTILINE))
    return quoted > text.count(dialect.delimiter) / 2


def decide_dialect(text: str, known: Container[str] | None) -> Dialect:
    """The dialect under which most records have the same number of cells and most headers are known."""
    best, best_score = Dialect(","), (0.0, 0.0)
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        dialect, fit = Dialect(delimiter), _fit(text, Dialect(delimiter), known)
        plain = Dialect(delimiter, quoting=False)
        # a delimiter inside each quoted cell makes rows regular too, and wider: that alone says nothing
        if '"' in text and (without := _fit(text, plain, known))[:2] > fit[:2]:
            dialect, fit = plain, without
        names, regular, width = fit
        score = names, regular * min(1.0, 0.5 + width / 10)
        if score > best_score:
            best, best_score = dialect, score
    return best


def _fit(text: str, dialect: Dialect, known: Container[str] | None) -> tuple[float, float, int]:
    """Return the known names in a record, how regular records are (0-1), and the cells of most."""
    widths: Counter[int] = Counter()
    names = 0
    for number, record in enumerate(records(text, dialect)):
        if number >= _LOOK_AT:
            break
        if any(cell.strip() for cell in record.cells):
            widths[len(record.cells)] += 1
        if known is not None and number < 40:
            names = max(names, sum(1 for cell in record.cells if clean_name(cell[:60]) in known))
    if not widths:
        return 0.0, 0.0, 0
    width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
    # few but long records (a quote that swallows the file) must not look regular
    regular = (agreeing - 0.5) / max(1, widths.total()) * (width > 1)
    return names + 0.0, regular, width

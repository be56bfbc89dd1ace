"""Pages that look unfinished: notes or a row of a table alone, a heading or caption without what it names.

    python benchmarks/page_faults.py FILE.pdf ...

Reads where the words stand (pdftotext -bbox), page by page; prints each such page, and how many there are.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

_PAGE = re.compile(r'<page width="[\d.]+" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
_NUMBER = re.compile(r"—\d+—|.*第\d+页，共\d+页")
"""The number at the foot of a page, without blanks."""
_NOTE = re.compile(r"注\d*：")
_HEADING = re.compile(
    r"[一二三四五六七八九十]+、[^。；：]{2,20}|（[一二三四五六七八九十]+）[^。；]{2,20}|附件\d*"
)
_CAPTION, _UNDER = re.compile(r"表\d+\D"), re.compile(r"图\d+\D")
"""A caption above a table, and one under a chart."""
_TOP = 0.2
"""Part of a page's height in which a caption under a chart has no room for the chart above it."""
_CAPTION_LONG = 40
_LOW = 0.15
"""Part of a page's height; a row of many lines is taller, and may fill a page."""
_GAP = 0.8
"""Space between two cells of a line, as part of its height."""


@dataclass(frozen=True)
class Line:
    """A line of a page: its cells from left to right without blanks, and how far down it stands (0 to 1)."""

    cells: tuple[str, ...]
    place: float = 0.5

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(self.cells)


def pages_of(pdf: Path) -> list[list[Line]]:
    """Return the lines of each page of a PDF, without page numbers."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [_lines(content, float(height)) for height, content in _PAGE.findall(text)]


def _lines(content: str, height: float) -> list[Line]:
    words = [(*map(float, found[:4]), found[4]) for found in _WORD.findall(content)]
    rows: list[list[tuple[float, float, float, float, str]]] = []
    for word in sorted(words, key=lambda word: word[1] + word[3]):
        if rows and (word[1] + word[3]) / 2 < rows[-1][0][1] + 0.75 * (rows[-1][0][3] - rows[-1][0][1]):
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = [Line(_cells(sorted(row)), row[0][1] / height) for row in rows]
    return [line for line in lines if not _NUMBER.fullmatch(line.text)]


def _cells(row: Sequence[tuple[float, float, float, float, str]]) -> tuple[str, ...]:
    cells = [row[0][4]]
    for before, word in pairwise(row):
        if word[0] - before[2] > _GAP * (word[3] - word[1]):
            cells.append(word[4])
        else:
            cells[-1] += word[4]
    return tuple(cells)


def faults(pages: Sequence[Sequence[Line]]) -> list[tuple[int, str]]:
    """Return the number of each page that looks unfinished, from 1, and why."""
    found = []
    for number, page in enumerate(pages):
        before = pages[number - 1] if number else []
        after = pages[number + 1] if number + 1 < len(pages) else []
        found += [(number + 1, why) for why in (_at_top(page, before), _at_foot(page, after)) if why]
    return found


def _at_top(page: Sequence[Line], before: Sequence[Line]) -> str:
    if not page:
        return "empty"
    if _UNDER.match(page[0].text) and page[0].place < _TOP:
        return "caption without its chart"
    _, head = _head_again(before, page)
    rest = page[head:]
    if rest and _NOTE.match(rest[0].text) and before:
        return "notes alone"
    return "a row alone" if head and _rows(rest, page[:head]) <= 1 else ""


def _at_foot(page: Sequence[Line], after: Sequence[Line]) -> str:
    if len(page) < 2 or not after:
        return ""
    last = page[-1].text
    if _HEADING.fullmatch(last):
        return "heading at the foot"
    if _CAPTION.match(last) and len(last) < _CAPTION_LONG and not last.endswith("。"):
        return "caption at the foot"
    start, head = _head_again(page, after)
    rows = _rows(page[start + head :], after[:head]) if head else 2
    return ("head of a table at the foot", "a first row alone", "")[min(2, rows)]


def _rows(below: Sequence[Line], head: Sequence[Line]) -> int:
    """Return about how many rows stand below a head, before notes; tall ones count as two."""
    table = list(takewhile(lambda line: not _NOTE.match(line.text), below))
    most = max(len(line.cells) for line in head)
    is_low = not table or table[-1].place - table[0].place < _LOW
    return sum(len(line.cells) > 0.6 * most for line in table) if is_low else 2


def _head_again(before: Sequence[Line], page: Sequence[Line]) -> tuple[int, int]:
    """Return where on the page before the head stands with which this one begins, and its lines."""
    texts = [line.text for line in before]
    for start in reversed(range(len(texts))):
        head = 0
        while head < len(page) and start + head < len(texts) and page[head].text == texts[start + head]:
            head += 1
        if any(len(line.cells) > 1 for line in page[:head]):
            return start, head
    return 0, 0


def main() -> None:
    pages, count = 0, 0
    for path in map(Path, sys.argv[1:]):
        printed = pages_of(path)
        found = faults(printed)
        pages, count = pages + len(printed), count + len(found)
        for number, why in found:
            print(f"{path.name} page {number}: {why}")
    print(f"{count} of {pages} pages look unfinished")


if __name__ == "__main__":
    main()

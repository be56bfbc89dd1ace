"""HTML tables, which many platforms save under the name .xls or .csv, plain or as a web archive (MHTML)."""

import email
import re
from collections.abc import Container, Sequence
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.bounds import require_markup
from hotline_tools.sources.detect.encoding import decide, guess_note, probe
from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.detect.transcode import Utf8Stream
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.grid import Origin, table_of
from hotline_tools.sources.readers.merges import Merge

_BREAKS = {"br", "p", "div", "li"}
_TAG_NAMES = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body
br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl
dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header
hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee menu meta meter nav
nobr noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp
script section select slot small source span strike strong style sub summary sup svg table tbody td
template textarea tfoot th thead time title tr track tt u ul var video wbr xml
"""
_TAGS = frozenset(_TAG_NAMES.split())
_PAGE_END = re.compile(r"</(body|html)\s*>\s*\Z", re.IGNORECASE)
_CELL_LIMIT = 1000
"""Largest colspan or rowspan that is believed."""


class _Grid(list[list[str]]):
    """The rows of one table, and its cells that reach over several."""

    def __init__(self) -> None:
        super().__init__()
        self.merges: list[Merge] = []


class _Tables(HTMLParser):
    """Collects the rows of every table; nested tables become tables of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Grid] = []
        self._open: list[_Grid] = []
        self._cells: list[list[str]] = []
        self._spans: list[dict[int, int]] = []
        """Of every open table: column → rows that a cell above it still covers."""
        self._span = (1, 1)
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", "td", "th") and not self._open and self.tables:
            # a stray </table>: the rows behind it go on with the table, also one whose <tr> is broken
            self._open.append(self.tables.pop())
            self._spans.append({})
            self._cells.append([])
            if tag != "tr":
                self._open[-1].append([])
        if tag not in _TAGS and ":" not in tag:
            # a less-than sign that nobody escaped, or a broken tag: what stands there is text
            self.handle_data(self.get_starttag_text() or "")
        elif tag == "table":
            self._open.append(_Grid())
            self._spans.append({})
            self._cells.append([])
        elif tag in ("script", "style"):
            self._hidden = tag
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._end_row()
            self._open[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            named = dict(attrs)
            self._span = (_whole(named.get("colspan")), _whole(named.get("rowspan")))
            self._cells[-1] = [""]
        elif tag in _BREAKS and self._cells[-1]:
            self._cells[-1].append("\n")

    def parse_starttag(self, i: int) -> int:
        """Read one tag; what a tag that lacks its ``>`` took with it is text."""
        end = super().parse_starttag(i)
        inner = self.rawdata.rfind("<", i + 1, end)
        if inner > i:
            self.handle_data(self.rawdata[i + 1 : inner])
        return end

    def parse_endtag(self, i: int) -> int:
        """Read one end tag; one that lacks its ``>`` ends where the next tag begins."""
        end = super().parse_endtag(i)
        inner = self.rawdata.rfind("<", i + 1, end)
        if inner <= i:
            return end
        text = self.rawdata[i + 1 : inner]
        if text.strip("/ \t\r\n").lower() not in _TAGS:
            self.handle_data(text)
        return inner

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell()
        elif self._open and tag == "table":
            self._end_cell()
            self.tables.append(self._open.pop())
            self._spans.pop()
            self._cells.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or self._hidden:
            return
        if not self._cells[-1]:
            if not data.strip():
                return
            # text beside the cells, where a tag is broken: better in a cell too many than lost
            if not self._open[-1]:
                self._open[-1].append([])
            self._cells[-1], self._span = [""], (1, 1)
        self._cells[-1].append(data)

    def finish(self) -> bool:
        """Close what the page left open, and tell whether that was a table."""
        self.close()
        is_open = bool(self._open)
        while self._open:
            self.handle_endtag("table")
        return is_open

    def _end_cell(self) -> None:
        if not self._open or not self._cells[-1]:
            return
        text = "".join(self._cells[-1]).replace("\xa0", " ").strip()
        self._cells[-1] = []
        grid, spans, (across, down) = self._open[-1], self._spans[-1], self._span
        row = grid[-1]
        while len(row) in spans:
            self._cover(row, spans)
        if down > 1:
            top, left = len(grid) - 1, len(row)
            grid.merges.append(Merge(top, top + down - 1, left, left + across - 1))
            spans.update(dict.fromkeys(range(left, left + across), down - 1))
        row += [text, *[""] * (across - 1)]

    def _end_row(self) -> None:
        """Cells at the end of the row that merges from above cover."""
        grid, spans = self._open[-1], self._spans[-1]
        for column in sorted(spans) if grid else ():
            if column >= len(grid[-1]):
                grid[-1].extend([""] * (column - len(grid[-1])))
                self._cover(grid[-1], spans)

    @staticmethod
    def _cover(row: list[str], spans: dict[int, int]) -> None:
        """One cell that a merge from above covers: blank here, for the header; filled where it is data."""
        left = spans.pop(len(row))
        if left > 1:
            spans[len(row)] = left - 1
        row.append("")


def _whole(text: str | None) -> int:
    return min(int(text), _CELL_LIMIT) if text and text.strip().isdigit() and int(text) > 0 else 1


def _is_export(table: RawTable) -> bool:
    """Pages have menus and lists of news, which look like tables of two columns or of texts alone."""
    return table.evidence == "names" or (table.evidence == "values" and len(table.header) > 2)


def open_html(path: Path, name: str, known: Container[str] | None) -> list[RawTable]:
    """The tables of a page; raises ``InputError`` when it has no table at all, or ``NoHeaderError``."""
    encoding = decide(probe(path), where=name)
    with Utf8Stream(path, encoding) as stream:
        text = stream.read().decode("utf-8", "replace")
    origin = Origin(name, "html", digest_of(path), encoding=encoding, notes=guess_note(encoding))
    return _tables([text], origin, known)


def open_mhtml(path: Path, name: str, known: Container[str] | None) -> list[RawTable]:
    """The tables of the pages in a web archive (MHTML), which Excel and some platforms save as .xls."""
    letter = email.message_from_bytes(path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n"))
    texts, encodings = [], []
    for part in letter.walk():
        if part.get_content_type() != "text/html":
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and raw.strip():
            encodings.append(_encoding_of(raw, part.get_content_charset(), name))
            texts.append(raw.decode(encodings[-1], "replace").replace("\ufeff", ""))
    encoding = encodings[0] if encodings else None
    return _tables(texts, Origin(name, "mhtml", digest_of(path), encoding=encoding), known)


def _encoding_of(raw: bytes, declared: str | None, where: str) -> str:
    """As declared, when that is how the page reads; else by evidence."""
    encoding = "gb18030" if declared in ("gb2312", "gbk", "x-gbk") else declared
    try:
        raw.decode(encoding or "ascii")
    except (LookupError, UnicodeError):
        return decide(raw, where=where)
    return encoding or "ascii"


def _tables(texts: Sequence[str], origin: Origin, known: Container[str] | None) -> list[RawTable]:
    grids: list[_Grid] = []
    for text in texts:
        require_markup(text, origin.file)
        parser = _Tables()
        parser.feed(text)
        if parser.finish() and not _PAGE_END.search(text):
            origin = replace(origin, is_cut_off=True)
        grids += [grid for grid in parser.tables if any(any(row) for row in grid)]
    if not grids:
        raise InputError(
            "这是网页，里面没有表格（可能是登录已过期的提示页）",
            where=origin.file,
            remedy="请重新登录平台后导出。",
        )
    tables, unread = [], []
    for number, grid in enumerate(grids, start=1):
        sheet = f"表{number}" if len(grids) > 1 else None
        table = table_of(partial(iter, grid), replace(origin, sheet=sheet), known, merges=grid.merges)
        if table is not None and (known is None or _is_export(table)):
            tables.append(table)
        else:
            unread.append(f"表{number} 没有认识的表头，未读取")
    if not tables:
        raise no_header(origin.file, grids[0])
    tables[0].notes += tuple(unread)
    return tables

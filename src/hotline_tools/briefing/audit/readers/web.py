"""Web pages: blocks of text and tables in their order, without scripts, styles and menus."""

from html.parser import HTMLParser
from pathlib import Path

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.briefing.audit.readers.plain import text_of
from hotline_tools.errors import InputError

_BLOCK_NAMES = """
address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary details ul title
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HIDDEN = frozenset(("script", "style", "noscript", "template", "nav", "svg", "button", "select"))
_TITLES = frozenset(("title", "h1"))
_MOST_SPANNED = 200
"""Largest colspan or rowspan that is believed."""


_MOST_CELLS = 1_000_000


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Gathered()
        self._text: list[str] = []
        self._hidden = 0
        self._is_title = False
        self._tables: list[_Cells] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "table":
            self._end_block()
            self._tables.append(_Cells())
        elif self._tables:
            self._tables[-1].open(tag, dict(attrs))
        elif tag in _BLOCKS:
            self._end_block()
            self._is_title = tag in _TITLES

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table" and self._tables:
            rows = self._tables.pop().rows()
            if self._tables:
                self._tables[-1].add("\n".join(" ".join(row) for row in rows))
            else:
                self.found.table(rows)
        elif tag in _BLOCKS and not self._tables:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._tables:
            self._tables[-1].add(data)
        else:
            self._text.append(data)

    def finished(self) -> Bulletin:
        self.close()
        while self._tables:
            self.handle_endtag("table")
        self._end_block()
        return self.found.bulletin()

    def _end_block(self) -> None:
        self.found.passage("".join(self._text), is_title=self._is_title)
        self._text, self._is_title = [], False


class _Cells:
    """The cells of a table while it is read: (row, column) → text."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[str]] = {}
        self._row, self._column, self._current = -1, 0, [""]

    def open(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "tr":
            self._row, self._column, self._current = self._row + 1, 0, [""]
        elif tag in ("td", "th"):
            self._row = max(self._row, 0)
            while (self._row, self._column) in self._cells:
                self._column += 1
            self._current = [""]
            high, wide = _span(attrs.get("rowspan")), _span(attrs.get("colspan"))
            _require_cells(len(self._cells) + high * wide)
            for down in range(high):
                for right in range(wide):
                    self._cells[self._row + down, self._column + right] = self._current
            self._column += wide
        elif tag in _BLOCKS:
            self._current.append(" ")

    def add(self, text: str) -> None:
        self._current.append(text)

    def rows(self) -> list[list[str]]:
        width = max((column for _, column in self._cells), default=-1) + 1
        _require_cells(width * (self._row + 1))
        return [
            ["".join(self._cells.get((row, column), [""])) for column in range(width)]
            for row in range(self._row + 1)
        ]


def _span(value: str | None) -> int:
    digits = value.strip().lstrip("0")[:4] if value and value.strip().isdecimal() else ""
    return min(int(digits), _MOST_SPANNED) if digits else 1


def _require_cells(number: int) -> None:
    if number > _MOST_CELLS:
        raise InputError("网页里的表格大得不合常理", remedy="请另存为 .docx 或 .txt。")


def read(path: Path) -> Bulletin:
    """Return the text and tables of a web page."""
    page = _Page()
    page.feed(text_of(path))
    return page.finished()

"""Web pages: blocks of text and tables in their order, without scripts, styles and menus."""

from html.parser import HTMLParser
from pathlib import Path

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.briefing.audit.readers.cells import Cells
from hotline_tools.briefing.audit.readers.plain import text_of

_BLOCK_NAMES = """
address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary details ul title
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HIDDEN = frozenset(("script", "style", "noscript", "template", "nav", "svg", "button", "select"))
_TITLES = frozenset(("title", "h1"))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Gathered()
        self._text: list[str] = []
        self._hidden = 0
        self._is_title = False
        self._tables: list[Cells] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "table":
            self._end_block()
            self._tables.append(Cells())
        elif self._tables:
            self._open_in_table(tag, dict(attrs))
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

    def _open_in_table(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "tr":
            self._tables[-1].begin_row()
        elif tag in ("td", "th"):
            self._tables[-1].begin_cell(_span(attrs.get("colspan")), _span(attrs.get("rowspan")))
        elif tag in _BLOCKS:
            self._tables[-1].add(" ")

    def _end_block(self) -> None:
        self.found.passage("".join(self._text), is_title=self._is_title)
        self._text, self._is_title = [], False


def _span(value: str | None) -> int:
    digits = value.strip().lstrip("0")[:4] if value and value.strip().isdecimal() else ""
    return int(digits) if digits else 1


def read(path: Path) -> Bulletin:
    """Return the text and tables of a web page."""
    page = _Page()
    page.feed(text_of(path))
    return page.finished()

"""Tagged PDF files: the structure tree tells headings, paragraphs, and tables with their cells.

ISO 32000-1, 14.7 and 14.8: an element of the tree names the pieces of page content that it holds by page and
number (MCID); what stands outside the tree, such as page numbers and repeated table heads, is no text of the
document. Typst, Word, WPS and LibreOffice write such trees when they are asked for an accessible file.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.briefing.audit.readers.cells import Cells

_CONTAINERS = frozenset(
    (
        "Document",
        "DocumentFragment",
        "Part",
        "Art",
        "Sect",
        "Div",
        "NonStruct",
        "BlockQuote",
        "L",
        "LI",
        "TOC",
    )
)
_TITLES = frozenset(("Title", "H1"))
_DEEPEST = 60
"""Levels of the tree that are read; a deeper one is damaged."""


class _Piece(NamedTuple):
    """A piece of page content: the page's number, from 1, and its text."""

    page: int
    text: str


class TaggedPdf:
    """A PDF with a structure tree; its pages are read once."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._found = Gathered()
        self._root = _plain(_plain(reader.trailer["/Root"]).get("/StructTreeRoot")) or {}
        self._roles = _plain(self._root.get("/RoleMap")) or {}

    def bulletin(self) -> Bulletin:
        """Return what stands in the tree, in its order; no parts where the file has no tree."""
        for child in _listed(self._root.get("/K")):
            self._read(child, None, 0)
        return self._found.bulletin()

    @cached_property
    def _pages(self) -> dict[int, tuple[int, dict[int, str]]]:
        """Number of a page's object → the page's number and its pieces of text by MCID."""
        return {
            page.indirect_reference.idnum: (number, _pieces(page))
            for number, page in enumerate(self._reader.pages, 1)
            if page.indirect_reference is not None
        }

    def _read(self, element: Any, page: Any, depth: int) -> None:
        name = self._name(element)
        if not name or depth > _DEEPEST:
            return
        page = _raw(element, "/Pg") or page
        if name == "Table":
            self._read_table(element, page, depth)
        elif name in _CONTAINERS:
            for child in _listed(element.get("/K")):
                self._read(child, page, depth + 1)
        elif name == "Figure":  # the words in a picture are no sentences
            for child in _listed(element.get("/K")):
                if self._name(child) == "Caption":
                    self._read(child, page, depth + 1)
        else:
            pieces = list(self._text(element, page, depth))
            where = f"第{pieces[0].page}页" if pieces else ""
            text = "".join(piece.text for piece in pieces)
            self._found.passage(text, where=where, is_title=name in _TITLES)

    def _read_table(self, element: Any, page: Any, depth: int) -> None:
        cells = Cells()
        for part, row_page in self._inside(element, page, ("TR", "Caption"), depth):
            if self._name(part) == "Caption":
                self._read(part, row_page, depth + 1)
                continue
            cells.begin_row()
            for cell, cell_page in self._inside(part, row_page, ("TH", "TD"), depth):
                cells.begin_cell(_span(cell, "/ColSpan"), _span(cell, "/RowSpan"))
                cells.add("".join(piece.text for piece in self._text(cell, cell_page, depth)))
        self._found.table(cells.rows())

    def _inside(
        self, element: Any, page: Any, names: tuple[str, ...], depth: int
    ) -> Iterator[tuple[Any, Any]]:
        """Yield the nearest elements of a name below an element, each with the page that it stands on."""
        for child in _listed(element.get("/K")):
            name = self._name(child)
            if name in names:
                yield child, _raw(child, "/Pg") or page
            elif name and depth < _DEEPEST:
                yield from self._inside(child, _raw(child, "/Pg") or page, names, depth + 1)

    def _text(self, element: Any, page: Any, depth: int) -> Iterator[_Piece]:
        for child in _listed(element.get("/K")):
            if isinstance(child, int):
                yield from self._piece(page, child)
            elif not hasattr(child, "get"):
                continue
            elif child.get("/Type") == "/MCR":
                yield from self._piece(_raw(child, "/Pg") or page, child.get("/MCID"))
            elif "/S" in child and depth < _DEEPEST:
                yield from self._text(child, _raw(child, "/Pg") or page, depth + 1)

    def _piece(self, page: Any, number: Any) -> Iterator[_Piece]:
        known = self._pages.get(getattr(page, "idnum", None) or -1)
        if known is not None and number in known[1]:
            yield _Piece(known[0], known[1][number])

    def _name(self, element: Any) -> str:
        """Return the standard name of an element; empty for what is none."""
        if not hasattr(element, "get") or "/S" not in element:
            return ""
        own = str(element["/S"])
        return str(self._roles.get(own, own)).removeprefix("/") if own[1:] not in _TITLES else own[1:]


def _pieces(page: PageObject) -> dict[int, str]:
    """Return the text of each piece of a page's marked content: MCID → text."""
    properties = _plain((_plain(page.get("/Resources")) or {}).get("/Properties")) or {}
    opened: list[int | None] = []
    said: dict[int, list[str]] = {}

    def operand(operator: bytes, operands: list[Any], *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            named = _plain(operands[1]) if operator == b"BDC" else {}
            marked = named if hasattr(named, "get") else _plain(properties.get(named)) or {}
            opened.append(marked.get("/MCID"))
        elif operator == b"EMC" and opened:
            opened.pop()

    def text(piece: str, *_: Any) -> None:
        number = next((one for one in reversed(opened) if one is not None), None)
        if number is not None:
            said.setdefault(number, []).append(piece.strip("\n "))

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return {number: "".join(pieces) for number, pieces in said.items()}


def _span(cell: Any, name: str) -> int:
    for attributes in _listed(cell.get("/A")):
        if hasattr(attributes, "get") and isinstance(attributes.get(name), int):
            return int(attributes[name])
    return 1


def _raw(element: Any, key: str) -> Any:
    """Return an entry as it is written, a reference to an object unresolved."""
    return element.raw_get(key) if key in element else None


def _plain(value: Any) -> Any:
    """Return the object behind a reference."""
    return value.get_object() if hasattr(value, "get_object") else value


def _listed(value: Any) -> list[Any]:
    value = _plain(value)
    if value is None:
        return []
    return [_plain(one) for one in value] if isinstance(value, list) else [value]

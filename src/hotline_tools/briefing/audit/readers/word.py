"""Word files: paragraphs and tables of the body in their order, text boxes and content controls included."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.errors import InputError
from hotline_tools.sheet_extent import UNREADABLE_ZIP
from hotline_tools.workbooks import require_small

_DAMAGED = (AttributeError, LookupError, TypeError, RecursionError, AssertionError)
"""What python-docx raises where a part is not what its relationship says; lxml raises SyntaxError."""
_TITLES = ("Title", "Heading1", "1")
_PARAGRAPH, _TABLE, _TEXT = qn("w:p"), qn("w:tbl"), qn("w:t")
_BLANKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = qn("w:del")
"""A second copy of a text box for older programs, and what a reviewer has struck out."""


def read(path: Path) -> Bulletin:
    """Return the paragraphs and tables of a .docx file."""
    try:
        require_small(path)
        word = docx.Document(str(path))
        found = _gathered(word)
    except (PackageNotFoundError, SyntaxError, *UNREADABLE_ZIP, *_DAMAGED) as error:
        raise InputError(
            "打不开这份 Word 文件", where=str(path), remedy="请用 Word 或 WPS 另存为 .docx。"
        ) from error
    return found.bulletin()


def _gathered(word: Any) -> Gathered:
    found = Gathered()
    for block in _blocks(word.element.body):
        if block.tag == _TABLE:
            found.table([[_text(cell._tc) for cell in row.cells] for row in Table(block, word).rows])
        else:
            found.passage(_text(block), is_title=block.style in _TITLES)
    return found


def _blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables from outside in; those inside a table belong to it."""
    for child in parent:
        if child.tag == _TABLE:
            yield child
        elif child.tag == _PARAGRAPH:
            yield child
            for inner in child:
                yield from _blocks(inner)
        elif child.tag not in (_FALLBACK, _DELETED):
            yield from _blocks(child)


def _text(element: Any) -> str:
    """Return the text of a paragraph or cell without that of paragraphs in its text boxes."""
    said = []
    for child in element:
        if child.tag == _TEXT:
            said.append(child.text or "")
        elif child.tag in _BLANKS:
            said.append(_BLANKS[child.tag])
        elif child.tag == _PARAGRAPH and element.tag != qn("w:tc"):
            continue
        elif child.tag not in (_FALLBACK, _DELETED):
            said.append(_text(child) + ("\n" if child.tag == _PARAGRAPH else ""))
    return "".join(said)

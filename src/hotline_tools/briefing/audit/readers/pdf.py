"""PDF files: by their structure tree, else the running text of each page.

Without a tree a PDF keeps no cells, and what stands in tables is not read.
"""

import logging
import re
import zlib
from dataclasses import replace
from pathlib import Path

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.errors import InputError

try:
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    from hotline_tools.briefing.audit.readers.tagged_pdf import TaggedPdf
except ModuleNotFoundError as error:  # an extra: the rest of the audit works without it
    raise InputError(
        "读 PDF 要装 pypdf", remedy="请运行 pip install 'hotline-tools[pdf]'，或把它另存为 .docx。"
    ) from error

_LEAST_TAGGED = 0.5
"""Share of a file's letters that its tree must hold to be read by it."""
_DAMAGED = (
    DependencyError, PyPdfError, ArithmeticError, AttributeError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, zlib.error,
)  # fmt: skip
"""What pypdf raises where an object is not what its place says."""
logging.getLogger(pypdf.__name__).addHandler(logging.NullHandler())  # else it writes to the terminal
_PAGE_NUMBER = re.compile(r"^\s*[-—–－]*\s*\d+\s*[-—–－]*\s*$")
_ENDS = re.compile(r"[。！？!?]\s*$")
_STOPS = re.compile(r"[，、；。：]")
_FIGURES = re.compile(r"(?:^|\s)[+\-−↑↓]?\d[\d,.]*%?(?=\s|$)")
_CHAPTER = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附件\d*\s*[：:]?)")


def read(path: Path) -> Bulletin:
    """Return the text and tables of a PDF; without a structure tree the text alone."""
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("这份 PDF 有密码", where=str(path), remedy="请另存为没有密码的文件。")
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
        tagged = TaggedPdf(reader).bulletin()
    except _DAMAGED as error:
        raise InputError("读不了这份 PDF", where=str(path), remedy="请另存为 .docx 或 .txt。") from error
    is_whole = _length(tagged) >= _LEAST_TAGGED * sum(len(_letters(line)) for page in pages for line in page)
    return tagged if tagged.parts and is_whole else _running_text(pages)


def _length(bulletin: Bulletin) -> int:
    cells = (cell for table in bulletin.tables for row in table.rows for cell in row)
    return sum(len(_letters(text)) for text in (*(p.text for p in bulletin.passages), *cells))


def _letters(text: str) -> str:
    return "".join(text.split())


def _running_text(pages: list[list[str]]) -> Bulletin:
    """Return the paragraphs of lines; one may go on over pages and stands where it begins."""
    found = Gathered()
    said, where = "", ""
    for page, lines in enumerate(pages, 1):
        for line in lines:
            if _PAGE_NUMBER.match(line):
                continue
            if _is_row(line):  # what was begun is the head of the table
                said = ""
                continue
            if _CHAPTER.match(line) and said:
                found.passage(said, where=where)
                said = ""
            said, where = said + line.strip(), where if said else f"第{page}页"
            if _ENDS.search(line):
                found.passage(said, where=where)
                said = ""
    found.passage(said, where=where)
    return replace(found.bulletin(), lacks_cells=True)


def _is_row(line: str) -> bool:
    """Tell whether a line is the row of a table: figures that stand apart, and no sentence."""
    return not _STOPS.search(line) and len(_FIGURES.findall(line)) >= 2

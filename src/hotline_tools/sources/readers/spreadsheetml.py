"""The worksheets of Excel 2003 XML."""

from collections.abc import Callable, Container
from functools import partial
from xml.etree import ElementTree

from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.detect.natural_order import in_series
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.grid import Origin, table_of, without_guesses
from hotline_tools.sources.readers.merges import Merge

_MOST = 20_000
"""Rows or cells left out, or covered by one merge, that are believed."""
_NS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def is_workbook(root: ElementTree.Element) -> bool:
    """Whether the document is an Excel 2003 workbook."""
    return root.tag == f"{_NS}Workbook"


def worksheets(
    root: ElementTree.Element, name: str, digest: Callable[[], str], known: Container[str] | None
) -> list[RawTable]:
    """The tables of the worksheets; raises ``NoHeaderError``."""
    tables: list[RawTable] = []
    first: list[list[str]] = []
    for sheet in in_series(list(root.iter(f"{_NS}Worksheet")), lambda e: e.get(f"{_NS}Name") or ""):
        grid, merges = _grid(sheet)
        first = first or grid
        origin = Origin(name, "xls（XML）", digest, sheet.get(f"{_NS}Name"))
        table = table_of(partial(iter, grid), origin, known, merges=merges)
        if table is not None:
            tables.append(table)
    if not tables:
        raise no_header(name, first)
    return without_guesses(tables)


def _grid(sheet: ElementTree.Element) -> tuple[list[list[str]], list[Merge]]:
    """The cells of a sheet; ``Index`` leaves out empty rows and cells, and those that a merge covers."""
    grid: list[list[str]] = []
    merges: list[Merge] = []
    for row in sheet.iter(f"{_NS}Row"):
        grid += [[] for _ in range(_skipped(row, len(grid)))]
        cells: list[str] = []
        for cell in row.iter(f"{_NS}Cell"):
            cells += [""] * _skipped(cell, len(cells))
            across, down = _whole(cell, "MergeAcross", 1000), _whole(cell, "MergeDown", _MOST)
            if across or down:
                merges.append(Merge(len(grid), len(grid) + down, len(cells), len(cells) + across))
            cells += [_text(cell), *[""] * across]
        grid.append(cells)
    return grid, merges


def _skipped(element: ElementTree.Element, done: int) -> int:
    return max(0, min(_whole(element, "Index", 1 << 30) - 1 - done, _MOST))


def _whole(element: ElementTree.Element, name: str, most: int) -> int:
    text = element.get(f"{_NS}{name}", "0").strip()
    return min(int(text), most) if text.isdecimal() else 0


def _text(cell: ElementTree.Element) -> str:
    data = cell.find(f"{_NS}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    is_time = data.get(f"{_NS}Type") == "DateTime"
    return text.replace("T", " ").removesuffix(".000") if is_time else text

"""Excel 2003 XML, which some platforms save under the name .xls."""

from collections.abc import Container
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.grid import Origin, table_of

_NS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def open_spreadsheetml(path: Path, name: str, known: Container[str] | None) -> list[RawTable]:
    """The tables of its worksheets; raises ``InputError`` or ``NoHeaderError``."""
    try:
        root = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise InputError(f"XML 表格不完整或有误（{error}）", where=name, remedy="请重新导出。") from error
    tables: list[RawTable] = []
    first: list[list[str]] = []
    for sheet in root.iter(f"{_NS}Worksheet"):
        grid = [_row(row) for row in sheet.iter(f"{_NS}Row")]
        first = first or grid
        origin = Origin(name, "xls（XML）", digest_of(path), sheet.get(f"{_NS}Name"))
        table = table_of(partial(iter, grid), origin, known)
        if table is not None:
            tables.append(table)
    if not tables:
        raise no_header(name, first)
    return tables


def _row(row: ElementTree.Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_NS}Cell"):
        index = cell.get(f"{_NS}Index")
        if index is not None and index.isdigit():
            cells += [""] * min(int(index) - 1 - len(cells), 20_000)
        data = cell.find(f"{_NS}Data")
        text = "" if data is None else "".join(data.itertext())
        if data is not None and data.get(f"{_NS}Type") == "DateTime":
            text = text.replace("T", " ").removesuffix(".000")
        cells.append(text)
        cells += [""] * min(int(cell.get(f"{_NS}MergeAcross", "0")), 1000)
    return cells

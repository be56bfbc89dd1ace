"""Is the content of an ods sound enough to be read?

Calamine never comes back from a cell whose end tag is broken, and repeats a filled cell as often as the
file says. So the XML is read once by expat first: it must be well-formed and of a reasonable size.
"""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.parsers import expat

from hotline_tools.errors import InputError
from hotline_tools.sheet_extent import MAX_CELLS
from hotline_tools.sources.readers.date_cells import column_letters

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_SHEET, _ROW, _CELL = f"{_TABLE} table", f"{_TABLE} table-row", f"{_TABLE} table-cell"
_EXPORT_AGAIN = "请在 WPS/LibreOffice 中打开并另存为 .xlsx，或从平台重新导出。"


class _Extent:
    """Counts the rows that have a value and the widest of them, repeats included; notes empty formulas."""

    def __init__(self) -> None:
        self.rows = self.widest = 0
        self.uncomputed: list[str] = []
        self._row = 0
        self._repeat = self._width = self._filled = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ROW:
            self._row += self._repeat
            self._repeat = _times(attributes, "number-rows-repeated")
            self._width = self._filled = 0
        elif tag == _SHEET:
            self._row, self._repeat = 1, 0
        elif tag == _CELL:
            if f"{_TABLE} formula" in attributes and f"{_OFFICE} value-type" not in attributes:
                self.uncomputed.append(f"{column_letters(self._width)}{self._row}")
            self._width += _times(attributes, "number-columns-repeated")
            if f"{_OFFICE} value-type" in attributes:
                self._filled = self._width

    def end(self, tag: str) -> None:
        if tag == _ROW and self._filled:
            self.rows += self._repeat
            self.widest = max(self.widest, self._filled)


def require_sound(source: Path, name: str) -> list[str]:
    """Raise ``InputError`` for broken XML or a sheet of more than ``MAX_CELLS``.

    Returns the addresses of the formulas without a stored value.
    """
    extent = _Extent()
    try:
        with zipfile.ZipFile(source) as archive, archive.open("content.xml") as stream:
            _parse(stream, extent)
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise InputError("工作簿已损坏，无法打开", where=name, remedy=_EXPORT_AGAIN) from error
    if extent.rows * extent.widest > MAX_CELLS:
        raise InputError(
            f"工作表大得不正常（{extent.rows} 行、{extent.widest} 列）",
            where=name,
            remedy="请删去表格以外的行和列再保存，或另存为 csv。",
        )
    return extent.uncomputed


def _parse(stream: IO[bytes] | BytesIO, extent: _Extent) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    parser.ParseFile(stream)


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(f"{_TABLE} {name}", "1")))

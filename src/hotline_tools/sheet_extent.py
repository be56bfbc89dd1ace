"""What the sheets of an xlsx say of themselves before they are read: their extent, formulas without values.

Calamine holds a sheet as a full rectangle, so one stray cell at XFD1048576 would ask for hundreds of
gigabytes. The cells' own addresses are looked at; the ``dimension`` a file declares is often wrong.
A program that writes formulas without computing them leaves cells that every reader takes for empty.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.errors import InputError
from hotline_tools.prefetch import prefetch

UNREADABLE_ZIP = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises for a damaged archive; ValueError for a member's name that is no UTF-8."""
MAX_CELLS = 100_000_000
"""Twice a full sheet of 48 columns; such a rectangle takes about 2.4 GB."""
_PIECE = 1 << 22
_OVERLAP = 64
_LONGEST_CELL = 1 << 16
"""Bytes up to which a cell with a formula is found across two pieces."""
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:([A-Z]{2,3})\d|[A-Z]?(\d{8,}))""")
"""An address beyond column Z, or in a row that no sheet has, however its attribute is written."""
_QUOTED = re.compile(rb"""=\s*["'](?:([A-Z]{2,3})\d|[A-Z]?(\d{8,}))""")
"""Whatever ``_FAR`` finds and more, in less time: the pattern begins with one certain byte."""
_TO_LOOK_AT = r"""<f|=\s*["'](?:[A-Z]{2,3}\d|[A-Z]?\d{8})"""
"""A formula or what ``_QUOTED`` finds; searched without Python's lock while the next piece is unpacked."""
_ROWS = re.compile(rb"""\sr\s*=\s*["'][A-Z]{0,3}(\d+)""")
_LIKELY_COLUMNS = 95
"""With so many columns the rows of no sheet (1,048,576) make a rectangle that is too large."""
_NO_VALUE = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_STRINGS = re.compile(rb"""<(?:\w+:)?sst\b[^>]{0,4096}?\suniqueCount\s*=\s*["']\s*\+?(\d+)""")
_SHORTEST_STRING = len("<si/>")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def column_number(letters: bytes) -> int:
    """Return the number of a column, from 1: B → 2."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def require_reasonable(source: Path | IO[bytes], name: str, largest: int = MAX_CELLS) -> list[str]:
    """Raise ``InputError`` when a sheet's rectangle has more than ``largest`` cells.

    Returns the addresses of the formulas without a stored value. Raises one of ``UNREADABLE_ZIP`` too.
    """
    uncomputed: list[str] = []
    with zipfile.ZipFile(source) as archive:
        for item in archive.infolist():
            member = item.filename
            if member.lower().endswith("sharedstrings.xml"):
                with archive.open(item) as stream:
                    _require_honest(stream, item.file_size, name)
            if not _SHEET.fullmatch(member):
                continue
            with archive.open(member) as stream:
                rows, columns, formulas = _extent(stream)
            if columns > _LIKELY_COLUMNS or largest < MAX_CELLS:
                with archive.open(member) as stream:
                    rows = _rows(stream)
            uncomputed += formulas
            if rows * columns > largest:
                raise InputError(
                    f"工作表大得不正常（到第 {rows} 行、第 {columns} 列，多半是远处有一个零散的单元格）",
                    where=f"{name}（{member}）",
                    remedy="请在 Excel/WPS 中删去表格以外的行和列再保存，或另存为 csv。",
                )
    return uncomputed


def _require_honest(stream: IO[bytes], size: int, name: str) -> None:
    """Raise ``InputError`` when a table of strings says that it has more than its bytes can hold.

    Calamine asks for memory for as many, and the process is aborted when there is none.
    """
    rest = b""
    while piece := stream.read(_PIECE):
        text = rest + piece
        rest = text[-_LONGEST_CELL:]
        counts = _STRINGS.finditer(text) if b"uniqueCount" in text else ()
        if any(int(found[1][:18]) * _SHORTEST_STRING > size for found in counts):
            raise InputError(
                "工作簿已损坏（文字表自称的条数与大小不符）",
                where=name,
                remedy="请在 Excel/WPS 中打开并另存为 .xlsx。",
            )


def _extent(stream: IO[bytes]) -> tuple[int, int, list[str]]:
    """A row that no sheet has or 1, the last column (26 are assumed), and the formulas without a value."""
    rows, columns, rest = 1, 26, b""
    formulas: dict[str, None] = {}
    for piece in _pieces(stream):
        text = rest + piece
        rest = text[-_OVERLAP:]
        if not pc.match_substring_regex(pa.scalar(text, pa.binary()), _TO_LOOK_AT).as_py():
            continue
        if _farthest(_QUOTED, text, rows, columns) != (rows, columns):
            rows, columns = _farthest(_FAR, text, rows, columns)
        if b"<f" in text:
            formulas.update((found[1].decode(), None) for found in _NO_VALUE.finditer(text))
            rest = text[max(text.rfind(b"<c "), len(text) - _LONGEST_CELL, 0) :] or rest
    return rows, columns, list(formulas)


def _pieces(stream: IO[bytes]) -> Iterable[bytes]:
    """Return the parts of a stream; of a long one, each is unpacked while the one before is looked at."""
    first = stream.read(_PIECE)
    others = iter(lambda: stream.read(_PIECE), b"")
    return chain([first], prefetch(others) if len(first) == _PIECE else ())


def _farthest(addresses: re.Pattern[bytes], text: bytes, rows: int, columns: int) -> tuple[int, int]:
    """``rows`` and ``columns``, or the larger ones among the addresses in ``text``."""
    far = set(addresses.findall(text))
    return (
        max([rows, *(int(number[:12]) for _, number in far if number)]),
        max([columns, *(column_number(name) for name, _ in far if name)]),
    )


def _rows(stream: IO[bytes]) -> int:
    """The last row that any address names."""
    rows, rest = 1, b""
    while piece := stream.read(_PIECE):
        text = rest + piece
        rest = text[-_OVERLAP:]
        rows = max([rows, *(int(number[:12]) for number in set(_ROWS.findall(text)))])
    return rows

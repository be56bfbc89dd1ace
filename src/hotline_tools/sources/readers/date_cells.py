"""What workbooks say of dates and calamine does not hand on: their epoch, and which columns show a clock.

Calamine gives a midnight as a date alone, whether the cell shows 2025-06-08 or 2025-06-08 00:00:00, and a
number without a date format as it is, whichever day the workbook counts from ([ECMA-376] 18.17.4).
"""

import posixpath
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from hotline_tools.sheet_extent import column_number

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = re.compile(r"\{[^}]*/relationships\}id$")
_LOOKED_AT = 1 << 20
"""Bytes of a sheet by which a column is judged."""
_CELL = re.compile(rb"<c\b([^>]*)>")
_PLACE, _STYLE = re.compile(rb'\br="([A-Z]{1,3})\d+"'), re.compile(rb'\bs="(\d{1,5})"')
_NO_NUMBER = re.compile(rb'\bt="(?!n")')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\])[^\]]*\]', re.IGNORECASE)
_BUILT_IN_DAYS = frozenset(("14", "15", "16", "17"))
_BUILT_IN_CLOCKS = frozenset(("18", "19", "20", "21", "22", "45", "46", "47"))
"""Formats that need no entry in the styles ([ECMA-376] 18.8.30)."""
_DATE_MODE, _END_OF_SUBSTREAM = 0x0022, 0x000A


@dataclass(frozen=True)
class DateCells:
    """``clocked`` has the columns of each sheet (from 0) whose dates are shown with a time of day."""

    epoch_1904: bool = False
    clocked: Mapping[str, frozenset[int]] = field(default_factory=dict)


def date_cells_of_xlsx(source: Path | IO[bytes]) -> DateCells:
    """Read the epoch and the formats of an xlsx; what is missing or broken counts as not said.

    Raises ``zipfile.BadZipFile`` and the like for a damaged archive.
    """
    with zipfile.ZipFile(source) as archive:
        book = _parsed(archive, "xl/workbook.xml")
        properties = _child(book, "workbookPr")
        epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
        clocks = _styles(archive)
        if not any(clocks.values()):
            return DateCells(epoch_1904)
        return DateCells(
            epoch_1904, {name: _clocked(archive, part, clocks) for name, part in _sheets(archive, book)}
        )


def counts_from_1904(stream: bytes) -> bool:
    """Tell whether the workbook stream of an xls has the 1904 date system ([MS-XLS] 2.4.77)."""
    at = 0
    while at <= len(stream) - 4:
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _DATE_MODE and size >= 2:
            return stream[at + 4 : at + 6] == b"\x01\x00"
        if kind == _END_OF_SUBSTREAM:
            break
        at += 4 + size
    return False


def _parsed(archive: zipfile.ZipFile, member: str) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(archive.read(member))
    except (LookupError, ValueError, ElementTree.ParseError):
        return None


def _children(parent: ElementTree.Element | None, name: str) -> list[ElementTree.Element]:
    if parent is None:
        return []
    return parent.findall(f"{_MAIN}{name}") or parent.findall(f"{_STRICT}{name}")


def _child(parent: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    return next(iter(_children(parent, name)), None)


def _sheets(archive: zipfile.ZipFile, book: ElementTree.Element | None) -> list[tuple[str, str]]:
    """Return the name of each sheet and its member of the archive."""
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {} if relations is None else {e.get("Id"): e.get("Target", "") for e in relations}
    found = []
    for sheet in _children(_child(book, "sheets"), "sheet"):
        key = next((value for name, value in sheet.items() if _ID.search(name)), None)
        if key in targets:
            part = posixpath.normpath(posixpath.join("/xl", targets[key])).lstrip("/")
            found.append((sheet.get("name", ""), part))
    return found


def _styles(archive: zipfile.ZipFile) -> dict[int, bool]:
    """Return the cell styles that are dates, and whether they show a clock."""
    styles = _parsed(archive, "xl/styles.xml")
    codes = {
        e.get("numFmtId"): e.get("formatCode", "") for e in _children(_child(styles, "numFmts"), "numFmt")
    }
    kinds = {}
    for index, style in enumerate(_children(_child(styles, "cellXfs"), "xf")):
        number = style.get("numFmtId", "0")
        clock = _shows_clock(number, codes.get(number))
        if clock is not None:
            kinds[index] = clock
    return kinds


def _shows_clock(number: str, code: str | None) -> bool | None:
    """Tell whether a number format shows a clock; None if it is none of dates."""
    if code is None:
        return number in _BUILT_IN_CLOCKS if number in _BUILT_IN_DAYS | _BUILT_IN_CLOCKS else None
    plain = _LITERAL.sub("", code.split(";")[0]).lower()
    if "h" in plain:
        return True
    return False if "y" in plain or "d" in plain else None


def _clocked(archive: zipfile.ZipFile, part: str, clocks: Mapping[int, bool]) -> frozenset[int]:
    """Return the columns most of whose dates show a clock."""
    try:
        with archive.open(part) as stream:
            text = stream.read(_LOOKED_AT)
    except KeyError:
        return frozenset()
    votes: Counter[bytes] = Counter()
    for cell in _CELL.finditer(text):
        style, place = _STYLE.search(cell[1]), _PLACE.search(cell[1])
        if style and place and int(style[1]) in clocks and not _NO_NUMBER.search(cell[1]):
            votes[place[1]] += 1 if clocks[int(style[1])] else -1
    return frozenset(column_number(letters) - 1 for letters, vote in votes.items() if vote > 0)


def column_letters(index: int) -> str:
    """Return the letters of a column, from 0: 1 → B."""
    letters = ""
    number = index + 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters

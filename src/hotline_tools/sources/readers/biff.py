"""Are the cells of an xls where cells can be?

Calamine holds a sheet as a full rectangle and believes the columns of its cells and the size that it
declares, although this format ends at 65,536 rows of 256: one wrong byte would ask for a hundred
gigabytes. Layout: [MS-XLS], section 2.4.
"""

import struct

_ROWS, _COLUMNS = 65_536, 256
_DIMENSIONS = 0x0200
_NEW_SIZE = 14
_CELLS = frozenset((0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
"""Records that begin with row and column: formula, numbers, blanks, texts, booleans."""


def cells_are_within(stream: bytes) -> bool:
    """Whether the sheets of an unencrypted workbook stream, and each of their cells, keep to the format."""
    head = struct.Struct("<HH").unpack_from
    at, end = 0, len(stream) - 8
    while at <= end:
        kind, size = head(stream, at)
        if kind in _CELLS and head(stream, at + 4)[1] >= _COLUMNS:
            return False
        if kind == _DIMENSIONS and size >= _NEW_SIZE and not _is_possible(stream, at + 4):
            return False
        at += 4 + size
    return True


def _is_possible(stream: bytes, at: int) -> bool:
    """Rows are numbered in four bytes since Excel 97; older files cannot say too many."""
    if len(stream) < at + 12:
        return False
    _, rows, _, columns = struct.unpack_from("<IIHH", stream, at)
    return bool(rows <= _ROWS and columns <= _COLUMNS)

"""Are the cells of an xls where cells can be?

Calamine holds a sheet as a full rectangle and believes every cell's column, although this format ends at
256: one wrong byte would ask for a hundred gigabytes. Layout: [MS-XLS], section 2.4.
"""

import struct

_COLUMNS = 256
_CELLS = frozenset((0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
"""Records that begin with row and column: formula, numbers, blanks, texts, booleans."""


def cells_are_within(stream: bytes) -> bool:
    """Whether each cell record of an unencrypted workbook stream stands in a column that exists."""
    head = struct.Struct("<HH").unpack_from
    at, end = 0, len(stream) - 8
    while at <= end:
        kind, size = head(stream, at)
        if kind in _CELLS and head(stream, at + 4)[1] >= _COLUMNS:
            return False
        at += 4 + size
    return True

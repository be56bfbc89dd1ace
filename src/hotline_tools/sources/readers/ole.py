"""Files in Microsoft's old container (compound file, [MS-CFB]): xls workbooks, and those with a password.

Calamine, which reads an xls, believes what the file says of itself: it follows a circle of sectors for
ever, and makes room for cells and sectors that cannot be. So what it follows is checked here first.
"""

import struct
from collections.abc import Container
from io import BytesIO
from pathlib import Path

import msoffcrypto
import numpy as np
import olefile
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from hotline_tools.errors import EncryptedFileError, InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.date_cells import counts_from_1904
from hotline_tools.sources.readers.workbook import BROKEN_REMEDY, open_workbook

_DAMAGED = (
    FileFormatError,
    ParseError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    AssertionError,
    struct.error,
)
"""What msoffcrypto raises for records that are not what they should be."""
_UNREADABLE = (OSError, ValueError, IndexError, TypeError, struct.error, RecursionError)
"""What olefile raises for a container that is not what it should be."""
_WRONG = "请检查密码文件的内容。"
_WORKBOOK_STREAMS = ("Workbook", "Book")
_MARKS = 0xFFFFFFFA
"""From here on a sector number is a mark: end of chain, free, part of the table itself."""
_ENTRY = 128
"""Bytes of an entry of the directory: name, its size (at 64), kind (66), first sector (116), size (120)."""
_ROWS, _COLUMNS = 65_536, 256
"""What a sheet of an xls can have ([MS-XLS], section 2.4)."""
_DIMENSIONS = 0x0200
_NEW_SIZE = 14
_CELLS = frozenset((0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
"""Records that begin with row and column: formula, numbers, blanks, texts, booleans."""


def open_ole(path: Path, name: str, password: str | None, known: Container[str] | None) -> list[RawTable]:
    """Return the tables of an xls, or of an encrypted xlsx or xls when the password is given.

    Raises ``EncryptedFileError`` without the right password, ``InputError`` for a damaged workbook,
    ``NoHeaderError`` when no sheet has a known header.
    """
    streams = _workbook_streams(path.read_bytes(), name)
    plain = _decrypted(path, name, password)
    if plain is not None and plain.getvalue()[:2] == b"PK":
        return open_workbook(plain, name, "xlsx", digest_of(path), known)
    if plain is not None:
        streams = _workbook_streams(plain.getvalue(), name)
    if not all(map(_cells_are_within, streams)):
        raise InputError("工作簿已损坏，无法打开（单元格的列号超出范围）", where=name, remedy=BROKEN_REMEDY)
    book = path if plain is None else plain
    old_mac = any(map(counts_from_1904, streams))
    return open_workbook(book, name, "xls", digest_of(path), known, epoch_1904=old_mac)


def _decrypted(path: Path, name: str, password: str | None) -> BytesIO | None:
    """The workbook in clear, or None when it has no password."""
    with path.open("rb") as stream:
        try:
            office = msoffcrypto.OfficeFile(stream)
            if not office.is_encrypted():
                return None
        except (DecryptionError, *_DAMAGED):
            return None  # not one that it knows; calamine will say what is wrong with it
        if password is None:
            raise EncryptedFileError(
                "工作簿有打开密码", where=name, remedy="请用 --password-file 给出密码文件。"
            )
        target = BytesIO()
        try:
            office.load_key(password=password)
            office.decrypt(target)
        except (InvalidKeyError, DecryptionError) as error:
            raise EncryptedFileError("工作簿的密码不对", where=name, remedy=_WRONG) from error
        except _DAMAGED as error:
            raise InputError(
                "加密的工作簿无法解开", where=name, remedy="请在 Excel 中去掉密码后另存。"
            ) from error
    target.seek(0)
    return target


def _workbook_streams(data: bytes, name: str) -> list[bytes]:
    """Return the streams that hold a workbook; raise ``InputError`` unless every chain of sectors ends."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            if _is_sound(ole):
                paths = [path for path in ole.listdir() if path[-1] in _WORKBOOK_STREAMS]
                return [ole.openstream(path).read() for path in paths]
    except _UNREADABLE:
        pass
    raise InputError("工作簿已损坏，无法打开（内部的扇区表不完整）", where=name, remedy=BROKEN_REMEDY)


def _is_sound(ole: olefile.OleFileIO) -> bool:
    """Tell whether all chains of sectors end, and all streams begin within their table.

    Every entry of the directory is looked at, for calamine does not ask whether the tree reaches it.
    """
    sectors = np.array(ole.fat, dtype=np.int64)
    if not _chains_end(sectors) or (not ole.num_difat_sectors and ole.first_difat_sector < _MARKS):
        return False
    numbers, sector = b"", ole.first_mini_fat_sector
    while sector < len(sectors):
        numbers += ole.getsect(sector)
        sector = int(sectors[sector])
    small_sectors = np.frombuffer(numbers, dtype="<u4").astype(np.int64)
    if not _chains_end(small_sectors):
        return False
    directory = ole.directory_fp.getvalue()
    reached = {path[-1] for path in ole.listdir()}
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        size_of_name, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        if kind not in (olefile.STGTY_STREAM, olefile.STGTY_ROOT):
            continue
        is_small = kind == olefile.STGTY_STREAM and size < ole.minisectorcutoff
        if size and start >= len(small_sectors if is_small else sectors):
            return False
        entry_name = directory[at : at + max(0, min(64, size_of_name) - 2)].decode("utf-16-le", "replace")
        if entry_name in _WORKBOOK_STREAMS and entry_name not in reached:
            return False
    return True


def _chains_end(following: np.ndarray) -> bool:
    """Tell whether one comes to an end from every sector; ``following`` has the next one of each."""
    end = len(following)
    if bool(((following >= end) & (following < _MARKS)).any()):
        return False
    ahead = np.append(np.minimum(following, end), end)
    for _ in range(end.bit_length()):  # so far ahead as 1, 2, 4, … steps lead
        ahead = ahead[ahead]
    return bool((ahead == end).all())


def _cells_are_within(stream: bytes) -> bool:
    """Tell whether the sheets of an unencrypted workbook stream, and all their cells, keep to the format.

    Calamine holds a sheet as a full rectangle: one wrong byte would ask for a hundred gigabytes.
    """
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
    first_row, rows, first_column, columns = struct.unpack_from("<IIHH", stream, at)
    return bool(first_row <= rows <= _ROWS and first_column <= columns <= _COLUMNS)

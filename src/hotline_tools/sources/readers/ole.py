"""Files in Microsoft's old container: xls workbooks, and workbooks with a password."""

import struct
from collections.abc import Container
from io import BytesIO
from pathlib import Path

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from hotline_tools.errors import EncryptedFileError, InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.biff import cells_are_within
from hotline_tools.sources.readers.compound import read_streams
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
_WRONG = "请检查密码文件的内容。"


def open_ole(path: Path, name: str, password: str | None, known: Container[str] | None) -> list[RawTable]:
    """The tables of an xls, or of an encrypted xlsx/xls when the password is given."""
    streams = _streams(path.read_bytes(), name)
    plain = _decrypted(path, name, password)
    if plain is not None and plain.getvalue()[:2] != b"PK":
        streams = _streams(plain.getvalue(), name)
    if not all(cells_are_within(stream) for stream in streams.values()):
        raise InputError("工作簿已损坏，无法打开（单元格的列号超出范围）", where=name, remedy=BROKEN_REMEDY)
    if plain is None:
        return open_workbook(path, name, "xls", digest_of(path), known)
    kind = "xlsx" if plain.getvalue()[:2] == b"PK" else "xls"
    return open_workbook(plain, name, kind, digest_of(path), known)


def _streams(data: bytes, name: str) -> dict[str, bytes]:
    streams = read_streams(data, ("Workbook", "Book"))
    if streams is None:
        raise InputError("工作簿已损坏，无法打开（内部的扇区表不完整）", where=name, remedy=BROKEN_REMEDY)
    return streams


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
                f"加密的工作簿无法解开（{error}）", where=name, remedy="请在 Excel 中去掉密码后另存。"
            ) from error
    target.seek(0)
    return target

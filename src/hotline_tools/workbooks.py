"""Small workbooks that a person filled in (taxonomies, review sheets), and calamine's panics.

An export is read by ``sources``; what is here refuses what no person writes, before calamine, which holds a
sheet as a full rectangle and aborts the process when it gets no memory for it.
"""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from hotline_tools.errors import InputError
from hotline_tools.sheet_extent import UNREADABLE_ZIP, require_reasonable

_LARGEST = 5_000_000
"""Cells of a sheet: about 120 MB."""
_MAX_BYTES = 200 << 20
"""Of all parts unpacked."""
_REMEDY = "请在 Excel 或 WPS 中打开并另存为 .xlsx。"
Rows = list[list[Any]]


def read_sheets(path: Path) -> dict[str, Rows]:
    """Return the rows of each sheet, from A1 on; raise ``InputError`` for what is no such workbook."""
    if not path.is_file():
        raise InputError("找不到文件", where=str(path), remedy="请检查路径。")
    try:
        if zipfile.is_zipfile(path):
            require_small(path)
            require_reasonable(path, str(path), _LARGEST)
        with panics_told():
            book = CalamineWorkbook.from_path(path)
            sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
            return {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets}
    except (CalamineError, *UNREADABLE_ZIP) as error:
        raise InputError("不是能读的 Excel 文件", where=str(path), remedy=_REMEDY) from error


def require_small(path: Path) -> None:
    """Raise ``InputError`` for an archive that unpacks to more than anybody writes."""
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > _MAX_BYTES:
            raise InputError("文件大得不合常理", where=str(path), remedy="请检查路径。")


@contextmanager
def panics_told() -> Iterator[None]:
    """Turn a panic into ``CalamineError``: it is a ``BaseException`` without a public name.

    Rust writes its own report of a panic, sometimes with a stack, to the process's stderr before Python
    hears of it; that is kept from people, who get one line with the remedy instead.
    """
    kept = _silenced()
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise CalamineError(str(error)) from error
    finally:
        if kept is not None:
            os.dup2(kept, 2)
            os.close(kept)


def _silenced() -> int | None:
    """Point stderr at nothing; return where it went, or None for a process without one."""
    try:
        kept = os.dup(2)
    except OSError:
        return None
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    return kept

"""Writing files so that nobody ever sees half of one, and their digests."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline_tools.disk import reason, remedy, replace
from hotline_tools.errors import InputError, StoreError

CLOSE_IT = "请在 Excel 或 WPS 里关闭它后重试，或换一个文件名。"
_OUTPUT_PATIENCE = 2.0
"""Seconds; a virus scanner is done by then, a person has to be told."""


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it becomes ``path``, else it is removed.

    When ``private`` only the owner may read the file (mode 0600).

    Raises ``StoreError`` when the folder is missing or not writable.
    """
    folder = path.parent
    if path.is_dir():
        raise StoreError("这是一个目录，不能写成文件", where=str(path), remedy="请在 -o 后写文件名。")
    if not folder.is_dir():
        raise StoreError("输出目录不存在", where=str(folder), remedy="请先建立该目录，或换一个 -o 路径。")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=folder)
        os.close(handle)
    except OSError as error:
        raise StoreError(f"目录不可写（{reason(error)}）", where=str(folder), remedy=remedy(error)) from error
    temporary = Path(name)
    try:
        yield temporary
        if not private:  # as it was made
            temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        _put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _put(temporary: Path, path: Path) -> None:
    """Put the finished file into its place; tell who has the old one open, where systems forbid that."""
    try:
        replace(temporary, path, patience=_OUTPUT_PATIENCE)
    except PermissionError as error:
        if not path.exists():
            raise
        raise StoreError("文件正被别的程序打开，写不进去", where=str(path), remedy=CLOSE_IT) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _umask() -> int:
    """Return the process's umask; the only way to read it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


class FileDigest:
    """The SHA-256 of a file, computed when called; knows whether the file is still as it was when opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._now()

    def __call__(self) -> str:
        """Read the file and return its SHA-256 as hex."""
        with self._path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def require_unchanged(self, where: str) -> None:
        """Raise ``InputError`` when the file has been written to, replaced or removed since."""
        if self._now() != self._state:
            raise InputError(
                "文件在读取时被改动了，没有导入", where=where, remedy="请等它写完或下载完，再重新运行。"
            )

    def _now(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns, found.st_ino


def digest_of(path: Path) -> FileDigest:
    """Return what computes the digest of a file, which has just been opened, when called."""
    return FileDigest(path)

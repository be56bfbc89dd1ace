"""zip and gz unpacked into a temporary folder, with a guard against archives that explode."""

import gzip
import shutil
import sys
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from hotline_tools.errors import EncryptedFileError, InputError
from hotline_tools.scratch import make_scratch, remove_scratch
from hotline_tools.sources.detect.natural_order import natural_key

MAX_UNPACKED = 20 << 30
"""Bytes an archive may unpack to."""
MAX_RATIO = 400
"""Text shrinks by 5 to 20; a ratio beyond this, above ``_FREE`` bytes, is a bomb."""
MAX_MEMBERS = 10_000
_FREE = 256 << 20
_PIECE = 1 << 20
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1


class Scratch:
    """A temporary folder that goes when nobody holds this object any more."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files = 0
        self._packed = 0
        self._unpacked = 0

    def file(self) -> Path:
        """A path for one more file."""
        if self._folder is None:
            self._folder = make_scratch()
            weakref.finalize(self, remove_scratch, self._folder)
        self._files += 1
        return self._folder / str(self._files)

    def opened(self, archive: Path) -> None:
        """Count an archive's own bytes, unless it came out of another."""
        if archive.parent != self._folder:
            self._packed += archive.stat().st_size

    def unpacked(self, size: int, name: str) -> None:
        """Count bytes that were unpacked; raise ``InputError`` when all archives together explode.

        The budget is one for all members, however archives are nested or members share their bytes.
        """
        self._unpacked += size
        too_many = self._unpacked > MAX_UNPACKED
        if too_many or (self._unpacked > _FREE and self._unpacked > MAX_RATIO * self._packed):
            raise InputError(
                "压缩包解开后大得不正常，已停止", where=name, remedy="如果确认无误，请先解压再导入。"
            )


@dataclass(frozen=True)
class GzipMember:
    """The one file inside a gz."""

    path: Path
    name: str


def spool_stdin(scratch: Scratch) -> Path:
    """Standard input as a file: formats are told apart by looking twice."""
    path = scratch.file()
    with path.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
    return path


def unpack_gzip(path: Path, name: str, scratch: Scratch) -> GzipMember:
    """Unpack a gz; raises ``InputError`` when it is broken or explodes."""
    target = scratch.file()
    try:
        with gzip.open(path) as source:
            scratch.opened(path)
            _copy(source, target, name, scratch)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(name) from error
    inner = name.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    return GzipMember(target, inner[:-3] if inner.lower().endswith(".gz") else inner)


def unpack_zip(path: Path, name: str, scratch: Scratch, password: str | None) -> list[tuple[Path, str]]:
    """The files of a zip in the natural order of their names; lock files and the like are left out."""
    found = []
    try:
        scratch.opened(path)
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not _member_name(m).endswith("/")]
            if len(members) > MAX_MEMBERS:
                raise InputError(
                    f"压缩包里有 {len(members)} 个文件，太多了", where=name, remedy="请分批导入。"
                )
            for member in members:
                shown = _member_name(member)
                if _ignored(shown):
                    continue
                target = scratch.file()
                _unpack_member(archive, member, target, f"{name}!{shown}", password, scratch=scratch)
                found.append((target, shown))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, UnicodeDecodeError) as error:
        raise _broken(name) from error
    if not found:
        raise InputError("压缩包是空的", where=name, remedy="请检查导出是否成功。")
    return sorted(found, key=lambda item: natural_key(item[1]))


def _unpack_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    name: str,
    password: str | None,
    *,
    scratch: Scratch,
) -> None:
    locked = bool(member.flag_bits & _ENCRYPTED)
    if locked and password is None:
        raise EncryptedFileError("压缩包有密码", where=name, remedy="请用 --password-file 给出密码文件。")
    wrong: Exception | None = None
    for secret in _spellings(password) if locked else (None,):
        try:
            with archive.open(member, pwd=secret) as source:
                return _copy(source, target, name, scratch)
        except NotImplementedError as error:
            raise InputError(
                "压缩包的压缩或加密方式不受支持", where=name, remedy="请先解压，再导入里面的文件。"
            ) from error
        except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            if not locked:
                raise
            wrong = error  # one wrong password of 256 is noticed by the content alone
    raise EncryptedFileError("压缩包的密码不对", where=name, remedy="请检查密码文件的内容。") from wrong


def _spellings(password: str | None) -> Iterator[bytes]:
    """A password as the bytes of today's programs, and as those of Chinese Windows."""
    secret = (password or "").encode()
    yield secret
    try:
        gbk = (password or "").encode("gb18030")
    except UnicodeEncodeError:  # half a surrogate pair
        return
    if gbk != secret:
        yield gbk


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, name: str, scratch: Scratch) -> None:
    with target.open("wb") as sink:
        while piece := source.read(_PIECE):
            scratch.unpacked(len(piece), name)
            sink.write(piece)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Chinese Windows writes GBK names without saying so; zipfile then reads them as code page 437.

    A backslash divides folders only once the name is decoded: half of a GBK character may look like one.
    """
    # not ``filename``, in which Windows has slashes for all backslashes
    name = member.orig_filename.partition("\0")[0]
    if not member.flag_bits & _UTF8_NAMES:
        name = _decoded(name)
    return name.replace("\\", "/")


def _decoded(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _ignored(name: str) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in PurePosixPath(name).parts)


def _broken(name: str) -> InputError:
    return InputError("压缩文件不完整或已损坏", where=name, remedy="请重新下载或重新压缩。")

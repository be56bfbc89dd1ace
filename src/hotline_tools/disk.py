"""What systems do differently with files: making them last, and putting one in the place of another.

On Windows a folder cannot be synced and a file only through a descriptor that may write; a file that somebody
has open can neither be replaced nor removed, and a reader or a virus scanner has it open for a moment only.
"""

import errno
import os
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

IS_WINDOWS = os.name == "nt"
PATIENCE_SECONDS = 10.0
"""How long to wait for others to close a file; whoever has it open in Excel does not within any time."""
_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.25
_SYNCS = 16
_REASONS = {
    errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已用完", errno.EFBIG: "文件超过允许的大小",
    errno.EROFS: "文件系统只读", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOENT: "找不到",
    errno.EIO: "磁盘读写出错", errno.EISDIR: "这是目录", errno.ENOTDIR: "上级不是目录",
    errno.EMFILE: "打开的文件太多", errno.ENAMETOOLONG: "名称太长",
}  # fmt: skip
_NO_RIGHTS = "请检查读写权限，或换一个位置。"
_NO_ROOM = "请腾出磁盘空间后重试，或换一个磁盘。"
_REMEDIES = {
    errno.ENOSPC: _NO_ROOM, errno.EDQUOT: _NO_ROOM, errno.EACCES: _NO_RIGHTS, errno.EPERM: _NO_RIGHTS,
    errno.EROFS: "请换一个能写的位置。", errno.ENOENT: "请检查路径。", errno.ENOTDIR: "请检查路径。",
    errno.EISDIR: "请检查路径。", errno.ENAMETOOLONG: "请换一个短些的名称。",
    errno.EIO: "请检查磁盘后重试。", errno.EMFILE: "请关闭别的程序后重试。",
}  # fmt: skip
_ARROWS_NUMBER = re.compile(r"\[errno (\d+)\]")


def reason(error: OSError) -> str:
    """Return why the system refused, in Chinese where it is one of the usual reasons."""
    return _REASONS.get(_number(error)) or error.strerror or str(error)


def remedy(error: OSError) -> str:
    """Return what helps against that reason: room on the disk is none for missing rights."""
    return _REMEDIES.get(_number(error), "请检查路径、权限与磁盘。")


def lacks_room(error: OSError) -> bool:
    """Whether the disk, or what one may have of it, is full."""
    return _number(error) in (errno.ENOSPC, errno.EDQUOT)


def _number(error: OSError) -> int:
    told = _ARROWS_NUMBER.search(str(error))
    return int(told[1]) if told else error.errno or 0


def sync_file(path: Path) -> None:
    """Make sure the file, or the names in the directory, are on the disk."""
    if IS_WINDOWS and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if IS_WINDOWS else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(paths: Iterable[Path]) -> None:
    """Sync many files at once: the file system then writes its journal once for several of them."""
    with ThreadPoolExecutor(_SYNCS) as pool:
        for _ in pool.map(sync_file, paths):
            pass


def replace(source: Path, target: Path, *, patience: float = PATIENCE_SECONDS) -> None:
    """Put ``source`` in the place of ``target``; wait some seconds while others have that open."""
    _patiently(lambda: source.replace(target), patience)


def remove(path: Path) -> None:
    """Remove a file if it is there; wait while others have it open."""
    _patiently(lambda: path.unlink(missing_ok=True), PATIENCE_SECONDS)


def _patiently(action: Callable[[], object], patience: float) -> None:
    """Do ``action``; on Windows again after a refusal, until ``patience`` seconds are over."""
    end = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while True:
        try:
            action()
        except PermissionError:
            if not IS_WINDOWS or time.monotonic() >= end:
                raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return

"""One writer at a time: wait for the lock, then say who holds it."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import filelock

from hotline_tools.disk import reason, remedy
from hotline_tools.errors import HotlineError, InputError, StoreError, StoreLockedError
from hotline_tools.store.files import StoreFiles, write_private


@contextmanager
def writer_lock(files: StoreFiles, timeout_seconds: float) -> Iterator[None]:
    """Hold the writer's lock of the store.

    Raises ``StoreLockedError`` after ``timeout_seconds``, ``StoreError`` when the store is not writable.
    """
    lock = filelock.FileLock(files.lock, timeout=timeout_seconds, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise StoreLockedError(
            f"另一个程序正在写入（{_owner(files)}）", where=str(files.root), remedy="请等它结束后重试。"
        ) from error
    except OSError as error:
        raise not_writable(files, error) from error
    try:
        _sign(files)
        yield
    finally:
        files.lock_owner.unlink(missing_ok=True)
        lock.release()


def not_writable(files: StoreFiles, error: OSError) -> HotlineError:
    """The error for a store directory that cannot be written, or for another file that failed meanwhile."""
    name = error.filename
    if isinstance(name, str) and not Path(name).absolute().is_relative_to(files.root.absolute()):
        return InputError(
            f"文件读写失败（{reason(error)}）",
            where=name,
            remedy=remedy(error),
        )
    return StoreError(
        f"工单库不可写（{reason(error)}）",
        where=str(files.root),
        remedy=f"{remedy(error)}工单库的位置用 --store 指定。",
    )


def _sign(files: StoreFiles) -> None:
    owner = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now().isoformat(timespec="seconds"),
    }
    write_private(files.lock_owner, json.dumps(owner))


def _owner(files: StoreFiles) -> str:
    try:
        owner = json.loads(files.lock_owner.read_text(encoding="utf-8"))
        return f"进程 {owner['pid']}，主机 {owner['host']}，自 {owner['since']} 起"
    except (OSError, ValueError, KeyError):
        return "占用者未知"

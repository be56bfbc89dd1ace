"""What systems do differently with files: making them last, and putting one in the place of another.

On Windows a folder cannot be synced and a file only through a descriptor that may write; a file that somebody
has open can neither be replaced nor removed, and a reader or a virus scanner has it open for a moment only.
"""

import os
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

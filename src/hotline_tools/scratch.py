"""Private folders for what is too large for memory: only their owner may look in, and none is left behind.

A process that is killed cannot tidy up, so whoever makes a folder clears away those of processes that are
no more. The names say whose they are: ``hotline-PID-…``.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = re.compile(r"hotline-(\d+)-")


def make_scratch() -> Path:
    """Make a private folder (mode 0700) in the system's temporary directory; remove those of the dead."""
    _clear_away(Path(tempfile.gettempdir()))
    return Path(tempfile.mkdtemp(prefix=f"hotline-{os.getpid()}-"))


def remove_scratch(folder: Path) -> None:
    """Remove a folder that ``make_scratch`` made."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a private folder that lives as long as the context."""
    folder = make_scratch()
    try:
        yield folder
    finally:
        remove_scratch(folder)


def _clear_away(parent: Path) -> None:
    """Remove the folders of processes that are no more; only one's own, never through a link."""
    if sys.platform == "win32":
        return  # there a process cannot be asked after by its number without touching it
    try:
        entries = [entry for entry in os.scandir(parent) if _NAME.match(entry.name)]
    except OSError:
        return
    for entry in entries:
        found = _NAME.match(entry.name)
        try:
            own = (
                entry.is_dir(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_uid == os.getuid()
            )
        except OSError:
            continue
        if found and own and not _is_alive(int(found[1])):
            shutil.rmtree(entry.path, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True

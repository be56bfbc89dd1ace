"""The ``hotline`` command: one module per command group, one error boundary."""

import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

__all__ = ["main"]
_INTERRUPTED = 130
"""``errors.ExitCode.INTERRUPTED``, before anything is loaded."""
_PATIENCE = 10
"""Seconds after Ctrl-C in which a command may tidy up."""


def main() -> NoReturn:
    """Run ``hotline`` with the process's arguments and exit.

    Ctrl-C ends it with 130 whenever it comes: while modules are loaded, or where a library takes the
    interruption for a failure of its own.
    """
    interruptions: list[int] = []

    def interrupted(number: int, frame: FrameType | None) -> None:
        if not interruptions:
            threading.Thread(target=_end_at_last, daemon=True).start()
        interruptions.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupted)
    code = _INTERRUPTED
    try:
        from hotline_tools.cli.boundary import run_process

        code = run_process()
    except KeyboardInterrupt:
        pass
    except Exception:
        if not interruptions:
            raise
    if interruptions:
        _leave(_INTERRUPTED)
    sys.exit(code)


def _end_at_last() -> None:
    """End a command that does not end: DuckDB may wait for a task that has not heard of the interruption.

    To stop at any moment leaves a store whole (docs/guarantees.md).
    """
    time.sleep(_PATIENCE)
    with suppress(OSError):
        os.write(2, "已中断。\n".encode())
    os._exit(_INTERRUPTED)


def _leave(code: int) -> NoReturn:
    """End with ``code``: Python would else end by the signal where Ctrl-C came in code that it compiled."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    atexit._run_exitfuncs()  # temporary folders go
    os._exit(code)

"""The ``hotline`` command: one module per command group, one error boundary."""

import signal
import sys
from types import FrameType
from typing import NoReturn

__all__ = ["main"]
_INTERRUPTED = 130
"""``errors.ExitCode.INTERRUPTED``, before anything is loaded."""


def main() -> NoReturn:
    """Run ``hotline`` with the process's arguments and exit.

    Ctrl-C ends it with 130 whenever it comes: while modules are loaded, or where a library takes the
    interruption for a failure of its own.
    """
    interruptions: list[int] = []

    def interrupted(number: int, frame: FrameType | None) -> None:
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
    sys.exit(_INTERRUPTED if interruptions else code)

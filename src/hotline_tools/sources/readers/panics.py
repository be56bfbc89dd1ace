"""Panics of the Rust library that reads workbooks, as ordinary errors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from python_calamine import CalamineError


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

"""Run ``hotline`` in this process, as a person would, and see what came back."""

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.cli.boundary import run


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class _Text(io.TextIOWrapper):
    """A text stream with bytes below, like the real stdout."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def hotline(*arguments: str | Path, cwd: Path) -> Ran:
    """Run one command line in ``cwd``."""
    out, err = _Text(), _Text()
    before = Path.cwd()
    os.chdir(cwd)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(a) for a in arguments])
    finally:
        os.chdir(before)
    return Ran(int(code), out.text(), err.text())
